#include "web/pages/shown.h"

#include <math.h>
#include <string.h>

#include "publish/chart.h"
#include "record/vocabulary.h"
#include "web/pages/cover.h"
#include "web/pages/land.h"
#include "web/pages/pages.h"
#include "web/pages/sheet.h"

shown_land shown_of(const record *measurement)
{
	shown_land s = {.sites = 1, .measured = 1, .oldest = NAN, .newest = NAN};
	site_measurement m;
	if (!measurement || !site_measurement_read(measurement->body, measurement->id, &m))
		return (shown_land){.sites = 1};
	s.oldest = s.newest = m.at;
	for (int a = 0; a < MEASURED_AREAS; a++) {
		s.areas[a] = m.areas[a];
		s.told[a] = m.areas[a].say == SAY_VALUE;
	}
	return s;
}

static double value_of(const shown_land *s, measured_area area)
{
	return s->areas[area].say == SAY_VALUE ? s->areas[area].value : (double)NAN;
}

gboolean shown_has_balance(const shown_land *s)
{
	return isfinite(value_of(s, AREA_IMPROVED)) && isfinite(value_of(s, AREA_DEGRADED)) && value_of(s, AREA_IMPROVED) + value_of(s, AREA_DEGRADED) > 0;
}

/* ---- words ---- */

static const char *label_of(const request *r, measured_area area)
{
	const term *t = vocabulary_find(vocabulary_get("measured-quantities"), measured_area_ids[area]);
	return t ? language_text(request_language(r), t->label) : measured_area_ids[area];
}

static char *year_text(const shown_land *s)
{
	return isfinite(s->newest) ? g_strdup_printf("%.0f", floor(s->newest - 1e-9)) : g_strdup("");
}

static char *hectares(const request *r, double value)
{
	g_autofree char *number = view_significant(r, fabs(value));
	return number ? g_strdup_printf("%s\302\240ha", number) : NULL;
}

static char *net_words(const request *r, const shown_land *s)
{
	const language *l = request_language(r);
	double net = value_of(s, AREA_IMPROVED) - value_of(s, AREA_DEGRADED);
	g_autofree char *ha = hectares(r, net);
	return view_message(net >= 0 ? language_text(l, "net gain of {ha}") : language_text(l, "net loss of {ha}"), "ha", ha, NULL);
}

static char *title_of(const request *r, const shown_land *s)
{
	const language *l = request_language(r);
	g_autofree char *gains = hectares(r, value_of(s, AREA_IMPROVED)), *losses = hectares(r, value_of(s, AREA_DEGRADED)), *net = net_words(r, s), *year = year_text(s);
	return view_message(language_text(l, "{gains} improved, {losses} degraded by {year}: {net}"), "gains", gains, "losses", losses, "year", year, "net", net, NULL);
}

static char *key_text(const request *r, const shown_land *s, measured_area area, const char *glyph)
{
	g_autofree char *ha = hectares(r, value_of(s, area));
	return ha ? g_strdup_printf("%s %s: %s", glyph, label_of(r, area), ha) : NULL;
}

/* ---- the land balance ---- */

GBytes *shown_balance(const request *r, const shown_land *s, GError **error)
{
	const language *l = request_language(r);
	g_autofree char *title = title_of(r, s), *net = net_words(r, s);
	g_autofree char *losses = key_text(r, s, AREA_DEGRADED, "▼"), *gains = key_text(r, s, AREA_IMPROVED, "▲"), *stable = key_text(r, s, AREA_STABLE, "●"), *unknown = key_text(r, s, AREA_UNKNOWN, "∅");
	g_autofree char *net_line = view_message(language_text(l, "Tick: {net}"), "net", net, NULL);
	const chart_balance shape = {.losses = value_of(s, AREA_DEGRADED), .gains = value_of(s, AREA_IMPROVED), .stable = value_of(s, AREA_STABLE), .unknown = value_of(s, AREA_UNKNOWN),
		.losses_text = losses, .gains_text = gains, .stable_text = stable, .unknown_text = unknown, .net_text = net_line, .mark = TRUST_MEASURED};
	const chart c = {.title = title, .subtitle = language_text(l, "Land productivity, hectares: losses left, gains right; stable land below, on a scale of its own"),
		.source = language_text(l, "Source: the newest measurement of each site; each hectare once"), .language = l, .balance = &shape};
	drawing_form form = page_drawing_form(r);
	return chart_draw(&c, &form, error);
}

