#include "table.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "whole.h"

json_t *table_new(const char *name, const char *title)
{
	json_t *table = json_object();
	json_object_set_new(table, "name", json_string(name));
	json_object_set_new(table, "title", json_string(title));
	json_object_set_new(table, "columns", json_array());
	json_object_set_new(table, "rows", json_array());
	return table;
}

void table_column(json_t *table, const char *name, const char *unit)
{
	json_t *column = json_object();
	json_object_set_new(column, "name", json_string(name));
	json_object_set_new(column, "unit", json_string(unit));
	json_array_append_new(json_object_get(table, "columns"), column);
}

void table_row(json_t *table, const char *kinds, ...)
{
	json_t *row = json_array();
	va_list cells;
	va_start(cells, kinds);
	for (; *kinds; kinds++) {
		if (*kinds == 's') {
			const char *text = va_arg(cells, const char *);
			json_array_append_new(row, text ? json_string(text) : json_null());
		} else if (*kinds == 'i') {
			json_array_append_new(row, json_integer(va_arg(cells, int64_t)));
		} else {
			double number = va_arg(cells, double);
			json_array_append_new(row, isfinite(number) ? json_real(number) : json_null());
		}
	}
	va_end(cells);
	json_array_append_new(json_object_get(table, "rows"), row);
}

static void csv_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void number_text(double number, char text[32])
{
	if (fabs(number) < 1e15 && number == trunc(number)) {
		snprintf(text, 32, "%.0f", number);
		return;
	}
	/* The fewest digits that read back as the number. Most sums need 17, and what 16 cannot say, 15 cannot either (but for some powers of two beyond
	 * 1e44 and below 1e-150, which come out longer). */
	snprintf(text, 32, "%.16g", number);
	if (strtod(text, NULL) != number) {
		snprintf(text, 32, "%.17g", number);
		return;
	}
	char shorter[32];
	snprintf(shorter, sizeof shorter, "%.15g", number);
	if (strtod(shorter, NULL) == number)
		memcpy(text, shorter, sizeof shorter);
}

static void csv_cell(FILE *out, const json_t *cell)
{
	char text[32];
	if (json_is_string(cell)) {
		csv_text(out, json_string_value(cell));
	} else if (json_is_integer(cell)) {
		fprintf(out, "%lld", (long long)json_integer_value(cell));
	} else if (json_is_real(cell)) {
		number_text(json_real_value(cell), text);
		fputs(text, out);
	}
}

char *table_csv(const json_t *table)
{
	char *text = NULL;
	size_t size = 0, i, j;
	FILE *out = open_memstream(&text, &size);
	json_t *column, *row, *cell;
	json_array_foreach(json_object_get(table, "columns"), i, column) {
		const char *unit = json_string_value(json_object_get(column, "unit"));
		fprintf(out, "%s%s%s%s", i ? "," : "", json_string_value(json_object_get(column, "name")), *unit ? "_" : "", unit);
	}
	putc('\n', out);
	json_array_foreach(json_object_get(table, "rows"), i, row) {
		json_array_foreach(row, j, cell) {
			if (j)
				putc(',', out);
			csv_cell(out, cell);
		}
		putc('\n', out);
	}
	fclose(out);
	return text;
}

