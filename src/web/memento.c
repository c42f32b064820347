#include "web/memento.h"

#include <string.h>

#include "web/board.h"
#include "web/exchange.h"
#include "web/http_date.h"
#include "web/layout.h"
#include "web/view.h"


gboolean memento_has_past(const request *r)
{
	return r->route && r->route->cache == CACHE_RECORDS && !r->route->timeless && strcmp(r->route->method, "GET") == 0;
}

static void day_of(gint64 seconds, char day[static 11])
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(seconds);
	g_snprintf(day, 11, "%04d-%02d-%02d", t ? g_date_time_get_year(t) : 1, t ? g_date_time_get_month(t) : 1, t ? g_date_time_get_day_of_month(t) : 1);
}

/* The last second of a day; now, if it is not over. */
static gint64 end_of(const char *day)
{
	g_autofree char *text = g_strconcat(day, "T23:59:59Z", NULL);
	g_autoptr(GDateTime) end = g_date_time_new_from_iso8601(text, NULL);
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	return end ? MIN(g_date_time_to_unix(end), now) : now;
}

/* ---- a record's days ---- */

/* The days at whose end a public revision of the record was in force that was not the day before, rising. Array of char *. */
static GPtrArray *days_of(const request *r, const kind *k, const char *id, GError **error)
{
	g_autoptr(GPtrArray) revisions = store_revisions(request_reader(r), k->name, id, error);
	GPtrArray *days = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; revisions && i < revisions->len; i++) {
		const record *rec = revisions->pdata[i];
		const char *last = days->len ? days->pdata[days->len - 1] : "";
		if ((rec->state == RECORD_PUBLISHED || rec->state == RECORD_WITHDRAWN) && strncmp(last, rec->time, 10) != 0)
			g_ptr_array_add(days, g_strndup(rec->time, 10));
	}
	return days;
}

/* The day of the record's memento for a day asked for: the newest not after it, else the first. */
static void choose_day(const GPtrArray *days, char day[static 11])
{
	const char *chosen = days->len ? days->pdata[0] : day;
	for (guint i = 0; i < days->len && strcmp(days->pdata[i], day) <= 0; i++)
		chosen = days->pdata[i];
	char copy[11];
	g_strlcpy(copy, chosen, sizeof copy);
	memcpy(day, copy, sizeof copy);
}

/* ---- TimeGate ---- */

gboolean memento_negotiate(const request *r, response *out)
{
	const char *asked = r->headers[HEADER_ACCEPT_DATETIME], *id = request_part(r, "id");
	const kind *k = r->route->kind && id ? kind_by_name(r->route->kind) : NULL;
	g_autoptr(GError) error = NULL;
	gint64 seconds;
	char day[11], today[11];
	if (!asked || r->as_of || !memento_has_past(r))
		return FALSE;
	if (!http_date_read(asked, &seconds)) {
		response_refuse(out, r, &(refusal){ 400, N_("Accept-Datetime must be a date such as “Thu, 31 Dec 2026 23:59:59 GMT”.") });
		return TRUE;
	}
	board_today(NULL, today);
	day_of(seconds, day);
	if (strcmp(day, today) > 0)
		memcpy(day, today, sizeof day);
	g_autoptr(GPtrArray) days = k ? days_of(r, k, id, &error) : NULL;
	if (error) {
		response_error(out, r, error);
		return TRUE;
	}
	if (days)
		choose_day(days, day);
	g_autofree char *location = request_link_same(r, "as-of", day);
	response_redirect(out, 302, location);
	return TRUE;
}

/* ---- headers ---- */

static char *timemap_address(const request *r, const char *original)
{
	return g_strdup_printf("%s%s/timemap%s", request_site_address(r), r->root, original + strlen(r->root));
}

void memento_tell(const request *r, response *out)
{
	if (!memento_has_past(r) || (out->status != 200 && out->status != 302))
		return;
	g_autofree char *path = request_link_same(r, "as-of", NULL), *original = g_strconcat(request_site_address(r), path, NULL);
	response_link(out, "original timegate", original);
	if (r->route->kind && request_part(r, "id")) {
		g_autofree char *plain = g_strndup(path, strcspn(path, "?")), *map = timemap_address(r, plain);
		response_link_typed(out, "timemap", "application/link-format", map);
	}
	if (r->as_of && out->status == 200)
		out->memento = end_of(r->as_of);
}

/* ---- TimeMap ---- */

static void link_line(GString *out, const char *target, const char *relation, const char *more)
{
	g_string_append_printf(out, "%s<%s>; rel=\"%s\"%s", out->len ? ",\n" : "", target, relation, more);
}

/* request: of the original; days: at least one. */
static char *timemap_text(const request *original, const char *map, const GPtrArray *days)
{
	GString *out = g_string_new(NULL);
	char first[HTTP_DATE_LENGTH + 1], last[HTTP_DATE_LENGTH + 1], when[HTTP_DATE_LENGTH + 1];
	g_autofree char *path = request_link_same(original, "as-of", NULL), *whole = g_strconcat(original->site_address, path, NULL);
	http_date_write(end_of(days->pdata[0]), first);
	http_date_write(end_of(days->pdata[days->len - 1]), last);
	g_autofree char *range = g_strdup_printf("; type=\"application/link-format\"; from=\"%s\"; until=\"%s\"", first, last);
	link_line(out, whole, "original timegate", "");
	link_line(out, map, "self", range);
	for (guint i = 0; i < days->len; i++) {
		gboolean is_first = i == 0, is_last = i + 1 == days->len;
		http_date_write(end_of(days->pdata[i]), when);
		g_autofree char *link = request_link_same(original, "as-of", days->pdata[i]), *memento = g_strconcat(original->site_address, link, NULL);
		g_autofree char *date = g_strdup_printf("; datetime=\"%s\"", when);
		link_line(out, memento, is_first && is_last ? "first last memento" : is_first ? "first memento" : is_last ? "last memento" : "memento", date);
	}
	g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

void memento_timemap(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) days = NULL;
	g_autofree char *path = g_strconcat("/", request_part(r, "address"), NULL), *target = g_strconcat(r->root, path, NULL);
	const char *allow = NULL;
	gsize length;
	request original;
	refusal why;
	request_init(&original, r->site);
	gboolean parsed = address_parse(target, &original.address, &why);
	original.reader = r->reader;
	original.language = r->language;
	original.site_address = g_strdup(r->site_address);
	g_free(original.root);
	original.root = g_strdup(r->root);
	original.route = parsed ? route_find(r->site, "GET", original.address.path, &original.format, &original, &allow) : NULL;
	if (original.route && original.format != FORMAT_HTML && format_of(original.address.path, &length))
		original.address.path[length] = '\0';
	const char *id = original.route && original.route->kind ? request_part(&original, "id") : NULL;
	if (id && memento_has_past(&original))
		days = days_of(&original, kind_by_name(original.route->kind), id, &error);
	if (error) {
		response_error(out, r, error);
	} else if (!days || !days->len) {
		response_problem(out, r, 404, request_text(r, N_("There is no such list of days")),
			request_text(r, N_("Records have one, at /timemap and the record’s address. Any other page is had as of a day with “as-of”.")));
	} else {
		g_autofree char *map = timemap_address(&original, target);
		response_text(out, "application/link-format", timemap_text(&original, map, days));
	}
	request_clear(&original);
}
