/* /pledges/ID/discrepancies.csv and .json: what was promised, reported and measured by target, year and site. */
#include <math.h>
#include <string.h>

#include "rules/discrepancy.h"
#include "web/pages/families.h"
#include "web/pages/pledge.h"
#include "web/rows.h"

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* One row as data: the columns of the table, in its order. */
static json_t *row_data(const record *rec, const discrepancy_row *row)
{
	json_t *out = json_pack("{s:s, s:i, s:i, s:s?, s:s?}", "pledge", rec->id, "target", (int)row->target, "year", row->year, "site", row->site, "unit", row->unit);
	const struct { const char *name; double value; } numbers[] = {{"promised", row->promised}, {"reported", row->reported}, {"measured", row->measured},
		{"measured_low", row->low}, {"measured_high", row->high}, {"difference", row->difference}, {"difference_low", row->difference_low},
		{"difference_high", row->difference_high}};
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		json_object_set_new(out, numbers[i].name, real_or_null(numbers[i].value));
	json_object_set_new(out, "measured_year", row->measured_year ? json_integer(row->measured_year) : json_null());
	json_object_set_new(out, "sites", json_integer(row->sites));
	json_object_set_new(out, "sites_with_value", json_integer(row->told));
	json_object_set_new(out, "verdict", json_string(discrepancy_words[row->verdict].id));
	return out;
}

void page_pledge_discrepancies(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "pledge");
	static const char *const columns[] = {"pledge", "target", "year", "site", "unit", "promised", "reported", "measured", "measured_low", "measured_high",
		"measured_year", "sites", "sites_with_value", "difference", "difference_low", "difference_high", "verdict", NULL};
	g_auto(board_case) known = {0};
	char today[11];
	if (!rec)
		return;
	g_autoptr(board) b = pledge_board(r, &error);
	if (!b || !board_case_read(request_reader(r), b, rec, request_as_of(r), &known, &error)) {
		response_error(out, r, error);
		return;
	}
	board_today(request_as_of(r), today);
	json_t *rows = json_array();
	for (gsize i = 0; i < promise_count(rec->body); i++) {
		g_autoptr(GArray) list = promise_discrepancies(&known.facts, i, (site_measurement *)(gpointer)known.measurements->data, known.measurements->len, today);
		for (guint k = 0; k < list->len; k++)
			json_array_append_new(rows, row_data(rec, &g_array_index(list, discrepancy_row, k)));
	}
	if (request_format(r) == FORMAT_JSON) {
		response_json(out, json_pack("{s:s, s:s, s:o}", "pledge", rec->id, "as_of", today, "rows", rows));
		return;
	}
	g_autofree char *name = g_strdup_printf("%s-discrepancies.csv", rec->id);
	response_text(out, "text/csv; charset=utf-8", rows_csv(rows, columns));
	response_file_name(out, name);
	json_decref(rows);
}
