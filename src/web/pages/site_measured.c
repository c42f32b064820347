/* What is known of a site, and what its newest measurement says in figures. */
#include <math.h>
#include <string.h>

#include "record/vocabulary.h"
#include "web/pages/site.h"

static void record_release(gpointer r)
{
	record_free(r);
}

void site_case_clear(site_case *c)
{
	g_clear_pointer(&c->measurements, g_ptr_array_unref);
	g_clear_pointer(&c->progress, g_ptr_array_unref);
}

static gboolean read_kind(const request *r, const char *kind_name, const char *sort, const char *site, GPtrArray *into, GError **error)
{
	const char *const values[] = {site, NULL};
	store_filter filter = {.path = "site", .values = values};
	store_query q = {.kind = kind_name, .filters = &filter, .n_filters = 1, .sort = sort, .limit = 1000, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	for (gsize i = 0; found && i < found->n; i++)
		g_ptr_array_add(into, record_copy(found->hits[i].record));
	return found != NULL;
}

gboolean site_case_read(const request *r, const record *site, site_case *out, GError **error)
{
	*out = (site_case){site, g_ptr_array_new_with_free_func(record_release), g_ptr_array_new_with_free_func(record_release)};
	return read_kind(r, "measurement", "period_until", site->id, out->measurements, error) && read_kind(r, "progress", "year", site->id, out->progress, error);
}

const record *site_case_newest(const site_case *c)
{
	return c->measurements->len ? g_ptr_array_index(c->measurements, c->measurements->len - 1) : NULL;
}

/* ---- figures ---- */

json_t *site_explain(const request *r, const record *m, const term *t)
{
	const language *l = request_language(r);
	g_autofree char *href = view_record_address(r, m->kind, m->id), *day = view_values(r, m, "measured_on"), *until = view_values(r, m, "period_until");
	g_autofree char *method = view_values(r, m, "method"), *version = view_values(r, m, "method_version"), *how = g_strdup_printf("%s, %s", method, version);
	g_autofree char *date = day ? view_message(language_text(l, "Until the end of {year}; computed {date}"), "year", until, "date", day, NULL)
		: view_message(language_text(l, "Until the end of {year}"), "year", until, NULL);
	const figure_words *any = &figures_explained[FIGURE_MEASURED];
	const figure_words words = {t ? t->id : any->id, t ? t->label : any->label, !t ? N_("What satellites show of this land, quantity by quantity.") : t->definition ? t->definition : t->label, how,
		N_("The range is the 95 per cent range of the measurement; where none is given, nobody knows how sure it is.")};
	return view_explain(r, &words, record_title(m), href, date);
}

/* Why a quantity has no value, in the record's own words. */
static const char *why_none(const request *r, const record *m, const char *quantity)
{
	const json_t *row;
	gsize i;
	json_array_foreach(json_object_get(m->body, "results"), i, row)
		if (g_strcmp0(json_string_value(json_object_get(row, "quantity")), quantity) == 0 && json_object_get(row, "note"))
			return json_string_value(json_object_get(row, "note"));
	return language_text(request_language(r), "too small to tell");
}

json_t *site_tally(const request *r, const record *m)
{
	const language *l = request_language(r);
	static const trust measured = TRUST_MEASURED;
	json_t *tally = json_array();
	site_measurement read;
	if (!site_measurement_read(m->body, m->id, &read))
		return tally;
	g_autofree char *year = view_values(r, m, "period_until");
	for (int a = 0; a < MEASURED_AREAS; a++) {
		const measured_hectares *h = &read.areas[a];
		const term *t = vocabulary_find(vocabulary_get("measured-quantities"), measured_area_ids[a]);
		if (h->say == SAY_NOTHING || !t)
			continue;
		g_autofree char *low = view_significant(r, h->low), *high = view_significant(r, h->high);
		char *when = low && high && strcmp(low, high) != 0 ? view_message(language_text(l, "{year}; range {low} to {high}"), "year", year, "low", low, "high", high, NULL) : g_strdup(year);
		json_array_append_new(tally, view_tally_row((view_tally){.mark = &measured, .label = language_text(l, t->label), .none = why_none(r, m, measured_area_ids[a]),
			.value = view_significant(r, h->value), .unit = g_strdup("ha"), .when = when, .explain = site_explain(r, m, t)}));
	}
	return tally;
}

/* ---- in a sentence ---- */

#define REMOVED_LEAST 0.05 /* share of the land measured: less is not what a site is about */

static double area_measured(const json_t *results)
{
	const json_t *row;
	gsize i;
	json_array_foreach(results, i, row)
		if (g_strcmp0(json_string_value(json_object_get(row, "quantity")), "area-measured") == 0)
			return json_number_value(json_object_get(row, "value"));
	return 0;
}

static char *areas_sentence(const request *r, const site_measurement *m, double measured, const char *year)
{
	const language *l = request_language(r);
	const measured_hectares *lost = &m->areas[AREA_DISTURBED], *back = &m->areas[AREA_RECOVERED], *on_way = &m->areas[AREA_RECOVERING], *better = &m->areas[AREA_IMPROVED],
		*worse = &m->areas[AREA_DEGRADED];
	g_autofree char *removed = view_significant(r, lost->value), *recovered = view_significant(r, back->value), *recovering = view_significant(r, on_way->value);
	g_autofree char *improved = view_significant(r, better->value), *degraded = view_significant(r, worse->value);
	if (removed && recovered && recovering && lost->value > REMOVED_LEAST * measured)
		return view_message(language_text(l, "Of {removed} ha whose vegetation was removed, {recovered} ha had reached the target by {year} and {recovering} ha were on the way."),
			"removed", removed, "recovered", recovered, "recovering", recovering, "year", year, NULL);
	if (improved && degraded)
		return view_message(language_text(l, "By {year}, {improved} ha were more productive and {degraded} ha less."), "improved", improved, "degraded", degraded, "year", year, NULL);
	return m->trend == TREND_NOTHING ? NULL
		: view_message(language_text(l, "Vegetation until {year}: {course}."), "year", year, "course", language_text(l, trend_words[m->trend].label), NULL);
}

/* What happened there, less what happened in the reference area: in the words of the record. NULL: there is no reference, or no such result. */
static char *effect_sentence(const request *r, const json_t *results)
{
	const char *note = NULL, *what = NULL;
	gboolean reference = FALSE;
	const json_t *row;
	gsize i;
	json_array_foreach(results, i, row) {
		const char *quantity = json_string_value(json_object_get(row, "quantity"));
		reference |= g_strcmp0(quantity, "reference-index") == 0;
		if (!note && g_strcmp0(quantity, "effect") == 0) {
			note = json_string_value(json_object_get(row, "note"));
			what = json_string_value(json_object_get(row, "what"));
		}
	}
	return reference && note && what ? view_message(request_text(r, N_("{what}, against the reference area: {verdict}.")), "what", what, "verdict", note, NULL) : NULL;
}

char *site_sentence(const request *r, const record *m)
{
	site_measurement read;
	if (!m || !site_measurement_read(m->body, m->id, &read))
		return NULL;
	g_autofree char *year = view_values(r, m, "period_until"), *areas = areas_sentence(r, &read, area_measured(json_object_get(m->body, "results")), year);
	g_autofree char *effect = effect_sentence(r, json_object_get(m->body, "results"));
	return areas && effect ? g_strdup_printf("%s %s", areas, effect) : areas ? g_steal_pointer(&areas) : g_steal_pointer(&effect);
}

void site_pictures(json_t *items, const record *m, const char *of)
{
	const json_t *picture;
	gsize i;
	json_array_foreach(m ? json_object_get(m->body, "pictures") : NULL, i, picture) {
		const char *sha256 = json_string_value(json_object_get(picture, "sha256")), *sort = json_string_value(json_object_get(picture, "media_type"));
		const char *title = json_string_value(json_object_get(picture, "title"));
		const json_t *year = json_object_get(picture, "year");
		if (!sha256 || !title || (sort && strcmp(sort, "image/png") != 0) || (of && !year))
			continue;
		json_t *item = json_pack("{s:n}", "year");
		g_autofree char *number = json_is_integer(year) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(year)) : NULL;
		if (number && !strstr(title, number)) /* most titles say their year themselves */
			view_put(item, "year", number);
		view_take(item, "title", of ? g_strdup_printf("%s: %s", of, title) : g_strdup(title));
		view_take(item, "src", g_strdup_printf("/files/%s", sha256));
		json_array_append_new(items, item);
	}
}