static const measured_area balance_areas[] = {AREA_IMPROVED, AREA_STABLE, AREA_DEGRADED, AREA_UNKNOWN};

static json_t *balance_table(const request *r, const shown_land *s, const char *title)
{
	const language *l = request_language(r);
	json_t *table = view_figure_table(r, title, EXPLAINS(FIGURE_MEASURED));
	view_table_column(table, language_text(l, "Class"), FALSE);
	view_table_column(table, language_text(l, "Hectares"), TRUE);
	view_table_column(table, language_text(l, "Range"), TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(balance_areas); i++) {
		const measured_hectares *h = &s->areas[balance_areas[i]];
		g_autofree char *value = h->say == SAY_VALUE ? view_significant(r, h->value) : NULL, *low = view_significant(r, h->low), *high = view_significant(r, h->high);
		g_autofree char *range = value && low && high ? view_message(language_text(l, "{low} to {high}"), "low", low, "high", high, NULL) : NULL;
		const view_cell cells[] = {{.text = label_of(r, balance_areas[i]), .head = TRUE}, {.text = value ? value : language_text(l, "too small to tell")}, {.text = range ? range : "–"}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

json_t *shown_balance_view(const request *r, const shown_land *s, const char *address)
{
	g_autofree char *title = title_of(r, s);
	return view_chart(address, "chart=balance", title, balance_table(r, s, title));
}

/* ---- the section ---- */

static json_t *area_row(const request *r, const shown_land *s, measured_area area)
{
	static const trust mark = TRUST_MEASURED;
	const language *l = request_language(r);
	const measured_hectares *h = &s->areas[area];
	const term *t = vocabulary_find(vocabulary_get("measured-quantities"), measured_area_ids[area]);
	g_autofree char *low = view_significant(r, h->low), *high = view_significant(r, h->high), *year = year_text(s), *address = view_address(r, "/measurements");
	g_autofree char *n = view_count(l, "{n} site", "{n} sites", s->told[area]);
	char *when = low && high && strcmp(low, high) != 0 ? view_message(language_text(l, "{year}; range {low} to {high}; {sites}"), "year", year, "low", low, "high", high, "sites", n, NULL)
		: view_message(language_text(l, "{year}; {sites}"), "year", year, "sites", n, NULL);
	const figure_words words = {"area", label_of(r, area), t && t->definition ? t->definition : label_of(r, area),
		N_("The newest measurement of each site, added up, each hectare once: where sites overlap, the newest measurement speaks for the land."),
		N_("The range is the sum of the sites’ 95 per cent ranges; of a site that overlaps a newer measured one, all of the overlap is taken off the lower end.")};
	return view_tally_row((view_tally){.mark = &mark, .label = label_of(r, area), .none = language_text(l, "too small to tell"),
		.value = h->say == SAY_VALUE ? view_significant(r, h->value) : NULL, .unit = g_strdup("ha"), .when = when,
		.explain = h->say == SAY_VALUE ? view_explain(r, &words, language_text(l, "Measurements of the sites"), address, year) : NULL});
}

char *shown_course(const request *r, const shown_land *s)
{
	const language *l = request_language(r);
	static const struct { trend_say says; const char *message; } order[] = {
		{TREND_RISING, N_("rising on {n}")}, {TREND_FALLING, N_("falling on {n}")}, {TREND_NONE, N_("no trend on {n}")}, {TREND_TOO_FEW, N_("too few years to tell on {n}")},
	};
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		g_autofree char *n = language_number(l, s->trends[order[i].says], 0);
		if (s->trends[order[i].says])
			g_ptr_array_add(parts, view_message(language_text(l, order[i].message), "n", n, NULL));
	}
	if (!parts->len)
		return NULL;
	g_ptr_array_add(parts, NULL);
	g_autofree char *list = language_list(l, (const char *const *)parts->pdata);
	return view_message(language_text(l, "Their vegetation: {list}."), "list", list, NULL);
}

static char *section_note(const request *r, const shown_land *s)
{
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, s->measured, 0), *total = language_number(l, s->sites, 0), *off = s->off > 0 ? view_significant(r, s->off) : NULL;
	g_autofree char *unmapped = s->unmapped ? view_count(l, "{n} of them has no boundary here, so that nobody knows what it overlaps.", "{n} of them have no boundary here, so that nobody knows what they overlap.",
		s->unmapped) : NULL;
	g_autofree char *measured = view_message(language_plural(l, "{n} of {total} site is measured.", "{n} of {total} sites are measured.", s->sites), "n", n, "total", total, NULL);
	g_autofree char *once = off ? view_message(language_text(l, "{ha} ha that measured sites share are counted once."), "ha", off, NULL) : NULL;
	GString *text = g_string_new(measured);
	g_autofree char *trends = shown_course(r, s);
	gboolean approximate = FALSE;
	for (int a = 0; a < MEASURED_AREAS; a++)
		approximate |= s->areas[a].approximate;
	const char *const more[] = {trends, once, approximate ? land_approximate(r) : NULL, unmapped};
	for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
		if (more[i])
			g_string_append_printf(text, " %s", more[i]);
	return g_string_free(text, FALSE);
}

/* The balance, and what became of land cover: as pictures, or of the latter a table in a fold where a page has none. */
static void add_charts(json_t *section, const request *r, const shown_land *s, const cover_sum *covers, const char *address)
{
	json_t *charts = json_array();
	if (address && shown_has_balance(s))
		json_array_append_new(charts, shown_balance_view(r, s, address));
	if (address && covers && covers->sites)
		json_array_append_new(charts, cover_view(r, covers, address));
	if (json_array_size(charts))
		json_object_set(section, "charts", charts);
	json_decref(charts);
	if (address || !covers || !covers->sites)
		return;
	json_t *fold = json_pack("{s:o, s:n, s:n}", "table", cover_table(r, covers), "note", "downloads");
	view_take(fold, "label", cover_title(r, covers));
	json_object_set_new(section, "fold", json_pack("[o]", fold));
}

void shown_section(json_t *view, const request *r, const shown_land *s, const cover_sum *covers, const char *title, const char *address)
{
	if (!s->sites)
		return;
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "shown", title), *tally = json_array();
	if (!s->measured) {
		json_decref(tally);
		view_put(section, "note", language_text(l, "None of its sites is measured yet. That is not the same as no change."));
		return;
	}
	view_take(section, "note", section_note(r, s));
	for (int a = 0; a < MEASURED_AREAS; a++)
		if (s->areas[a].say != SAY_NOTHING)
			json_array_append_new(tally, area_row(r, s, a));
	if (json_array_size(tally))
		json_object_set_new(section, "tally", json_pack("{s:O}", "tally", tally));
	json_decref(tally);
	add_charts(section, r, s, covers, address);
}

/* ---- as data ---- */

json_t *shown_data(const shown_land *s)
{
	json_t *trends = json_object(), *data = json_pack("{s:i, s:i, s:i, s:f}", "sites", (int)s->sites, "measured", (int)s->measured, "measured_without_boundary", (int)s->unmapped, "hectares_counted_with_another_site", s->off);
	for (int t = TREND_TOO_FEW; t < TREND_SAYS; t++)
		json_object_set_new(trends, trend_words[t].id, json_integer(s->trends[t]));
	json_object_set_new(data, "vegetation_trends", trends);
	for (int a = 0; a < MEASURED_AREAS; a++) {
		const measured_hectares *h = &s->areas[a];
		const struct { const char *name; double value; } ends[] = {{"value", h->say == SAY_VALUE ? h->value : (double)NAN}, {"low", h->low}, {"high", h->high}};
		if (h->say == SAY_NOTHING)
			continue;
		json_t *area = json_pack("{s:i, s:b}", "sites", (int)s->told[a], "approximate", h->approximate);
		for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
			json_object_set_new(area, ends[i].name, isfinite(ends[i].value) ? json_real(ends[i].value) : json_null());
		json_object_set_new(data, measured_area_ids[a], area);
	}
	return data;
}
