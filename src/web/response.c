#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/canonical.h"
#include "web/accept.h"
#include "web/exchange.h"
#include "web/layout.h"
#include "web/range.h"
#include "web/templates.h"

void response_clear(response *out)
{
	g_clear_pointer(&out->body, g_bytes_unref);
	g_clear_pointer(&out->file_name, g_free);
	g_clear_pointer(&out->location, g_free);
	g_clear_pointer(&out->link, g_free);
	g_clear_pointer(&out->content_range, g_free);
	if (out->piece)
		close(out->piece->file);
	g_clear_pointer(&out->piece, g_free);
}

void response_set(response *out, int status, const char *content_type, GBytes *body)
{
	response_clear(out);
	out->status = status;
	out->content_type = g_intern_string(content_type);
	out->body = body;
}

void response_bytes(response *out, const char *content_type, GBytes *bytes)
{
	response_set(out, 200, content_type, bytes);
}

void response_text(response *out, const char *content_type, char *text)
{
	response_set(out, 200, content_type, g_bytes_new_take(text, strlen(text)));
}

void response_status(response *out, int status, const char *content_type, char *text)
{
	response_set(out, status, content_type, g_bytes_new_take(text, strlen(text)));
}

static void set_json(response *out, int status, const char *content_type, json_t *value)
{
	char *text = json_text(value);
	json_decref(value);
	response_status(out, status, content_type, text);
}

void response_json(response *out, json_t *value)
{
	set_json(out, 200, "application/json", value);
}

void response_json_as(response *out, const char *content_type, json_t *value)
{
	set_json(out, 200, content_type, value);
}

