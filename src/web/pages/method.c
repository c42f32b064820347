/* /method: how figures come to be, in the words of the rules themselves. */
#include "record/vocabulary.h"
#include "rules/status.h"
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
	response_page(out, r, 200, "method", view);
}
