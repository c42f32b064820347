#include <string.h>

#include "ldn/landcover.h"
#include "table_text.h"

/* The position of a class named by its code or its name; 0: none. */
static int find_class(const ldn_legend *legend, const ldn_field *field)
{
	int code, is_code = ldn_field_number(field, &code);
	for (size_t k = 0; k < legend->count; k++) {
		const ldn_land_class *one = &legend->classes[k];
		if ((is_code && one->code == code) || (field->length > 0 && ldn_field_is(field, one->name)))
			return (int)k + 1;
	}
	return 0;
}

static int read_meaning(const ldn_field *field, int8_t *meaning)
{
	static const struct {
		const char *word;
		int8_t meaning;
	} words[] = {{"-1", -1}, {"0", 0}, {"1", 1}, {"+1", 1}, {"-", -1}, {"+", 1}, {"D", -1}, {"S", 0}, {"I", 1}};
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (ldn_field_is(field, words[k].word)) {
			*meaning = words[k].meaning;
			return 1;
		}
	return 0;
}

static int set_meaning(ldn_table_text *table, ldn_matrix *matrix, int from, int to, size_t field)
{
	int8_t *cell = &matrix->meaning[from][to];
	if (*cell != LDN_MEANING_NONE) {
		ldn_table_text_blame(table, field, "this transition is given twice");
		return 0;
	}
	if (!read_meaning(&table->field[field], cell)) {
		ldn_table_text_blame(table, field, "a meaning is none of -1 0 1, - 0 +, D S I");
		return 0;
	}
	return 1;
}

static int require_class(ldn_table_text *table, const ldn_legend *legend, size_t field)
{
	int position = field < table->count ? find_class(legend, &table->field[field]) : 0;
	if (!position)
		ldn_table_text_blame(table, field, "the legend has no such class");
	return position;
}

static int read_square(ldn_table_text *table, const ldn_legend *legend, ldn_matrix *matrix)
{
	int to[LDN_FIELDS] = {0};
	uint8_t seen[LDN_LEGEND_CLASSES + 1] = {0};
	size_t width = table->count;
	for (size_t f = 1; f < width; f++) {
		to[f] = require_class(table, legend, f);
		if (!to[f])
			return 0;
		if (seen[to[f]]++) {
			ldn_table_text_blame(table, f, "a class is given twice");
			return 0;
		}
	}
	while (ldn_table_text_next(table)) {
		int from = require_class(table, legend, 0);
		if (!from)
			return 0;
		if (table->count > width) {
			ldn_table_text_blame(table, width, "more fields than classes in the first line");
			return 0;
		}
		for (size_t f = 1; f < table->count; f++)
			if (table->field[f].length > 0 && !set_meaning(table, matrix, from, to[f], f))
				return 0;
	}
	return 1;
}

static int read_list(ldn_table_text *table, const ldn_legend *legend, ldn_matrix *matrix)
{
	while (ldn_table_text_next(table)) {
		int from = require_class(table, legend, 0), to = from ? require_class(table, legend, 1) : 0;
		if (!to)
			return 0;
		if (table->count < 3) {
			ldn_table_text_blame(table, table->count, "a transition has no meaning beside it");
			return 0;
		}
		if (!set_meaning(table, matrix, from, to, 2))
			return 0;
	}
	return 1;
}

static int is_list(const ldn_table_text *table)
{
	const ldn_field *f = table->field;
	return table->count >= 3 && (ldn_field_is(&f[0], "initial") || ldn_field_is(&f[0], "from")) &&
		(ldn_field_is(&f[1], "final") || ldn_field_is(&f[1], "to")) && ldn_field_is(&f[2], "meaning");
}

static void clear_matrix(ldn_matrix *matrix, size_t count)
{
	matrix->count = count;
	memset(matrix->meaning, LDN_MEANING_NONE, sizeof matrix->meaning);
}

ldn_status ldn_matrix_parse(const char *text, size_t length, const ldn_legend *legend, ldn_matrix *matrix, ldn_text_fault *fault)
{
	ldn_table_text table;
	clear_matrix(matrix, legend->count);
	if (ldn_table_text_open(&table, text, length) == LDN_OK) {
		if (ldn_table_text_next(&table))
			(void)(is_list(&table) ? read_list : read_square)(&table, legend, matrix);
		else if (!table.fault.what)
			ldn_table_text_blame(&table, 0, "there is nothing in this matrix");
	}
	if (fault)
		*fault = table.fault;
	if (table.fault.what) {
		clear_matrix(matrix, 0);
		return LDN_ERROR_ARGUMENT;
	}
	return LDN_OK;
}

/* Trends.Earth LDMP/data/land_cover_transition_matrix_unccd.json; the processes are in table 9 of the PRAIS4 manual. */
void ldn_matrix_unccd(ldn_matrix *matrix)
{
	static const char rows[8][8] = {"", "0-----0", "+0+---0", "+-0---0", "---0--0", "++++0+0", "++++-00", "0000000"};
	clear_matrix(matrix, 7);
	for (int from = 1; from <= 7; from++)
		for (int to = 1; to <= 7; to++)
			matrix->meaning[from][to] = (int8_t)((rows[from][to - 1] == '+') - (rows[from][to - 1] == '-'));
}