void response_file_name(response *out, const char *name)
{
	g_free(out->file_name);
	out->file_name = g_strcanon(g_strdup(name), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", '-');
}

void response_file(response *out, const request *r, const char *content_type, int file, guint64 first, guint64 size, const char *etag, const char *name)
{
	gboolean get = strcmp(r->method, "GET") == 0;
	guint64 from = 0, length = size;
	range_answer wanted = range_read(get ? r->headers[HEADER_RANGE] : NULL, r->headers[HEADER_IF_RANGE], etag, size, &from, &length);
	if (wanted == RANGE_BEYOND) {
		close(file);
		response_problem(out, r, 416, request_text(r, N_("The file is not that long")), request_text(r, N_("The header Content-Range says how long it is.")));
		out->content_range = g_strdup_printf("bytes */%" G_GUINT64_FORMAT, size);
		return;
	}
	response_set(out, wanted == RANGE_PART ? 206 : 200, content_type, NULL);
	if (wanted == RANGE_PART)
		out->content_range = g_strdup_printf("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, from, from + length - 1, size);
	out->piece = g_new(piece, 1);
	*out->piece = (piece){ file, first + from, length };
	g_strlcpy(out->etag, etag, sizeof out->etag);
	response_file_name(out, name);
}

void response_passing(response *out)
{
	out->passing = TRUE;
}

void response_modified(response *out, const char *time)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(time, NULL);
	out->modified = t ? g_date_time_to_unix(t) : 0;
}

void response_worded(response *out)
{
	out->worded = TRUE;
}

void response_crs(response *out, const char *uri)
{
	out->crs = g_intern_string(uri);
}

void response_link_typed(response *out, const char *relation, const char *content_type, const char *target)
{
	char *old = out->link;
	out->link = g_strdup_printf("%s%s<%s>; rel=\"%s\"%s%s%s", old ? old : "", old ? ", " : "", target, relation, content_type ? "; type=\"" : "", content_type ? content_type : "",
		content_type ? "\"" : "");
	g_free(old);
}

void response_link(response *out, const char *relation, const char *target)
{
	response_link_typed(out, relation, NULL, target);
}

void response_redirect(response *out, int status, const char *location)
{
	response_set(out, status, "text/plain; charset=utf-8", g_bytes_new_static("", 0));
	out->location = g_strcanon(g_strdup(location), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%", '_');
}

/* The last resort when even the page of an error cannot be made. */
static void set_plain(response *out, int status, const char *title)
{
	char *text = g_strdup_printf("%d %s\n", status, title);
	response_set(out, status, "text/plain; charset=utf-8", g_bytes_new_take(text, strlen(text)));
	out->no_store = TRUE;
}

static gboolean set_page(response *out, const request *r, int status, const char *template, json_t *view, GError **error)
{
	gsize length;
	layout_add(r, view);
	char *text = template_render(r->language, "layout", template, view, &length, error);
	json_decref(view);
	if (text)
		response_set(out, status, "text/html; charset=utf-8", g_bytes_new_take(text, length));
	return text != NULL;
}

void response_page(response *out, const request *r, int status, const char *template, json_t *view)
{
	g_autoptr(GError) error = NULL;
	if (!set_page(out, r, status, template, view, &error))
		response_error(out, r, error);
}

void response_frame(response *out, const request *r, const char *template, json_t *view)
{
	g_autoptr(GError) error = NULL;
	gsize length;
	json_object_set_new(view, "root", json_string(r->root));
	json_object_set_new(view, "site", json_string(r->site->settings->name));
	json_object_set_new(view, "language", json_pack("{s:s, s:s}", "tag", language_tag(r->language), "dir", language_is_rtl(r->language) ? "rtl" : "ltr"));
	char *text = template_render(r->language, "frame", template, view, &length, &error);
	json_decref(view);
	if (!text) {
		response_error(out, r, error);
		return;
	}
	response_set(out, 200, "text/html; charset=utf-8", g_bytes_new_take(text, length));
	out->framed = TRUE;
}

static gboolean wants_page(const request *r)
{
	const char *accept = r->headers[HEADER_ACCEPT];
	if (r->route && r->route->negotiated)
		return accept_wants_page(r);
	if (r->format != FORMAT_HTML || g_str_has_prefix(r->target, "/api/"))
		return FALSE;
	return !accept || strstr(accept, "text/html") || !strstr(accept, "json");
}

gboolean refusal_is_page(const request *r)
{
	request as = *r;
	as.format = ending_of(r->target);
	return wants_page(&as);
}

static void set_problem(response *out, const request *r, int status, const char *title, const char *detail, const char *id)
{
	if (!wants_page(r)) {
		json_t *problem = json_pack("{s:s,s:i,s:s,s:s,s:s*}", "title", title, "status", status, "detail", detail, "instance", request_path(r), "id", id);
		set_json(out, status, "application/problem+json", problem);
	} else {
		g_autoptr(GError) error = NULL;
		json_t *view = json_pack("{s:s,s:i,s:s,s:s*,s:b}", "title", title, "status_code", status, "detail", detail, "incident", id, "problem", 1);
		if (!set_page(out, r, status, "error", view, &error)) {
			g_warning("the page of an error: %s", error->message);
			set_plain(out, status, title);
		}
	}
	out->no_store = status >= 500 || status == 429;
}

void response_problem(response *out, const request *r, int status, const char *title, const char *detail)
{
	set_problem(out, r, status, title, detail, NULL);
}

void response_retry(response *out, guint seconds)
{
	out->retry_after = seconds;
}

void response_error(response *out, const request *r, const GError *error)
{
	g_autofree char *id = g_strdup_printf("%08x", g_random_int());
	gboolean full = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BUSY) || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
	g_warning("[%s] %s %s: %s", id, r->method, request_path(r), error ? error->message : "unknown error");
	set_problem(out, r, full ? 503 : 500, request_text(r, full ? N_("Please come again in a moment") : N_("Something is wrong on our side")),
		request_text(r, N_("The operator's log holds the cause under the number shown here.")), id);
	if (full)
		out->retry_after = 5;
}

void response_refuse(response *out, const request *r, const refusal *why)
{
	const char *title = why->status == 404 ? N_("There is no such page") : why->status == 413 || why->status == 414 || why->status == 431 ? N_("That is too much at once")
		: why->status == 503 || why->status == 429 ? N_("Please come again in a moment") : N_("This request cannot be understood");
	set_problem(out, r, why->status, request_text(r, title), request_text(r, why->detail), NULL);
}
