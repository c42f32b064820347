#include "web/api/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"
#include "web/exchange.h"
#include "web/query.h"

char *api_address(const request *r, const char *path, ...)
{
	va_list arguments;
	va_start(arguments, path);
	g_autofree char *made = g_strdup_vprintf(path, arguments);
	va_end(arguments);
	return g_strconcat(request_site_address(r), made, NULL);
}

char *api_address_as_of(const request *r, const char *path, ...)
{
	va_list arguments;
	va_start(arguments, path);
	g_autofree char *made = g_strdup_vprintf(path, arguments);
	va_end(arguments);
	const char *day = request_as_of(r);
	return g_strconcat(request_site_address(r), made, day ? (strchr(made, '?') ? "&as-of=" : "?as-of=") : "", day ? day : "", NULL);
}

void api_link(json_t *links, const request *r, const char *relation, const char *type, const char *title, const char *href)
{
	g_autofree char *whole = *href == '/' ? api_address(r, "%s", href) : g_strdup(href);
	json_array_append_new(links, json_pack("{s:s, s:s, s:s, s:s*}", "href", whole, "rel", relation, "type", type, "title", title));
}

void api_link_forms(json_t *links, const request *r, const char *type)
{
	gboolean page = accept_wants_page(r);
	for (int html = 0; html < 2; html++) {
		g_autofree char *href = request_link_with(r, "f", html ? "html" : "json");
		api_link(links, r, html == page ? "self" : "alternate", html ? "text/html" : type, request_text(r, html ? N_("This document as a page") : N_("This document as data")), href);
	}
}

void api_document(response *out, const char *type, json_t *document)
{
	response_text(out, type, json_text(document));
	json_decref(document);
}

json_t *api_view(const request *r, const char *title, const char *sentence, ...)
{
	json_t *view = json_object(), *crumbs = json_array();
	va_list pairs;
	va_start(pairs, sentence);
	for (const char *label; (label = va_arg(pairs, const char *));) {
		json_t *crumb = json_object();
		view_put(crumb, "label", label);
		view_take(crumb, "href", view_address(r, va_arg(pairs, const char *)));
		json_array_append_new(crumbs, crumb);
	}
	va_end(pairs);
	json_t *here = json_object();
	g_autofree char *data = request_link_with(r, "f", "json");
	view_take(here, "label", view_shorten(title, 60));
	view_put(here, "href", NULL);
	json_array_append_new(crumbs, here);
	view_put(view, "title", title);
	view_put(view, "sentence", sentence);
	view_put(view, "active", "/data");
	view_put(view, "data_href", data);
	json_object_set_new(view, "breadcrumbs", crumbs);
	json_object_set_new(view, "sections", json_array());
	json_object_set_new(view, "paging", json_null());
	return view;
}

json_t *api_links_table(const request *r, const json_t *links)
{
	json_t *table = view_table(request_text(r, N_("Where this document leads")));
	const json_t *link;
	gsize i;
	view_table_column(table, request_text(r, N_("Link")), FALSE);
	view_table_column(table, request_text(r, N_("Relation")), FALSE);
	view_table_column(table, request_text(r, N_("Media type")), FALSE);
	json_array_foreach(links, i, link) {
		const char *title = json_string_value(json_object_get(link, "title")), *href = json_string_value(json_object_get(link, "href"));
		view_cell cells[] = { { .text = title ? title : href, .href = href, .head = TRUE }, { .text = json_string_value(json_object_get(link, "rel")) },
			{ .text = json_string_value(json_object_get(link, "type")) } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

/* ---- which entries ---- */

static gboolean refuse(const request *r, response *out, const char *message, const char *name, const char *value)
{
	g_autofree char *why = view_message(request_text(r, message), "name", name, "value", value, NULL);
	query_refuse(r, out, why);
	return FALSE;
}

/* Four or six numbers with commas; those of height are left aside. */
static gboolean read_numbers(const char *text, double out[4])
{
	double numbers[6];
	guint n = 0;
	for (const char *at = text;; at++) {
		char *end;
		if (n == 6)
			return FALSE;
		numbers[n] = g_ascii_strtod(at, &end);
		if (end == at || !isfinite(numbers[n++]))
			return FALSE;
		at = end;
		if (*at == '\0')
			break;
		if (*at != ',')
			return FALSE;
	}
	for (guint i = 0; i < 4; i++)
		out[i] = numbers[n == 6 && i >= 2 ? i + 1 : i];
	return n == 4 || n == 6;
}

static gboolean fits_the_earth(const double box[4])
{
	return fabs(box[0]) <= 180 && fabs(box[2]) <= 180 && fabs(box[1]) <= 90 && fabs(box[3]) <= 90 && box[1] <= box[3];
}

static gboolean read_box(const request *r, response *out, const selection_texts *t, selection *s)
{
	s->box_crs = crs_by_uri(t->bbox_crs ? t->bbox_crs : CRS_84);
	if (!s->box_crs)
		return refuse(r, out, N_("“{name}” cannot be “{value}”. The collection lists the coordinate reference systems it speaks."), "bbox-crs", t->bbox_crs);
	if (!t->bbox)
		return TRUE;
	gboolean numbers = read_numbers(t->bbox, s->given), ordered = numbers && (crs_is_geographic(s->box_crs) || (s->given[0] <= s->given[2] && s->given[1] <= s->given[3]));
	s->boxed = ordered && crs_unproject_box(s->box_crs, s->given, s->box) && fits_the_earth(s->box);
	return s->boxed || refuse(r, out, N_("“{name}” cannot be “{value}”. It is four or six numbers with commas between them, least values first, within its coordinate reference system."), "bbox", t->bbox);
}

static gboolean read_count(const request *r, response *out, const char *name, const char *text, guint least, guint *value)
{
	guint64 number;
	if (!text)
		return TRUE;
	if (!g_ascii_string_to_unsigned(text, 10, least, G_MAXINT, &number, NULL))
		return refuse(r, out, N_("“{name}” cannot be “{value}”. It is a whole number."), name, text);
	*value = (guint)number;
	return TRUE;
}

gboolean selection_read(const request *r, response *out, const selection_texts *t, selection *s)
{
	*s = (selection) { .limit = API_LIMIT };
	if (!read_box(r, out, t, s) || !read_count(r, out, "limit", t->limit, 1, &s->limit) || !read_count(r, out, "after", t->after, 0, &s->after))
		return FALSE;
	s->limit = MIN(s->limit, API_LIMIT_MOST);
	s->timed = t->datetime && span_read_interval(t->datetime, &s->time);
	return !t->datetime || s->timed ||
		refuse(r, out, N_("“{name}” cannot be “{value}”. It is a date or a time such as 2026-08-01 or 2026-08-01T12:00:00Z, or two of them with a slash between, one of which may be “..”."), "datetime", t->datetime);
}

gboolean selection_meets(const selection *s, const json_t *geometry)
{
	gboolean own = crs_is_geographic(s->box_crs); /* the box itself in longitude and latitude */
	json_t *projected = own ? json_incref((json_t *)geometry) : crs_project_geometry(s->box_crs, geometry);
	g_autoptr(shape) place = projected ? shape_read(projected, NULL) : NULL, box = shape_box(own ? s->box : s->given);
	json_decref(projected);
	return place && box && shape_relate(SHAPE_INTERSECTS, place, box);
}
