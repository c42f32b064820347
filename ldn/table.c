#include "table.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "whole.h"

typedef enum cell_kind { CELL_UNKNOWN, CELL_TEXT, CELL_WHOLE, CELL_REAL } cell_kind;

typedef struct cell {
	cell_kind kind;
	union {
		size_t text; /* where it begins among the table's texts */
		int64_t whole;
		double real;
	};
} cell;

typedef struct column {
	char *name, *unit;
} column;

/* Where the translation of a word stands: few words fill long columns, and looking one up takes longer than all else in a row. */
typedef struct word {
	const char *own;
	size_t text;
} word;

enum { WORDS = 64 };

/* Tables of many zones have cells by the hundred thousand: they stand side by side, row after row, their texts too. */
struct result_table {
	char *name, *title;
	column *columns;
	size_t column_count;
	cell *cells;
	size_t cell_count, cell_room;
	char *texts;
	size_t text_size, text_room;
	word words[WORDS];
};

result_table *table_new(const char *name, const char *title)
{
	result_table *one = memory_new(1, sizeof *one);
	one->name = text_copy(name);
	one->title = text_copy(title);
	return one;
}

void table_free(result_table *one)
{
	for (size_t i = 0; one && i < one->column_count; i++) {
		free(one->columns[i].name);
		free(one->columns[i].unit);
	}
	if (one) {
		free(one->columns);
		free(one->cells);
		free(one->texts);
		free(one->name);
		free(one->title);
	}
	free(one);
}

void table_column(result_table *to, const char *name, const char *unit)
{
	to->columns = memory_grow(to->columns, to->column_count + 1, sizeof *to->columns);
	to->columns[to->column_count++] = (column){text_copy(name), text_copy(unit)};
}

static cell text_cell(result_table *to, const char *text)
{
	size_t size = strlen(text) + 1;
	if (to->text_size + size > to->text_room) {
		to->text_room = 2 * to->text_room + size;
		to->texts = memory_grow(to->texts, to->text_room, 1);
	}
	memcpy(to->texts + to->text_size, text, size);
	to->text_size += size;
	return (cell){.kind = CELL_TEXT, .text = to->text_size - size};
}

static cell word_cell(result_table *to, const char *own)
{
	word *known = &to->words[(uintptr_t)own / 4 % WORDS];
	if (known->own != own)
		*known = (word){own, text_cell(to, _(own)).text};
	return (cell){.kind = CELL_TEXT, .text = known->text};
}

void table_row(result_table *to, const char *kinds, ...)
{
	if (to->cell_count + to->column_count > to->cell_room) {
		to->cell_room = 2 * to->cell_room + to->column_count;
		to->cells = memory_grow(to->cells, to->cell_room, sizeof *to->cells);
	}
	va_list cells;
	va_start(cells, kinds);
	for (size_t i = 0; i < to->column_count; i++) {
		cell *next = &to->cells[to->cell_count++];
		*next = (cell){.kind = CELL_UNKNOWN};
		if (kinds[i] == 's') {
			const char *text = va_arg(cells, const char *);
			if (text)
				*next = text_cell(to, text);
		} else if (kinds[i] == 'w') {
			*next = word_cell(to, va_arg(cells, const char *));
		} else if (kinds[i] == 'i') {
			*next = (cell){.kind = CELL_WHOLE, .whole = va_arg(cells, int64_t)};
		} else {
			double number = va_arg(cells, double);
			if (isfinite(number))
				*next = (cell){.kind = CELL_REAL, .real = number};
		}
	}
	va_end(cells);
}

static size_t rows_of(const result_table *one)
{
	return one->column_count ? one->cell_count / one->column_count : 0;
}

static const cell *row_of(const result_table *one, size_t row)
{
	return one->cells + row * one->column_count;
}

void table_list_put(table_list *list, size_t at, result_table *one)
{
	list->items = memory_grow(list->items, list->count + 1, sizeof(result_table *));
	memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof(result_table *));
	list->items[at] = one;
	list->count++;
}

void table_list_free(table_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		table_free(list->items[i]);
	free(list->items);
	*list = (table_list){0};
}

/* --- CSV --- */

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

static void csv_cell(FILE *out, const result_table *one, const cell *value)
{
	char text[32];
	switch (value->kind) {
	case CELL_TEXT:
		csv_text(out, one->texts + value->text);
		break;
	case CELL_WHOLE:
		fprintf(out, "%lld", (long long)value->whole);
		break;
	case CELL_REAL:
		number_text(value->real, text);
		fputs(text, out);
		break;
	case CELL_UNKNOWN:
		break;
	}
}

/* CSV (RFC 4180, LF): a heading with the columns' names and units, one line a row; numbers with all their digits. */
static char *table_csv(const result_table *one)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	for (size_t i = 0; i < one->column_count; i++)
		fprintf(out, "%s%s%s%s", i ? "," : "", one->columns[i].name, *one->columns[i].unit ? "_" : "", one->columns[i].unit);
	putc('\n', out);
	for (size_t row = 0; row < rows_of(one); row++)
		for (size_t i = 0; i < one->column_count; i++) {
			csv_cell(out, one, row_of(one, row) + i);
			putc(i + 1 < one->column_count ? ',' : '\n', out);
		}
	fclose(out);
	return text;
}

