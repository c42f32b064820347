#include <math.h>
#include <string.h>

#include "publish/chart.h"
#include "record/vocabulary.h"
#include "web/pages/case.h"

#define BARS_LEAST 3
#define BARS_MOST 8

static gboolean is_shown(const json_t *result, const char *unit)
{
	const json_t *value = json_object_get(result, "value");
	return json_is_number(value) && json_number_value(value) >= 0 && !json_object_get(result, "unit_as_stated")
		&& !g_strcmp0(unit, json_string_value(json_object_get(result, "unit")));
}

/* Areas can be compared by eye, and so can shares; other units hold too many different things. NULL: too few for a chart. */
static const char *shared_unit(const json_t *results)
{
	static const char *const units[] = { "ha", "%" };
	for (gsize u = 0; u < G_N_ELEMENTS(units); u++) {
		guint count = 0;
		const json_t *result;
		gsize i;
		json_array_foreach(results, i, result)
			count += is_shown(result, units[u]);
		if (count >= BARS_LEAST)
			return units[u];
	}
	return NULL;
}

gboolean case_has_chart(const json_t *body)
{
	return shared_unit(json_object_get(body, "results")) != NULL;
}

typedef struct bars {
	chart_bar bar[BARS_MOST];
	gsize n;
	char *labels[BARS_MOST], *texts[BARS_MOST];
	gsize largest;
	char *unit;
} bars;

static void bars_clear(bars *b)
{
	for (gsize i = 0; i < b->n; i++) {
		g_free(b->labels[i]);
		g_free(b->texts[i]);
	}
	g_free(b->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bars, bars_clear)

static void bars_fill(bars *b, const request *r, const record *rec)
{
	const json_t *results = json_object_get(rec->body, "results"), *result;
	const char *unit = shared_unit(results);
	gsize i;
	json_array_foreach(results, i, result) {
		if (b->n == BARS_MOST || !is_shown(result, unit))
			continue;
		json_t *figure = view_quantity(r, result, "value");
		const char *stated = json_string_value(json_object_get(result, "as_stated"));
		const char *value = json_string_value(json_object_get(figure, "value")), *label = json_string_value(json_object_get(figure, "unit"));
		b->labels[b->n] = g_strdup(view_dated(r, stated, json_integer_value(json_object_get(result, "year"))));
		b->texts[b->n] = g_strdup_printf("%s %s", value, label);
		if (!b->unit)
			b->unit = g_strdup(label);
		b->bar[b->n] = (chart_bar){ .label = b->labels[b->n], .text = b->texts[b->n], .value = json_number_value(json_object_get(result, "value")),
			.low = NAN, .high = NAN, .mark = TRUST_REPORTED, .colour = INK_IMPROVED };
		if (b->bar[b->n].value > b->bar[b->largest].value)
			b->largest = b->n;
		b->n++;
		json_decref(figure);
	}
}

static char *chart_title(const request *r, const bars *b)
{
	return view_message(language_text(request_language(r), "Largest figure: {value}, {what}"), "value", b->texts[b->largest],
		"what", b->labels[b->largest], NULL);
}

static char *chart_subtitle(const request *r, const bars *b)
{
	return view_message(language_text(request_language(r), "Results given in {unit}, as their sources report them"), "unit", b->unit, NULL);
}

GBytes *case_chart(const request *r, const record *rec, const drawing_form *form, GError **error)
{
	g_auto(bars) b = { 0 };
	bars_fill(&b, r, rec);
	g_autofree char *title = chart_title(r, &b), *subtitle = chart_subtitle(r, &b);
	chart_bars shape = { .bars = b.bar, .n = b.n };
	chart c = { .title = title, .subtitle = subtitle, .source = record_title(rec), .language = request_language(r), .bars = &shape };
	return chart_draw(&c, form, error);
}

json_t *case_chart_view(const request *r, const record *rec)
{
	g_auto(bars) b = { 0 };
	bars_fill(&b, r, rec);
	json_t *view = json_object();
	view_take(view, "alt", chart_title(r, &b));
	g_autofree char *address = view_record_address(r, rec->kind, rec->id);
	view_picture(view, address, NULL);
	json_object_set_new(view, "table", json_null());
	return view;
}
