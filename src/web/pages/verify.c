/* /log/verify: a proof checked in the reader's own browser; and the QR code that leads there from paper. */
#include <string.h>

#include "publish/qr.h"
#include "web/about.h"
#include "web/pages/pages.h"
#include "web/query.h"
#include "web/view.h"

/* Is it a revision that is in the log? FALSE without an error: no. */
static gboolean is_logged(const request *r, const char *kind_name, const char *id, const char *n, GError **error)
{
	guint64 revision, number;
	return g_ascii_string_to_unsigned(n, 10, 1, G_MAXINT, &revision, NULL) && store_log_number(request_reader(r), kind_name, id, (guint)revision, &number, error);
}

/* ?of=case/giant-mine/1: where its proof and its bytes are. FALSE: the answer is given. */
static gboolean add_revision(const request *r, response *out, json_t *view)
{
	const char *of = request_query(r, "of");
	if (!of || !*of)
		return TRUE;
	g_auto(GStrv) parts = g_strsplit(of, "/", 4);
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = NULL;
	if (g_strv_length(parts) == 3 && is_logged(r, parts[0], parts[1], parts[2], &error))
		rec = store_revision(request_reader(r), parts[0], parts[1], (guint)g_ascii_strtoull(parts[2], NULL, 10), &error);
	if (error) {
		response_error(out, r, error);
		return FALSE;
	}
	if (!rec) {
		query_refuse(r, out, request_text(r, N_("“of” names a revision that is in the log, like case/giant-mine/1.")));
		return FALSE;
	}
	g_autofree char *page = g_strdup_printf("/%s/%s", rec->kind->plural, rec->id);
	json_t *revision = json_object();
	view_put(revision, "title", record_title(rec));
	view_take(revision, "href", view_address(r, page));
	view_take(revision, "number", language_number(request_language(r), rec->revision, 0));
	view_take(revision, "proof", g_strdup_printf("/log/proof/%s", of));
	view_take(revision, "data", g_strdup_printf("/api/records/%s/%s/revisions/%s", parts[0], parts[1], parts[2]));
	json_object_set_new(view, "revision", revision);
	return TRUE;
}

void page_verify(const request *r, response *out)
{
	json_t *view = json_object();
	if (!add_revision(r, out, view)) {
		json_decref(view);
		return;
	}
	g_autofree char *key = about_key(r) ? note_key_public(about_key(r)) : NULL;
	view_put(view, "title", request_text(r, N_("Check a proof")));
	view_put(view, "active", "/data");
	view_put(view, "key", key);
	view_put(view, "site_address", request_site_address(r));
	response_page(out, r, 200, "verify", view);
}

void log_code(const request *r, response *out)
{
	const char *kind_name = request_part(r, "kind"), *id = request_part(r, "id"), *n = request_part(r, "n");
	g_autoptr(GError) error = NULL;
	g_autofree char *address = g_strdup_printf("%s/log/verify?of=%s/%s/%s", request_site_address(r), kind_name, id, n);
	GBytes *picture = is_logged(r, kind_name, id, n, &error) ? qr_draw(address, request_text(r, N_("Where this is checked")), DRAWING_SVG, &error) : NULL;
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else if (error)
		response_error(out, r, error);
	else
		response_problem(out, r, 404, request_text(r, N_("The log has no such part")), request_text(r, N_("Drafts are not in the log; a published revision is named like case/giant-mine/1.")));
}
