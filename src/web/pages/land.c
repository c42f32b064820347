#include "web/pages/land.h"

#include <math.h>

#include "web/pages/cover.h"
#include "web/pages/sheet.h"
#include "web/pages/shown.h"

static char *hectares(const language *l, double value)
{
	return language_number(l, value, value < 100 ? 2 : 0);
}

json_t *land_tally_row(const request *r, const land_totals *land)
{
	static const trust mark = TRUST_PROMISED;
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, land->mapped, 0), *total = language_number(l, land->sites, 0);
	g_autofree char *gross = hectares(l, land->gross), *contested = hectares(l, land->contested);
	char *when = !land->sites ? g_strdup(language_text(l, "No pledge names a site."))
		: !land->mapped ? view_message(language_text(l, "None of {total} named sites has a boundary."), "total", total, NULL)
		: land->contested > 0 ? view_message(language_text(l, "net of overlap, by {n} of {total} named sites; {gross} ha pledge by pledge, {contested} ha contested."),
			"n", n, "total", total, "gross", gross, "contested", contested, NULL)
		: view_message(language_text(l, "net of overlap, by {n} of {total} named sites; {gross} ha pledge by pledge, none contested."), "n", n, "total", total, "gross", gross, NULL);
	if (land->approximate) {
		g_autofree char *short_one = when;
		when = g_strconcat(short_one, " ", land_approximate(r), NULL);
	}
	return view_tally_row((view_tally){.mark = &mark, .label = language_text(l, "Mapped"), .none = language_text(l, "nothing mapped"),
		.value = !land->mapped ? NULL : land->net < 100 ? hectares(l, land->net) : language_significant(l, land->net, 3), .unit = g_strdup("ha"),
		.exact = land->mapped ? hectares(l, land->net) : NULL, .when = when,
		.explain = land->mapped ? view_explain_kind(r, FIGURE_NET) : NULL});
}

static void land_row(json_t *table, const request *r, const char *label, const land_totals *land)
{
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, land->mapped, 0), *total = language_number(l, land->sites, 0);
	g_autofree char *mapped = view_message(language_text(l, "{n} of {total}"), "n", n, "total", total, NULL);
	g_autofree char *gross = hectares(l, land->gross), *net = hectares(l, land->net), *contested = hectares(l, land->contested);
	gboolean any = land->mapped > 0;
	const char *approximate = any && land->approximate ? language_text(l, "approximate") : NULL;
	const view_cell cells[] = {{.text = label, .head = TRUE}, {.text = land->sites ? mapped : language_text(l, "none")}, {.text = any ? gross : "–"},
		{.text = any ? net : "–", .note = approximate}, {.text = any ? contested : "–", .note = approximate}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

json_t *land_table(const request *r, const board *b, const board_area *area)
{
	const language *l = request_language(r);
	g_autofree char *day = language_date(l, board_day(b));
	g_autofree char *caption = view_message(language_text(l, "Hectares on the ellipsoid, as of {date}; the lines are not to be added up"), "date", day, NULL);
	json_t *table = view_figure_table(r, caption, area->all.mapped || area->pledged.mapped ? EXPLAINS(FIGURE_GROSS) | EXPLAINS(FIGURE_NET) | EXPLAINS(FIGURE_CONTESTED) : 0);
	static const char *const duties[] = {N_("Under a legal duty"), N_("Beyond duty"), N_("Offset"), N_("Duty not stated")};
	static const char *const classes[LAND_CLASSES] = {N_("Operational land"), N_("Legacy land"), N_("Beyond the footprint"), N_("Classes not told apart"), N_("Class of land not stated")};
	static const char *const columns[] = {N_("Sites"), N_("Mapped"), N_("Gross"), N_("Net"), N_("Contested")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), i > 0);
	land_row(table, r, language_text(l, "All"), &area->all);
	land_row(table, r, language_text(l, "Named by pledges that stand"), &area->pledged);
	for (int d = 0; d < DUTY_CLASSES; d++)
		if (area->by_duty[d].sites)
			land_row(table, r, language_text(l, duties[d]), &area->by_duty[d]);
	for (int c = 0; c < LAND_CLASSES; c++)
		if (area->by_class[c].sites)
			land_row(table, r, language_text(l, classes[c]), &area->by_class[c]);
	return table;
}

const char *land_approximate(const request *r)
{
	return language_text(request_language(r), "Approximate: the boundaries cross each other more often than is followed; what each covers alone and what they share may be wrong by a few per cent.");
}

char *land_note(const request *r, const board_area *area)
{
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, area->all.sites, 0), *mapped = language_number(l, area->all.mapped, 0);
	g_autofree char *note = view_message(language_text(l, "{mapped} of {n} sites have a boundary. Gross adds them up one by one, for pledges once for each that names them; net counts every hectare "
		"once; contested is what sites of different organisations cover."), "mapped", mapped, "n", n, NULL);
	return area->all.approximate ? g_strconcat(note, " ", land_approximate(r), NULL) : g_steal_pointer(&note);
}

void land_section(json_t *view, const request *r, const board *b, const board_area *area, const char *title)
{
	if (!area || (!area->all.sites && !area->pledged.sites))
		return;
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "land", title), *more = json_object();
	view_take(section, "note", land_note(r, area));
	json_object_set_new(section, "table", land_table(r, b, area));
	view_take(more, "href", view_address(r, "/sites/overlaps"));
	view_put(more, "label", language_text(l, "All overlaps"));
	json_object_set_new(section, "more", more);
}

static json_t *totals_data(const land_totals *land)
{
	return json_pack("{s:i, s:i, s:f, s:f, s:f, s:b}", "sites", (int)land->sites, "mapped", (int)land->mapped, "gross", land->gross, "net", land->net, "contested", land->contested,
		"approximate", land->approximate);
}

json_t *land_data(const board_area *area)
{
	if (!area)
		return json_null();
	json_t *by_duty = json_object(), *by_class = json_object();
	for (int d = 0; d < DUTY_CLASSES; d++)
		json_object_set_new(by_duty, duty_class_ids[d], totals_data(&area->by_duty[d]));
	for (int c = 0; c < LAND_CLASSES; c++)
		json_object_set_new(by_class, land_class_ids[c], totals_data(&area->by_class[c]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "all", totals_data(&area->all), "pledged", totals_data(&area->pledged), "by_duty", by_duty, "by_land_class", by_class,
		"shown", shown_data(&area->shown), "land_cover_changes", cover_data(area->covers));
}
