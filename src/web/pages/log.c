/* /log: the page for people; the checkpoint, tiles and proofs for programs. */
#include <string.h>

#include "log/checkpoint.h"
#include "log/tile.h"
#include "record/message.h"
#include "web/about.h"
#include "web/notary.h"
#include "web/pages/pages.h"
#include "web/view.h"

#define ENTRIES_PAGE 25

static merkle_tiles tiles_of(const request *r)
{
	return (merkle_tiles) { store_log_hashes, request_reader(r) };
}

/* The newest checkpoint, signed with the server's key. *size may be NULL. */
static char *newest_checkpoint(const request *r, guint64 *size, GError **error)
{
	if (about_key(r))
		return notary_checkpoint(about_records(r), request_reader(r), about_key(r), size, error);
	g_set_error_literal(error, LOG_ERROR, LOG_ERROR_FALSE, _("this server has no key to sign its log with."));
	return NULL;
}

static void nothing_there(const request *r, response *out)
{
	response_problem(out, r, 404, request_text(r, N_("The log has no such part")),
		request_text(r, N_("Its size is in /log/checkpoint; tiles are named as in C2SP tlog-tiles; drafts are not in the log.")));
}

/* ---- for programs ---- */

void log_checkpoint(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	char *text = newest_checkpoint(r, NULL, &error);
	if (text)
		response_text(out, "text/plain; charset=utf-8", text);
	else
		response_error(out, r, error);
}

void log_key(const request *r, response *out)
{
	g_autofree char *key = about_key(r) ? note_key_public(about_key(r)) : NULL;
	if (key)
		response_text(out, "text/plain; charset=utf-8", g_strconcat(key, "\n", NULL));
	else
		nothing_there(r, out);
}

static GByteArray *bundle_of(const request *r, const tile_name *name, GError **error)
{
	g_autoptr(GByteArray) bundle = g_byte_array_new();
	for (guint i = 0; i < name->width; i++) {
		g_auto(store_log_entry) entry = { 0 };
		if (!store_log_entry_get(request_reader(r), name->n * MERKLE_WIDTH + i, &entry, error))
			return NULL;
		bundle_add(bundle, entry.bytes, entry.length);
	}
	return g_steal_pointer(&bundle);
}

static GByteArray *hashes_of(const request *r, const tile_name *name, GError **error)
{
	merkle_hash hashes[MERKLE_WIDTH];
	if (!store_log_hashes(request_reader(r), (guint)name->level, name->n * MERKLE_WIDTH, name->width, hashes, error))
		return NULL;
	return g_byte_array_append(g_byte_array_new(), (const guint8 *)hashes, name->width * (guint)sizeof *hashes);
}

void log_tile(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	tile_name name;
	guint64 size;
	if (!store_log_size(request_reader(r), &size, &error)) {
		response_error(out, r, error);
		return;
	}
	if (!tile_name_parse(request_part(r, "name"), &name) || !tile_exists(&name, size)) {
		nothing_there(r, out);
		return;
	}
	GByteArray *bytes = name.level == TILE_ENTRIES ? bundle_of(r, &name, &error) : hashes_of(r, &name, &error);
	if (bytes)
		response_bytes(out, "application/octet-stream", g_byte_array_free_to_bytes(bytes));
	else
		response_error(out, r, error);
}

static char *proof_text(const request *r, guint64 number, GError **error)
{
	g_auto(log_proof) proof = { .index = number };
	merkle_tiles tiles = tiles_of(r);
	guint64 size;
	proof.note = newest_checkpoint(r, &size, error);
	if (!proof.note || !merkle_inclusion(&tiles, number, size, proof.path, &proof.n, error))
		return NULL;
	return log_proof_text(&proof);
}