static gboolean is_area(const char *quantity)
{
	for (int a = 0; a < MEASURED_AREAS; a++)
		if (g_strcmp0(quantity, measured_area_ids[a]) == 0)
			return TRUE;
	return FALSE;
}

static char *number_text(const request *r, const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);
	return json_is_number(value) ? language_significant(request_language(r), json_number_value(value), 3) : NULL;
}

json_t *site_results_table(const request *r, const record *m)
{
	const language *l = request_language(r);
	static const char *const columns[] = {N_("Result"), N_("Value"), N_("Range")};
	const json_t *row;
	gsize i;
	json_t *table = view_table(language_text(l, "Other results for the whole period"));
	for (i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	json_array_foreach(json_object_get(m->body, "results"), i, row) {
		const char *quantity = json_string_value(json_object_get(row, "quantity")), *what = json_string_value(json_object_get(row, "what"));
		if (is_area(quantity) || json_object_get(row, "year") || json_object_get(row, "from"))
			continue;
		const term *t = quantity ? vocabulary_find(vocabulary_get("measured-quantities"), quantity) : NULL;
		const field *unit_field = kind_field(m->kind, "results.unit");
		const json_t *unit = json_object_get(row, "unit");
		g_autofree char *value = number_text(r, row, "value"), *low = number_text(r, row, "low"), *high = number_text(r, row, "high");
		g_autofree char *unit_text = unit ? view_value(r, unit_field, unit) : NULL;
		g_autofree char *range = low && high ? view_message(language_text(l, "{low} to {high}"), "low", low, "high", high, NULL) : NULL;
		const char *note = json_string_value(json_object_get(row, "note"));
		const view_cell cells[] = {{.text = t ? language_text(l, t->label) : quantity, .note = what, .head = TRUE},
			{.text = value ? value : note ? note : "–", .unit = value ? unit_text : NULL, .note = value ? note : NULL, .explain = value && t ? site_explain(r, m, t) : NULL}, {.text = range ? range : "–"}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	if (json_array_size(json_object_get(table, "rows")))
		return table;
	json_decref(table);
	return NULL;
}
