/* /pledges/ID/discrepancies and /discrepancies, .csv and .json: what was promised, reported and measured by target, year and site; of one pledge, of all. */
#include <math.h>
#include <string.h>

#include "rules/discrepancy.h"
#include "web/pages/families.h"
#include "web/pages/pledge.h"
#include "web/rows.h"

static json_t *real_or_null(double value)
{
	return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null(); /* sums and differences of decimal figures have no more */
}

/* One row as data: the columns of the table, in its order. */
static json_t *row_data(const char *pledge, const discrepancy_row *row)
{
	json_t *out = json_pack("{s:s, s:i, s:i, s:s?, s:s?}", "pledge", pledge, "target", (int)row->target, "year", row->year, "site", row->site, "unit", row->unit);
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

static const char *const columns[] = {"pledge", "target", "year", "site", "unit", "promised", "reported", "measured", "measured_low", "measured_high",
	"measured_year", "sites", "sites_with_value", "difference", "difference_low", "difference_high", "verdict", NULL};

/* Rows of every target of a pledge, of one verdict or (NULL) of any. */
static void add_rows(json_t *rows, const char *pledge, const pledge_facts *facts, const measuring_facts *measured, const char *today, const char *verdict)
{
	for (gsize i = 0; i < promise_count(facts->pledge); i++) {
		g_autoptr(GArray) list = promise_discrepancies(facts, i, measured->list, measured->n, today);
		for (guint k = 0; k < list->len; k++) {
			const discrepancy_row *row = &g_array_index(list, discrepancy_row, k);
			if (!verdict || strcmp(discrepancy_words[row->verdict].id, verdict) == 0)
				json_array_append_new(rows, row_data(pledge, row));
		}
	}
}

/* Takes the rows. pledge: NULL for all. */
static void answer_rows(const request *r, response *out, const char *pledge, const char *today, json_t *rows)
{
	if (request_format(r) == FORMAT_JSON) {
		json_t *answer = json_pack("{s:s, s:o}", "as_of", today, "rows", rows);
		if (pledge)
			json_object_set_new(answer, "pledge", json_string(pledge));
		response_json(out, answer);
		return;
	}
	g_autofree char *name = pledge ? g_strdup_printf("%s-discrepancies.csv", pledge) : g_strdup("discrepancies.csv");
	response_text(out, "text/csv; charset=utf-8", rows_csv(rows, columns));
	response_file_name(out, name);
	json_decref(rows);
}

void page_pledge_discrepancies(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "pledge");
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
	const measuring_facts measured = {(site_measurement *)(gpointer)known.measurements->data, known.measurements->len, NULL, NAN};
	add_rows(rows, rec->id, &known.facts, &measured, today, NULL);
	answer_rows(r, out, rec->id, today, rows);
}

typedef struct gathering {
	json_t *rows;
	measuring_facts measured;
	const char *today, *verdict;
} gathering;

static gboolean gather(const record *pledge, const pledge_facts *facts, gpointer data)
{
	gathering *g = data;
	add_rows(g->rows, pledge->id, facts, &g->measured, g->today, g->verdict);
	return TRUE;
}

void page_discrepancies(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	const char *verdicts[DISCREPANCY_VERDICTS + 1] = {NULL}, *asked;
	for (int i = 0; i < DISCREPANCY_VERDICTS; i++)
		verdicts[i] = discrepancy_words[i].id;
	if (!query_choice(r, out, "verdict", verdicts, &asked))
		return;
	g_autoptr(board) b = pledge_board(r, &error);
	gathering g = {.rows = json_array(), .verdict = asked};
	if (b) {
		g.measured = board_measured(b);
		g.today = board_day(b);
	}
	if (b && board_each_pledge(request_reader(r), b, request_as_of(r), gather, &g, &error)) {
		answer_rows(r, out, NULL, g.today, g.rows);
		return;
	}
	json_decref(g.rows);
	response_error(out, r, error);
}
