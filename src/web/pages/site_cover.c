/* Land cover of a site: what became of what, as a matrix of seven classes. */
#include <math.h>
#include <string.h>

#include "publish/chart.h"
#include "record/vocabulary.h"
#include "web/pages/pages.h"
#include "web/pages/site.h"

#define COVERS 7

/* What changes of a cell mean: quantities of its rows. */
static const struct {
	const char *quantity, *glyph, *label; /* label: a msgid */
	ink colour;
} meanings[] = {
	{"cover-improved", "▲", N_("gain"), INK_IMPROVED}, {"cover-stable", "●", N_("neither"), INK_STABLE}, {"cover-degraded", "▼", N_("loss"), INK_DEGRADED},
};

typedef struct cover {
	double area[COVERS][COVERS], low[COVERS][COVERS], high[COVERS][COVERS]; /* hectares; NaN: none */
	guint meaning[COVERS][COVERS];
	const char *labels[COVERS];
	double sums[G_N_ELEMENTS(meanings)];
	char *period; /* "2000 to 2020" */
	guint n;
} cover;

static void cover_clear(cover *c)
{
	g_free(c->period);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(cover, cover_clear)

static const char *member(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static int place_of(const vocabulary *v, const char *id)
{
	for (gsize i = 0; id && i < vocabulary_size(v) && i < COVERS; i++)
		if (strcmp(vocabulary_term(v, i)->id, id) == 0)
			return (int)i;
	return -1;
}

static double number(const json_t *row, const char *name)
{
	const json_t *value = json_object_get(row, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static void take_row(cover *c, const vocabulary *v, const json_t *row)
{
	int from = place_of(v, member(row, "from")), to = place_of(v, member(row, "to"));
	for (guint k = 0; k < G_N_ELEMENTS(meanings); k++) {
		if (from < 0 || to < 0 || g_strcmp0(member(row, "quantity"), meanings[k].quantity) != 0 || !isfinite(number(row, "value")))
			continue;
		const char *what = member(row, "what"), *period = what ? strstr(what, ", ") : NULL;
		c->area[from][to] = number(row, "value");
		c->low[from][to] = number(row, "low");
		c->high[from][to] = number(row, "high");
		c->meaning[from][to] = k;
		c->sums[k] += number(row, "value");
		c->n++;
		if (!c->period && period)
			c->period = g_strdup(period + 2);
	}
}

static void cover_read(cover *c, const request *r, const record *m)
{
	const vocabulary *v = vocabulary_get("land-covers");
	const json_t *row;
	gsize i;
	*c = (cover){0};
	for (int from = 0; from < COVERS; from++)
		for (int to = 0; to < COVERS; to++)
			c->area[from][to] = c->low[from][to] = c->high[from][to] = NAN;
	for (i = 0; r && i < vocabulary_size(v) && i < COVERS; i++)
		c->labels[i] = language_text(request_language(r), vocabulary_term(v, i)->label);
	json_array_foreach(m ? json_object_get(m->body, "results") : NULL, i, row)
		take_row(c, v, row);
}

gboolean site_has_cover(const record *m)
{
	g_auto(cover) c = {0};
	cover_read(&c, NULL, m);
	return c.n > 0;
}

static char *title_of(const request *r, const cover *c)
{
	const language *l = request_language(r);
	g_autofree char *gain = view_significant(r, c->sums[0]), *loss = view_significant(r, c->sums[2]);
	return view_message(language_text(l, "Land cover: {gain} ha changed for the better, {loss} ha for the worse"), "gain", gain, "loss", loss, NULL);
}

static char *corner_of(const request *r, const cover *c)
{
	return view_message(language_text(request_language(r), "{period}: from, down; to, across"), "period", c->period ? c->period : "", NULL);
}

GBytes *site_cover(const request *r, const record *m, GError **error)
{
	const language *l = request_language(r);
	g_auto(cover) c = {0};
	chart_cell cells[COVERS * COVERS] = {{NULL, INK_STABLE}};
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	cover_read(&c, r, m);
	for (int from = 0; from < COVERS; from++)
		for (int to = 0; to < COVERS; to++) {
			if (!isfinite(c.area[from][to]))
				continue;
			g_autofree char *value = view_significant(r, c.area[from][to]);
			char *text = g_strdup_printf("%s\302\240%s", meanings[c.meaning[from][to]].glyph, value);
			g_ptr_array_add(texts, text);
			cells[from * COVERS + to] = (chart_cell){text, meanings[c.meaning[from][to]].colour};
		}
	g_autofree char *title = title_of(r, &c), *corner = corner_of(r, &c), *source = g_strdup_printf("%s: %s", language_text(l, "Source"), record_title(m));
	const chart_matrix shape = {c.labels, COVERS, cells, corner};
	const chart drawn = {.title = title, .subtitle = language_text(l, "Hectares from each class to each. ▲ gain, ● neither, ▼ loss, as the UNCCD counts them"), .source = source,
		.language = l, .matrix = &shape};
	drawing_form form = page_drawing_form(r);
	return chart_draw(&drawn, &form, error);
}

static json_t *cover_table(const request *r, const cover *c, const char *title)
{
	const language *l = request_language(r);
	static const char *const columns[] = {N_("From"), N_("To"), N_("Hectares"), N_("Range"), N_("Means")};
	json_t *table = view_table(title);
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), i == 2 || i == 3);
	for (int from = 0; from < COVERS; from++)
		for (int to = 0; to < COVERS; to++) {
			g_autofree char *value = view_significant(r, c->area[from][to]), *low = view_significant(r, c->low[from][to]), *high = view_significant(r, c->high[from][to]);
			g_autofree char *range = low && high ? view_message(language_text(l, "{low} to {high}"), "low", low, "high", high, NULL) : NULL;
			const view_cell cells[] = {{.text = c->labels[from], .head = TRUE}, {.text = c->labels[to]}, {.text = value}, {.text = range ? range : "–"},
				{.text = language_text(l, meanings[c->meaning[from][to]].label)}};
			if (value)
				view_table_row(table, cells, G_N_ELEMENTS(cells));
		}
	return table;
}

json_t *site_cover_view(const request *r, const record *m, const char *address)
{
	g_auto(cover) c = {0};
	json_t *view = json_object();
	cover_read(&c, r, m);
	g_autofree char *title = title_of(r, &c), *picture = g_strdup_printf("%s%cchart=transitions", address, strchr(address, '?') ? '&' : '?');
	view_picture(view, picture);
	view_put(view, "alt", title);
	json_object_set_new(view, "lazy", json_true());
	json_object_set_new(view, "table", cover_table(r, &c, title));
	return view;
}