/* Columns of characters, not of bytes. */
static int text_width(const char *text)
{
	int width = 0;
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void cell_text(const json_t *cell, char *text, size_t size)
{
	if (json_is_string(cell))
		snprintf(text, size, "%s", json_string_value(cell));
	else if (json_is_integer(cell))
		snprintf(text, size, "%lld", (long long)json_integer_value(cell));
	else if (json_is_real(cell)) {
		double number = json_real_value(cell), size_of = fabs(number);
		snprintf(text, size, "%.*f", size_of >= 1000 ? 0 : size_of >= 100 ? 1 : size_of >= 1 || number == 0 ? 2 : size_of >= 1e-3 ? 4 : 8, number);
	} else
		snprintf(text, size, "-");
}

void table_print(const json_t *table, FILE *out)
{
	enum { COLUMNS = 32, LENGTH = 256 };
	char text[LENGTH];
	int width[COLUMNS] = {0};
	size_t i, j;
	json_t *row, *cell, *column, *columns = json_object_get(table, "columns");
	json_array_foreach(columns, i, column) {
		const char *unit = json_string_value(json_object_get(column, "unit"));
		snprintf(text, sizeof text, "%s%s%s", json_string_value(json_object_get(column, "name")), *unit ? " " : "", unit);
		if (i < COLUMNS)
			width[i] = text_width(text);
	}
	json_array_foreach(json_object_get(table, "rows"), i, row)
		json_array_foreach(row, j, cell) {
			cell_text(cell, text, sizeof text);
			if (j < COLUMNS && text_width(text) > width[j])
				width[j] = text_width(text);
		}
	fprintf(out, "%s\n", json_string_value(json_object_get(table, "title")));
	json_array_foreach(columns, i, column) {
		const char *unit = json_string_value(json_object_get(column, "unit"));
		snprintf(text, sizeof text, "%s%s%s", json_string_value(json_object_get(column, "name")), *unit ? " " : "", unit);
		const json_t *sample = json_array_get(json_array_get(json_object_get(table, "rows"), 0), i);
		int pad = i < COLUMNS ? width[i] - text_width(text) : 0;
		if (json_is_string(sample))
			fprintf(out, "  %s%*s", text, pad, "");
		else
			fprintf(out, "  %*s%s", pad, "", text);
	}
	putc('\n', out);
	json_array_foreach(json_object_get(table, "rows"), i, row) {
		json_array_foreach(row, j, cell) {
			cell_text(cell, text, sizeof text);
			int pad = j < COLUMNS ? width[j] - text_width(text) : 0;
			if (json_is_string(cell))
				fprintf(out, "  %s%*s", text, pad, "");
			else
				fprintf(out, "  %*s%s", pad, "", text);
		}
		putc('\n', out);
	}
}

static void line_start(FILE *out, int depth)
{
	putc_unlocked('\n', out);
	while (depth-- > 0)
		putc_unlocked(' ', out);
}

/* Most texts are names, which need no escape. */
static void string_put(FILE *out, const json_t *value)
{
	const char *text = json_string_value(value);
	bool plain = true;
	for (const char *c = text; plain && *c; c++)
		plain = *c >= ' ' && *c < 127 && *c != '"' && *c != '\\';
	if (!plain || strlen(text) != json_string_length(value)) {
		json_dumpf(value, out, JSON_ENCODE_ANY);
		return;
	}
	putc_unlocked('"', out);
	fputs_unlocked(text, out);
	putc_unlocked('"', out);
}

static void real_put(FILE *out, double number)
{
	char text[32];
	number_text(number, text);
	fputs_unlocked(text, out);
	if (!strpbrk(text, ".e")) /* 1e5 and 10 would read back as what they are not: a whole number */
		fputs_unlocked(".0", out);
}

/* By hand: tables hold integers by the hundred thousand. */
static void integer_put(FILE *out, int64_t number)
{
	char text[24], *at = text + sizeof text - 1;
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	*at = 0;
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--at = '-';
	fputs_unlocked(at, out);
}

static void json_put(FILE *out, const json_t *value, int depth)
{
	const char *key;
	json_t *member;
	size_t i = 0;
	/* A row of a table stays on one line. */
	bool flat = json_is_array(value) && !json_is_object(json_array_get(value, 0)) && !json_is_array(json_array_get(value, 0));
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		putc_unlocked('{', out);
		json_object_foreach((json_t *)(size_t)value, key, member) {
			json_t *name = json_string(key);
			fputs_unlocked(i++ ? "," : "", out);
			line_start(out, depth + 1);
			string_put(out, name);
			json_decref(name);
			fputs_unlocked(": ", out);
			json_put(out, member, depth + 1);
		}
		if (i)
			line_start(out, depth);
		putc_unlocked('}', out);
		break;
	case JSON_ARRAY:
		putc_unlocked('[', out);
		json_array_foreach(value, i, member) {
			fputs_unlocked(!i ? "" : flat ? ", " : ",", out);
			if (!flat)
				line_start(out, depth + 1);
			json_put(out, member, depth + 1);
		}
		if (!flat && json_array_size(value))
			line_start(out, depth);
		putc_unlocked(']', out);
		break;
	case JSON_STRING:
		string_put(out, value);
		break;
	case JSON_REAL:
		real_put(out, json_real_value(value));
		break;
	case JSON_INTEGER:
		integer_put(out, json_integer_value(value));
		break;
	default:
		json_dumpf(value, out, JSON_ENCODE_ANY);
	}
}

char *json_text(const json_t *document)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	json_put(out, document, 0);
	putc('\n', out);
	fclose(out);
	return text;
}

static bool text_write(const char *path, const char *text, failure *why)
{
	if (strcmp(path, "-") == 0) {
		fputs(text, stdout);
		return true;
	}
	return whole_write(path, text, strlen(text), why);
}

static char *name_of_table(const char *path, const char *table)
{
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	if (!dot || (slash && dot < slash))
		dot = path + strlen(path);
	return text_format("%.*s-%s%s", (int)(dot - path), path, table, dot);
}

bool tables_are_json(const char *path)
{
	size_t length = strlen(path);
	return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

bool tables_write(const json_t *tables, const char *path, const char *ready, failure *why)
{
	size_t i;
	json_t *table;
	if (tables_are_json(path)) {
		autofree char *made = ready ? NULL : json_text(tables);
		return text_write(path, ready ? ready : made, why);
	}
	json_array_foreach(tables, i, table) {
		autofree char *name = i == 0 || strcmp(path, "-") == 0 ? text_copy(path) : name_of_table(path, json_string_value(json_object_get(table, "name")));
		autofree char *text = table_csv(table);
		if (i && strcmp(path, "-") == 0)
			putchar('\n');
		if (!text_write(name, text, why))
			return false;
	}
	return true;
}