void log_proof_of(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	const char *kind_name = request_part(r, "kind"), *id = request_part(r, "id");
	guint64 number, revision;
	gboolean there = g_ascii_string_to_unsigned(request_part(r, "n"), 10, 1, G_MAXINT, &revision, NULL) &&
	                 store_log_number(request_reader(r), kind_name, id, (guint)revision, &number, &error);
	char *text = there ? proof_text(r, number, &error) : NULL;
	if (text) {
		g_autofree char *name = g_strdup_printf("%s-%s-%u.tlog-proof", kind_name, id, (guint)revision);
		response_text(out, "text/plain; charset=utf-8", text);
		response_file_name(out, name);
	} else if (error) {
		response_error(out, r, error);
	} else {
		nothing_there(r, out);
	}
}

/* ---- for people ---- */

static void add_entry(json_t *table, const request *r, const store_changed *c)
{
	const language *l = request_language(r);
	const record *rec = c->record;
	g_autofree char *place = language_number(l, (double)c->number, 0), *day = g_strndup(rec->time, 10), *date = language_date(l, day);
	g_autofree char *page = g_strdup_printf("/%s/%s", rec->kind->plural, rec->id), *href = view_address(r, page);
	g_autofree char *proof = g_strdup_printf("/log/proof/%s/%s/%u", rec->kind->name, rec->id, rec->revision);
	g_autofree char *revision = language_number(l, rec->revision, 0);
	const char *what = rec->state == RECORD_WITHDRAWN ? N_("withdrawn") : c->before ? N_("changed") : N_("first published");
	view_cell cells[] = {
		{ .text = place }, { .text = date }, { .text = language_text(l, rec->kind->label) }, { .text = record_title(rec), .href = href, .head = TRUE },
		{ .text = language_text(l, what) }, { .text = revision }, { .text = language_text(l, "Proof"), .href = proof },
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

/* *size: how many entries there are, or were on the request's day. */
static json_t *entries_table(const request *r, guint page, guint *size, GError **error)
{
	const language *l = request_language(r);
	const store_query q = { .as_of = request_as_of(r), .offset = (page - 1) * ENTRIES_PAGE, .limit = ENTRIES_PAGE };
	g_autoptr(GPtrArray) changes = store_changes(request_reader(r), &q, &(store_range){ 0 }, size, error);
	if (!changes)
		return NULL;
	json_t *table = view_table(language_text(l, "Entries, the newest first"));
	view_table_column(table, language_text(l, "Number"), TRUE);
	view_table_column(table, language_text(l, "Date"), FALSE);
	view_table_column(table, language_text(l, "Kind"), FALSE);
	view_table_column(table, language_text(l, "Record"), FALSE);
	view_table_column(table, language_text(l, "What happened"), FALSE);
	view_table_column(table, language_text(l, "Revision"), TRUE);
	view_table_column(table, language_text(l, "Proof"), FALSE);
	for (guint i = 0; i < changes->len; i++)
		add_entry(table, r, changes->pdata[i]);
	return table;
}

void page_log(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	guint64 page = 1;
	guint size;
	const char *asked = request_query(r, "page");
	if (asked && !g_ascii_string_to_unsigned(asked, 10, 1, 1000000, &page, NULL)) {
		response_problem(out, r, 400, request_text(r, N_("There is no such page")), request_text(r, N_("Pages are numbered from 1.")));
		return;
	}
	json_t *table = entries_table(r, (guint)page, &size, &error);
	g_autofree char *signed_text = !table ? NULL : request_as_of(r) ? store_log_checkpoint(request_reader(r), size, &error) : about_key(r) ? newest_checkpoint(r, NULL, &error) : NULL;
	if (error) {
		json_decref(table);
		response_error(out, r, error);
		return;
	}
	json_t *view = json_object();
	g_autofree char *count = language_number(l, (double)size, 0), *key = about_key(r) ? note_key_public(about_key(r)) : NULL;
	view_put(view, "title", language_text(l, "The log"));
	view_put(view, "active", "/data");
	view_put(view, "size", count);
	view_put(view, "checkpoint", signed_text);
	view_put(view, "key", key);
	view_put(view, "site_address", request_site_address(r));
	json_object_set_new(view, "entries", json_pack("[o]", table));
	view_paging(view, r, (guint)(page - 1) * ENTRIES_PAGE, ENTRIES_PAGE, size);
	response_page(out, r, 200, "log", view);
}
