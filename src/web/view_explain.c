#include <math.h>

#include "web/view.h"

json_t *view_explain(const request *r, const figure_words *words, const char *source, const char *source_href, const char *date)
{
	const language *l = request_language(r);
	json_t *view = json_pack("{s:s, s:s, s:s, s:s}", "name", language_text(l, words->label), "definition", language_text(l, words->definition), "method",
		language_text(l, words->method), "uncertainty", language_text(l, words->uncertainty));
	view_put(view, "source", source);
	view_put(view, "source_href", source_href);
	view_put(view, "date", date);
	return view;
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
