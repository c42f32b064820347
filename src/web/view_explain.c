#include <math.h>

#include "record/vocabulary.h"
#include "web/board.h"
#include "web/view.h"

/* ---- what a figure says of itself ---- */

json_t *view_explain(const request *r, const figure_words *words, const char *source, const char *source_href, const char *date)
{
	const language *l = request_language(r);
	json_t *view = json_pack("{s:s, s:s, s:s, s:s}", "name", language_text(l, words->label), "definition", language_text(l, words->definition), "method",
		language_text(l, words->method), "uncertainty", language_text(l, words->uncertainty));
	view_put(view, "source", source);
	view_put(view, "source_href", source_href);
	view_put(view, "date", date);
	json_object_set_new_nocheck(view, "named", json_false());
	return view;
}

/* Where figures of a sort come from when they are computed of many records, and where these are listed. */
static const struct {
	const char *source, *path; /* source: a msgid */
} origins[FIGURES] = {
	[FIGURE_PROMISED] = {N_("The pledges"), "/pledges"},
	[FIGURE_MAPPED] = {N_("Boundaries of the sites"), "/sites"},
	[FIGURE_NET] = {N_("Boundaries of the sites, and the list of their overlaps"), "/sites/overlaps"},
	[FIGURE_REPORTED] = {N_("Progress reports on the pledges"), "/progress"},
	[FIGURE_MEASURED] = {N_("Measurements of their sites"), "/measurements"},
	[FIGURE_GROSS] = {N_("Boundaries of the sites"), "/sites"},
	[FIGURE_CONTESTED] = {N_("Boundaries of the sites, and the list of their overlaps"), "/sites/overlaps"},
	[FIGURE_EXPECTED] = {N_("The pledges, their baselines, milestones and deadlines"), "/pledges"},
	[FIGURE_COMPLETENESS] = {N_("The pledges as they were published"), "/pledges"},
	[FIGURE_STATUS] = {N_("The rules, and the numbers of each pledge on its page"), "/method#status"},
	[FIGURE_ACCOUNT] = {N_("Progress reports about the sites"), "/progress"},
	[FIGURE_DIFFERENCE] = {N_("Progress reports and measurements"), "/measurements"},
	[FIGURE_COVER] = {N_("Measurements of the sites"), "/measurements"},
	[FIGURE_STATED] = {N_("What each record names beside its figures, on its own page"), NULL},
};

json_t *view_explain_kind(const request *r, figure_kind kind_of)
{
	char today[11];
	g_autofree char *day = NULL, *address = origins[kind_of].path ? view_address(r, origins[kind_of].path) : NULL;
	if (kind_of != FIGURE_STATED) {
		board_today(request_as_of(r), today);
		day = language_date(request_language(r), today);
	}
	return view_explain(r, &figures_explained[kind_of], request_text(r, origins[kind_of].source), address,
		day ? day : request_text(r, N_("The year beside each figure; where none stands, its source gives none")));
}

/* "Title, Publisher (Company)" */
static char *source_words(const request *r, const json_t *source)
{
	const char *title = json_string_value(json_object_get(source, "title")), *publisher = json_string_value(json_object_get(source, "publisher"));
	const char *kind_of = json_string_value(json_object_get(source, "kind"));
	const term *t = kind_of ? vocabulary_find(vocabulary_get("source-kinds"), kind_of) : NULL;
	g_autofree char *who = publisher ? g_strdup_printf(", %s", publisher) : g_strdup(""), *sort = t ? g_strdup_printf(" (%s)", request_text(r, t->label)) : g_strdup("");
	return title ? g_strconcat(title, who, sort, NULL) : NULL;
}

json_t *view_explain_stated(const request *r, const record *rec, const json_t *group, const char *what)
{
	const json_t *sources = json_object_get(rec->body, "sources"), *source, *found = json_array_get(sources, 0), *year = json_object_get(group, "year");
	json_int_t n = json_integer_value(json_object_get(group, "source"));
	gsize i;
	json_array_foreach(sources, i, source)
		if (n && json_integer_value(json_object_get(source, "n")) == n)
			found = source;
	if (!json_is_integer(year))
		year = json_object_get(rec->body, "year");
	figure_words words = figures_explained[FIGURE_STATED];
	const char *indicator = json_string_value(json_object_get(group, "indicator"));
	const term *t = indicator ? vocabulary_find(vocabulary_get("indicators"), indicator) : NULL;
	words.label = what ? what : record_title(rec);
	words.definition = t && t->definition ? t->definition : words.definition;
	g_autofree char *text = source_words(r, found), *page = view_record_address(r, rec->kind, rec->id);
	g_autofree char *address = found ? g_strdup_printf("%s#source-%" JSON_INTEGER_FORMAT, page, json_integer_value(json_object_get(found, "n"))) : g_strdup(page);
	g_autofree char *date = json_is_integer(year) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(year)) : g_strdup(request_text(r, N_("not given")));
	return view_explain(r, &words, text ? text : record_title(rec), address, date);
}

json_t *view_figure(const request *r, const record *rec, const json_t *group, const char *value_name, const char *what)
{
	json_t *figure = view_quantity(r, group, value_name);
	gboolean any = json_is_string(json_object_get(figure, "value"));
	json_object_set_new(figure, "explain", any ? view_explain_stated(r, rec, group, what) : json_null());
	return figure;
}

void view_explains_add(json_t *object, json_t *explain)
{
	if (!json_is_array(json_object_get(object, "explains")))
		json_object_set_new(object, "explains", json_array());
	json_object_set_new_nocheck(explain, "named", json_true());
	json_array_append_new(json_object_get(object, "explains"), explain);
	json_object_set_new_nocheck(object, "explains_shown", json_true());
}

void view_explains(json_t *object, const request *r, unsigned figures)
{
	json_object_set_new_nocheck(object, "explains", json_array());
	json_object_set_new_nocheck(object, "explains_shown", json_false());
	for (int i = 0; i < FIGURES; i++)
		if (figures & EXPLAINS(i))
			view_explains_add(object, view_explain_kind(r, i));
}

char *view_significant(const request *r, double value)
{
	return isfinite(value) ? language_significant(request_language(r), value, fabs(value) < 100 ? 2 : 3) : NULL;
}

static void put_share(json_t *bar, const char *name, double value, double to)
{
	view_take(bar, name, isfinite(value) ? g_strdup_printf("%.2f%%", 99.5 * CLAMP(value / to, 0, 1)) : NULL);
}

static json_t *bar_view(const view_bar *b)
{
	if (!b || !isfinite(b->value) || !(b->to > 0))
		return json_null();
	gboolean range = isfinite(b->low) && isfinite(b->high) && b->high > b->low;
	json_t *bar = json_object();
	put_share(bar, "width", b->value, b->to);
	put_share(bar, "low", range ? b->low : (double)NAN, b->to);
	put_share(bar, "high", range ? b->high : (double)NAN, b->to);
	return bar;
}

json_t *view_tally_row(view_tally row)
{
	json_t *view = json_pack("{s:b, s:b, s:b, s:s, s:s?}", "promised", row.mark && *row.mark == TRUST_PROMISED, "reported", row.mark && *row.mark == TRUST_REPORTED,
		"measured", row.mark && *row.mark == TRUST_MEASURED, "label", row.label, "none", row.none);
	view_take(view, "value", row.value);
	view_take(view, "unit", row.unit);
	view_take(view, "exact", row.exact);
	view_take(view, "when", row.when);
	json_object_set_new(view, "explain", row.explain ? row.explain : json_null());
	json_object_set_new(view, "bar", bar_view(row.bar));
	return view;
}
