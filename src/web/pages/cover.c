#include "web/pages/cover.h"

#include <math.h>

#include "publish/chart.h"
#include "record/vocabulary.h"
#include "web/pages/pages.h"

/* What changes of a cell mean. */
static const struct {
	const char *glyph, *label; /* label: a msgid */
	ink colour;
} meanings[COVER_MEANINGS] = {
	[COVER_GAIN] = {"▲", N_("gain"), INK_IMPROVED}, [COVER_NEITHER] = {"●", N_("neither"), INK_STABLE}, [COVER_LOSS] = {"▼", N_("loss"), INK_DEGRADED},
};

gboolean cover_of(const record *m, cover_sum *out)
{
	g_autofree cover_changes *changes = m ? cover_changes_read(json_object_get(m->body, "results")) : NULL;
	*out = (cover_sum){0};
	if (changes)
		cover_sum_add(out, changes, NULL);
	return changes != NULL;
}

static const char *label_of(const request *r, int place)
{
	const term *t = vocabulary_find(vocabulary_get("land-covers"), cover_ids[place]);
	return t ? language_text(request_language(r), t->label) : cover_ids[place];
}

static char *value_of(const request *r, const measured_hectares *h)
{
	return h->say == SAY_VALUE ? view_significant(r, h->value) : NULL;
}

char *cover_title(const request *r, const cover_sum *s)
{
	g_autofree char *gain = view_significant(r, s->sums[COVER_GAIN]), *loss = view_significant(r, s->sums[COVER_LOSS]);
	return view_message(request_text(r, N_("Land cover: {gain} ha changed for the better, {loss} ha for the worse")), "gain", gain, "loss", loss, NULL);
}

/* "2000 to 2020: from, down; to, across" */
static char *corner_of(const request *r, const cover_sum *s)
{
	const language *l = request_language(r);
	g_autofree char *first = g_strdup_printf("%d", s->first), *last = g_strdup_printf("%d", s->last);
	return s->first && s->last ? view_message(language_text(l, "{first} to {last}: from, down; to, across"), "first", first, "last", last, NULL)
		: g_strdup(language_text(l, "From, down; to, across"));
}

GBytes *cover_chart(const request *r, const cover_sum *s, const char *source, GError **error)
{
	const language *l = request_language(r);
	chart_cell cells[COVERS * COVERS] = {{NULL, INK_STABLE}};
	const char *labels[COVERS];
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	for (int from = 0; from < COVERS; from++) {
		labels[from] = label_of(r, from);
		for (int to = 0; to < COVERS; to++) {
			g_autofree char *value = value_of(r, &s->area[from][to]);
			if (!value)
				continue;
			char *text = g_strdup_printf("%s\302\240%s", meanings[s->meaning[from][to]].glyph, value);
			g_ptr_array_add(texts, text);
			cells[from * COVERS + to] = (chart_cell){text, meanings[s->meaning[from][to]].colour};
		}
	}
	g_autofree char *title = cover_title(r, s), *corner = corner_of(r, s), *n = view_count(l, "{n} site", "{n} sites", s->sites);
	g_autofree char *all = source ? NULL : view_message(language_text(l, "Source: the newest measurement of each of {sites}; each hectare once"), "sites", n, NULL);
	g_autofree char *one = source ? g_strdup_printf("%s: %s", language_text(l, "Source"), source) : NULL;
	const chart_matrix shape = {labels, COVERS, cells, corner};
	const chart drawn = {.title = title, .subtitle = language_text(l, "Hectares from each class to each. ▲ gain, ● neither, ▼ loss, as the UNCCD counts them"), .source = one ? one : all,
		.language = l, .matrix = &shape};
	drawing_form form = page_drawing_form(r);
	return chart_draw(&drawn, &form, error);
}

json_t *cover_table(const request *r, const cover_sum *s)
{
	const language *l = request_language(r);
	static const char *const columns[] = {N_("From"), N_("To"), N_("Hectares"), N_("Range"), N_("Means")};
	g_autofree char *title = cover_title(r, s);
	json_t *table = view_figure_table(r, title, EXPLAINS(FIGURE_COVER));
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), i == 2 || i == 3);
	for (int from = 0; from < COVERS; from++)
		for (int to = 0; to < COVERS; to++) {
			const measured_hectares *h = &s->area[from][to];
			g_autofree char *value = value_of(r, h), *low = view_significant(r, h->low), *high = view_significant(r, h->high);
			g_autofree char *range = low && high ? view_message(language_text(l, "{low} to {high}"), "low", low, "high", high, NULL) : NULL;
			const view_cell cells[] = {{.text = label_of(r, from), .head = TRUE}, {.text = label_of(r, to)}, {.text = value}, {.text = range ? range : "–"},
				{.text = language_text(l, meanings[s->meaning[from][to]].label)}};
			if (value)
				view_table_row(table, cells, G_N_ELEMENTS(cells));
		}
	return table;
}

json_t *cover_data(const cover_sum *s)
{
	if (!s)
		return json_null();
	json_t *list = json_array();
	for (int from = 0; from < COVERS; from++)
		for (int to = 0; to < COVERS; to++) {
			const measured_hectares *h = &s->area[from][to];
			if (h->say == SAY_VALUE)
				json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:f, s:o, s:o}", "from", cover_ids[from], "to", cover_ids[to], "means", cover_meaning_ids[s->meaning[from][to]], "hectares",
					h->value, "low", isfinite(h->low) ? json_real(h->low) : json_null(), "high", isfinite(h->high) ? json_real(h->high) : json_null()));
		}
	return list;
}

json_t *cover_view(const request *r, const cover_sum *s, const char *address)
{
	g_autofree char *title = cover_title(r, s);
	return view_chart(address, "chart=transitions", title, cover_table(r, s));
}