/* --- for people --- */

/* Columns of characters, not of bytes. */
static int text_width(const char *text)
{
	int width = 0;
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

enum { LENGTH = 256 }; /* of a cell's text, at most */

static void cell_text(const result_table *one, const cell *value, char text[LENGTH])
{
	double size = value->kind == CELL_REAL ? fabs(value->real) : 0;
	switch (value->kind) {
	case CELL_TEXT:
		snprintf(text, LENGTH, "%s", one->texts + value->text);
		break;
	case CELL_WHOLE:
		snprintf(text, LENGTH, "%lld", (long long)value->whole);
		break;
	case CELL_REAL:
		snprintf(text, LENGTH, "%.*f", size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 || size == 0 ? 2 : size >= 1e-3 ? 4 : 8, value->real);
		break;
	case CELL_UNKNOWN:
		snprintf(text, LENGTH, "-");
		break;
	}
}

static void heading_text(const column *what, char text[LENGTH])
{
	snprintf(text, LENGTH, "%s%s%s", what->name, *what->unit ? " " : "", what->unit);
}

/* Texts stand to the left, what is not to the right. */
static void cell_print(FILE *out, const char *text, bool to_the_left, int width)
{
	int pad = width - text_width(text);
	if (to_the_left)
		fprintf(out, "  %s%*s", text, pad, "");
	else
		fprintf(out, "  %*s%s", pad, "", text);
}

void table_print(const result_table *one, FILE *out)
{
	char text[LENGTH];
	int *width = memory_new(one->column_count, sizeof *width);
	for (size_t i = 0; i < one->column_count; i++) {
		heading_text(&one->columns[i], text);
		width[i] = text_width(text);
		for (size_t row = 0; row < rows_of(one); row++) {
			cell_text(one, row_of(one, row) + i, text);
			width[i] = text_width(text) > width[i] ? text_width(text) : width[i];
		}
	}
	fprintf(out, "%s\n", one->title);
	for (size_t i = 0; i < one->column_count; i++) {
		heading_text(&one->columns[i], text);
		cell_print(out, text, one->cell_count && one->cells[i].kind == CELL_TEXT, width[i]);
	}
	putc('\n', out);
	for (size_t row = 0; row < rows_of(one); row++) {
		for (size_t i = 0; i < one->column_count; i++) {
			cell_text(one, row_of(one, row) + i, text);
			cell_print(out, text, row_of(one, row)[i].kind == CELL_TEXT, width[i]);
		}
		putc('\n', out);
	}
	free(width);
}

/* --- JSON --- */

/* A text that grows. */
typedef struct writing {
	char *text;
	size_t size, room;
} writing;

static void put_bytes(writing *out, const char *bytes, size_t size)
{
	if (out->size + size >= out->room) {
		out->room = 2 * (out->room + size) + 64;
		out->text = memory_grow(out->text, out->room, 1);
	}
	memcpy(out->text + out->size, bytes, size);
	out->size += size;
}

static void put(writing *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

static char *written(writing *out)
{
	put_bytes(out, "", 1);
	return out->text;
}

static void line_start(writing *out, int depth)
{
	put(out, "\n");
	while (depth-- > 0)
		put(out, " ");
}

static void dump_put(writing *out, const json_t *value)
{
	autofree char *text = json_dumps(value, JSON_ENCODE_ANY);
	put(out, text ? text : "null");
}

/* Most texts are names, which need no escape. */
static void string_put(writing *out, const char *text, size_t length)
{
	bool plain = true;
	for (size_t i = 0; plain && i < length; i++)
		plain = text[i] >= ' ' && text[i] < 127 && text[i] != '"' && text[i] != '\\';
	if (plain) {
		put(out, "\"");
		put_bytes(out, text, length);
		put(out, "\"");
		return;
	}
	json_t *value = json_stringn(text, length);
	dump_put(out, value);
	json_decref(value);
}

static void member_start(writing *out, const char *name, bool first, int depth)
{
	put(out, first ? "" : ",");
	line_start(out, depth);
	string_put(out, name, strlen(name));
	put(out, ": ");
}

static void real_put(writing *out, double number)
{
	char text[32];
	size_t length = number_text(number, text);
	put_bytes(out, text, length);
	if (!strpbrk(text, ".e")) /* 1e5 and 10 would read back as what they are not: a whole number */
		put(out, ".0");
}

static void whole_put(writing *out, int64_t number)
{
	char text[32];
	if (number > -1000000000000000 && number < 1000000000000000) /* exact as a double */
		number_text((double)number, text);
	else
		snprintf(text, sizeof text, "%lld", (long long)number);
	put(out, text);
}

static void json_put(writing *out, const json_t *value, int depth)
{
	const char *key;
	json_t *member;
	size_t i = 0;
	/* A row of numbers stays on one line. */
	bool flat = json_is_array(value) && !json_is_object(json_array_get(value, 0)) && !json_is_array(json_array_get(value, 0));
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		put(out, "{");
		json_object_foreach((json_t *)(size_t)value, key, member) {
			member_start(out, key, i++ == 0, depth + 1);
			json_put(out, member, depth + 1);
		}
		if (i)
			line_start(out, depth);
		put(out, "}");
		break;
	case JSON_ARRAY:
		put(out, "[");
		json_array_foreach(value, i, member) {
			put(out, !i ? "" : flat ? ", " : ",");
			if (!flat)
				line_start(out, depth + 1);
			json_put(out, member, depth + 1);
		}
		if (!flat && json_array_size(value))
			line_start(out, depth);
		put(out, "]");
		break;
	case JSON_STRING:
		string_put(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_REAL:
		real_put(out, json_real_value(value));
		break;
	case JSON_INTEGER:
		whole_put(out, json_integer_value(value));
		break;
	default:
		dump_put(out, value);
	}
}

char *json_text(const json_t *document)
{
	writing out = {0};
	json_put(&out, document, 0);
	put(&out, "\n");
	return written(&out);
}

static void cell_put(writing *out, const result_table *one, const cell *value)
{
	switch (value->kind) {
	case CELL_TEXT:
		string_put(out, one->texts + value->text, strlen(one->texts + value->text));
		break;
	case CELL_WHOLE:
		whole_put(out, value->whole);
		break;
	case CELL_REAL:
		real_put(out, value->real);
		break;
	case CELL_UNKNOWN:
		put(out, "null");
		break;
	}
}

static void rows_put(writing *out, const result_table *one, int depth)
{
	put(out, "[");
	for (size_t row = 0; row < rows_of(one); row++) {
		put(out, row ? "," : "");
		line_start(out, depth + 1);
		for (size_t i = 0; i < one->column_count; i++) {
			put(out, i ? ", " : "[");
			cell_put(out, one, row_of(one, row) + i);
		}
		put(out, "]");
	}
	if (rows_of(one))
		line_start(out, depth);
	put(out, "]");
}

static json_t *columns_document(const result_table *one)
{
	json_t *columns = json_array();
	for (size_t i = 0; i < one->column_count; i++)
		json_array_append_new(columns, json_pack("{ssss}", "name", one->columns[i].name, "unit", one->columns[i].unit));
	return columns;
}

static void table_put(writing *out, const result_table *one, int depth)
{
	json_t *columns = columns_document(one);
	put(out, "{");
	member_start(out, "name", true, depth + 1);
	string_put(out, one->name, strlen(one->name));
	member_start(out, "title", false, depth + 1);
	string_put(out, one->title, strlen(one->title));
	member_start(out, "columns", false, depth + 1);
	json_put(out, columns, depth + 1);
	member_start(out, "rows", false, depth + 1);
	rows_put(out, one, depth + 1);
	line_start(out, depth);
	put(out, "}");
	json_decref(columns);
}

static void tables_put(writing *out, const table_list *list, int depth)
{
	put(out, "[");
	for (size_t i = 0; i < list->count; i++) {
		put(out, i ? "," : "");
		line_start(out, depth + 1);
		table_put(out, list->items[i], depth + 1);
	}
	if (list->count)
		line_start(out, depth);
	put(out, "]");
}

char *tables_text(const table_list *list, const json_t *manifest)
{
	writing out = {0};
	if (manifest) {
		put(&out, "{");
		member_start(&out, "manifest", true, 1);
		json_put(&out, manifest, 1);
		member_start(&out, "tables", false, 1);
	}
	tables_put(&out, list, manifest ? 1 : 0);
	put(&out, manifest ? "\n}\n" : "\n");
	return written(&out);
}

/* --- files --- */

static bool text_write(const char *path, const char *text, failure *why)
{
	if (strcmp(path, "-") == 0) {
		fputs(text, stdout);
		return true;
	}
	return whole_write(path, text, strlen(text), why);
}

static char *name_of_table(const char *path, const char *name)
{
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	if (!dot || (slash && dot < slash))
		dot = path + strlen(path);
	return text_format("%.*s-%s%s", (int)(dot - path), path, name, dot);
}

bool tables_are_json(const char *path)
{
	size_t length = strlen(path);
	return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

bool tables_write(const table_list *list, const char *path, const char *ready, failure *why)
{
	if (tables_are_json(path)) {
		autofree char *made = ready ? NULL : tables_text(list, NULL);
		return text_write(path, ready ? ready : made, why);
	}
	for (size_t i = 0; i < list->count; i++) {
		const result_table *one = list->items[i];
		autofree char *name = i == 0 || strcmp(path, "-") == 0 ? text_copy(path) : name_of_table(path, one->name);
		autofree char *text = table_csv(one);
		if (i && strcmp(path, "-") == 0)
			putchar('\n');
		if (!text_write(name, text, why))
			return false;
	}
	return true;
}
