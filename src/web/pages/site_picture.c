/* Pictures of a site: its recovery curve, and its map. */
#include <math.h>

#include "publish/chart.h"
#include "publish/map.h"
#include "rules/trend.h"
#include "web/pages/pages.h"
#include "web/pages/site.h"

/* ---- the recovery curve ---- */

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static int by_year(gconstpointer a, gconstpointer b)
{
	double x = ((const chart_point *)a)->x, y = ((const chart_point *)b)->x;
	return (x > y) - (x < y);
}

/* The yearly values of a quantity, oldest first. index: as trend_index has it. */
static GArray *series_of(const record *m, const char *quantity, const char *index)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(chart_point));
	const json_t *row;
	gsize i;
	json_array_foreach(json_object_get(m->body, "results"), i, row) {
		const chart_point point = {number(row, "year"), number(row, "value"), number(row, "low"), number(row, "high")};
		if (trend_is_year(row, quantity, index))
			g_array_append_val(points, point);
	}
	g_array_sort(points, by_year);
	return points;
}

/* Everything the curve is drawn from. */
typedef struct curve {
	const char *index;
	GArray *site, *reference, *fitted;
	char *title, *subtitle, *source;
} curve;

static void curve_clear(curve *c)
{
	g_clear_pointer(&c->site, g_array_unref);
	g_clear_pointer(&c->reference, g_array_unref);
	g_clear_pointer(&c->fitted, g_array_unref);
	g_free(c->title);
	g_free(c->subtitle);
	g_free(c->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(curve, curve_clear)

static const chart_point *at_year(const GArray *points, double year)
{
	for (guint i = 0; i < points->len; i++)
		if (g_array_index(points, chart_point, i).x == year)
			return &g_array_index(points, chart_point, i);
	return NULL;
}

static void curve_read(curve *c, const request *r, const record *m)
{
	const language *l = request_language(r);
	const char *index = trend_index(json_object_get(m->body, "results"));
	*c = (curve){.index = index ? index : language_text(l, "vegetation index")};
	c->site = series_of(m, "vegetation-index", index);
	c->reference = series_of(m, "reference-index", index);
	c->fitted = series_of(m, "fitted-index", index);
	c->source = g_strdup_printf("%s: %s", language_text(l, "Source"), record_title(m));
	c->subtitle = view_message(c->reference->len ? language_text(l, "{index}, mean over the site and over its reference area in the same years; a line is the fitted course")
		: language_text(l, "{index}, mean over the site; a line is the fitted course"), "index", c->index, NULL);
	if (!c->site->len)
		return;
	const chart_point *last = &g_array_index(c->site, chart_point, c->site->len - 1), *beside = at_year(c->reference, last->x);
	g_autofree char *year = g_strdup_printf("%.0f", last->x), *value = language_significant(l, last->y, 2);
	g_autofree char *share = beside && beside->y > 0 ? language_percent(l, last->y / beside->y, 0) : NULL;
	trend_say trend = trend_of_results(json_object_get(m->body, "results"));
	c->title = share ? view_message(language_text(l, "Vegetation at {share} of the reference in {year}"), "share", share, "year", year, NULL)
		: view_message(language_text(l, "{index} at {value} in {year}: {course}"), "index", c->index, "value", value, "year", year, "course", language_text(l, trend_words[trend].label), NULL);
}

gboolean site_has_curve(const record *m)
{
	return trend_years(json_object_get(m->body, "results")) >= TREND_CURVE;
}

/* The years its record names, as lines with a word. */
static gsize moments_of(const request *r, const record *site, chart_moment out[static 2])
{
	static const struct { const char *field, *label; } years[] = {{"disturbed_from", N_("Disturbed")}, {"restored_from", N_("Restoration began")}};
	gsize n = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(years); i++)
		if (isfinite(number(site->body, years[i].field)))
			out[n++] = (chart_moment){number(site->body, years[i].field), request_text(r, years[i].label)};
	return n;
}

GBytes *site_curve(const request *r, const site_case *c, GError **error)
{
	const language *l = request_language(r);
	g_auto(curve) v = {0};
	chart_moment moments[2];
	curve_read(&v, r, site_case_newest(c));
	const chart_series series[] = {
		{language_text(l, "Reference"), TRUST_MEASURED, INK_MUTED, CHART_LINE, (chart_point *)(gpointer)v.reference->data, v.reference->len, 0},
		{NULL, TRUST_MEASURED, INK_IMPROVED, CHART_LINE, (chart_point *)(gpointer)v.fitted->data, v.fitted->len, 0},
		{language_text(l, "Site"), TRUST_MEASURED, INK_TEXT, CHART_DOTS, (chart_point *)(gpointer)v.site->data, v.site->len, 0},
	};
	const chart_lines shape = {.series = series, .n_series = G_N_ELEMENTS(series), .moments = moments, .n_moments = moments_of(r, c->site, moments), .away_from_zero = FALSE};
	const chart drawn = {.title = v.title, .subtitle = v.subtitle, .source = v.source, .language = l, .lines = &shape};
	drawing_form form = page_drawing_form(r);
	return chart_draw(&drawn, &form, error);
}

static json_t *curve_table(const request *r, const curve *v, const record *m)
{
	const language *l = request_language(r);
	json_t *table = view_table(v->title);
	view_explains_add(table, site_explain(r, m, vocabulary_find(vocabulary_get("measured-quantities"), "vegetation-index")));
	view_table_column(table, language_text(l, "Year"), FALSE);
	view_table_column(table, language_text(l, "Site"), TRUE);
	view_table_column(table, language_text(l, "Reference"), TRUE);
	for (guint i = 0; i < v->site->len; i++) {
		const chart_point *p = &g_array_index(v->site, chart_point, i), *beside = at_year(v->reference, p->x);
		g_autofree char *year = g_strdup_printf("%.0f", p->x), *value = language_significant(l, p->y, 3), *other = beside ? language_significant(l, beside->y, 3) : NULL;
		const view_cell cells[] = {{.text = year, .head = TRUE}, {.text = value}, {.text = other ? other : "–"}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

json_t *site_curve_view(const request *r, const site_case *c, const char *address)
{
	g_auto(curve) v = {0};
	curve_read(&v, r, site_case_newest(c));
	return view_chart(address, "chart=curve", v.title, curve_table(r, &v, site_case_newest(c)));
}

/* ---- the map ---- */

gboolean site_has_map(const record *site)
{
	double box[4];
	return map_geometry_bounds(json_object_get(site->body, "geometry"), box) || isfinite(number(site->body, "longitude"));
}

GBytes *site_map(const request *r, const record *site, GError **error)
{
	const json_t *geometry = json_object_get(site->body, "geometry"), *reference = json_object_get(site->body, "reference_geometry");
	double box[4], other[4];
	const map_point point = {number(site->body, "longitude"), number(site->body, "latitude"), TRUST_PROMISED, INK_IMPROVED, 6, NULL};
	gboolean drawn = map_geometry_bounds(geometry, box);
	if (!drawn)
		box[0] = box[2] = point.longitude, box[1] = box[3] = point.latitude;
	if (map_geometry_bounds(reference, other))
		box[0] = fmin(box[0], other[0]), box[1] = fmin(box[1], other[1]), box[2] = fmax(box[2], other[2]), box[3] = fmax(box[3], other[3]);
	const map_shape shapes[] = {{reference, TRUST_REPORTED, INK_MUTED, NULL}, {geometry, TRUST_PROMISED, INK_IMPROVED, NULL}};
	/* A point alone says nothing of its surroundings: show the country. */
	const char *country = drawn ? NULL : json_string_value(json_object_get(site->body, "country"));
	const map m = {.title = record_title(site), .shapes = shapes, .n_shapes = G_N_ELEMENTS(shapes), .points = &point, .n_points = !drawn, .bounds = country ? NULL : box,
		.country = country, .close = drawn};
	drawing_form form = page_drawing_form(r);
	form.width = MIN(form.width, DRAWING_NARROW); /* it stands in the side column */
	return map_draw(&m, &form, error);
}
