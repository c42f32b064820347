/* /method: how figures come to be, in the words of the rules themselves. */
#include "record/vocabulary.h"
#include "rules/alignment.h"
#include "rules/gap.h"
#include "web/pages/pages.h"
#include "web/view.h"

static json_t *grades(const language *l)
{
	const vocabulary *v = vocabulary_get("evidence-grades");
	json_t *list = json_array();
	for (gsize i = 0; i < vocabulary_size(v); i++) {
		const term *t = vocabulary_term(v, i);
		json_array_append_new(list, json_pack("{s:s, s:s?}", "name", language_text(l, t->label), "means", t->definition ? language_text(l, t->definition) : NULL));
	}
	return list;
}

static json_t *states(const language *l)
{
	json_t *list = json_array();
	for (gsize i = 0; i < PLEDGE_STATES; i++) {
		const pledge_state_word *word = &pledge_state_words[i];
		gboolean loud = i == PLEDGE_CONTRADICTED || i == PLEDGE_OVERDUE, good = i == PLEDGE_ACHIEVED_MEASURED;
		json_array_append_new(list, json_pack("{s:{s:s, s:s, s:b, s:b}, s:s}", "status", "glyph", word->glyph, "label", language_text(l, word->label),
			"loud", loud, "good", good, "means", language_text(l, word->means)));
	}
	return list;
}

static json_t *rules(const language *l)
{
	json_t *list = json_array();
	for (gsize i = 0; i < pledge_rules_count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "says", language_text(l, pledge_rules[i].says),
			"then", language_text(l, pledge_state_words[pledge_rules[i].state].label)));
	return list;
}

/* Which measured areas answer which promise. */
static json_t *answers(const language *l)
{
	json_t *table = view_table(language_text(l, "The first row that a site’s measurement can answer counts; areas in one row are added up"));
	static const char *const columns[] = {N_("Promise"), N_("Measured areas that answer it"), N_("What that means")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	for (gsize i = 0; i < metric_answers_count; i++) {
		const term *metric = vocabulary_find(vocabulary_get("pledge-metrics"), metric_answers[i].metric);
		const char *labels[MEASURED_AREAS + 1] = {NULL};
		gsize n = 0;
		for (int a = 0; a < MEASURED_AREAS; a++) {
			const term *t = vocabulary_find(vocabulary_get("measured-quantities"), measured_area_ids[a]);
			if (metric_answers[i].areas & 1u << a && t)
				labels[n++] = language_text(l, t->label);
		}
		g_autofree char *areas = language_list(l, labels);
		const view_cell cells[] = {{.text = metric ? language_text(l, metric->label) : metric_answers[i].metric, .head = TRUE}, {.text = areas},
			{.text = language_text(l, metric_answers[i].means)}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

/* What every figure on a page can say about itself. */
static json_t *figures(const language *l)
{
	json_t *list = json_array();
	for (gsize i = 0; i < FIGURES; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", language_text(l, figures_explained[i].label), "definition",
			language_text(l, figures_explained[i].definition), "how", language_text(l, figures_explained[i].method), "uncertainty",
			language_text(l, figures_explained[i].uncertainty)));
	return list;
}

static json_t *questions(const language *l)
{
	json_t *list = json_array();
	for (gsize i = 0; i < ALIGNMENT_QUESTIONS; i++)
		json_array_append_new(list, json_string(language_text(l, alignment_words[i].asks)));
	return list;
}

void page_method(const request *r, response *out)
{
	const language *l = request_language(r);
	json_t *view = json_object();
	view_put(view, "title", language_text(l, "How we know"));
	view_put(view, "active", "/method");
	json_object_set_new(view, "marks", json_pack("{s:{s:b, s:b, s:b}, s:{s:b, s:b, s:b}, s:{s:b, s:b, s:b}}",
		"promised", "promised", 1, "reported", 0, "measured", 0, "reported", "promised", 0, "reported", 1, "measured", 0,
		"measured", "promised", 0, "reported", 0, "measured", 1));
	json_object_set_new(view, "grades", grades(l));
	json_object_set_new(view, "states", states(l));
	json_object_set_new(view, "rules", rules(l));
	json_object_set_new(view, "answers", answers(l));
	json_object_set_new(view, "figures", figures(l));
	json_object_set_new(view, "questions", questions(l));
	response_page(out, r, 200, "method", view);
}
