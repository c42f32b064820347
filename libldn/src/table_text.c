#include "table_text.h"

#include <string.h>

/* The bytes after a lead byte, or -1; overlong forms and surrogates are left to the second byte's bounds. */
static int tail_of(const unsigned char *s, size_t left)
{
	static const struct {
		unsigned char first, last, low, high;
		int tail;
	} forms[] = {
		{0x01, 0x7f, 0x80, 0xbf, 0}, {0xc2, 0xdf, 0x80, 0xbf, 1}, {0xe0, 0xe0, 0xa0, 0xbf, 2}, {0xe1, 0xec, 0x80, 0xbf, 2},
		{0xed, 0xed, 0x80, 0x9f, 2},
		{0xee, 0xef, 0x80, 0xbf, 2}, {0xf0, 0xf0, 0x90, 0xbf, 3}, {0xf1, 0xf3, 0x80, 0xbf, 3}, {0xf4, 0xf4, 0x80, 0x8f, 3}};
	for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
		if (s[0] < forms[k].first || s[0] > forms[k].last)
			continue;
		if ((size_t)forms[k].tail >= left)
			return -1;
		for (int t = 1; t <= forms[k].tail; t++)
			if (s[t] < (t == 1 ? forms[k].low : 0x80) || s[t] > (t == 1 ? forms[k].high : 0xbf))
				return -1;
		return forms[k].tail;
	}
	return -1;
}

ldn_status ldn_table_text_open(ldn_table_text *table, const char *text, size_t length)
{
	memset(table, 0, sizeof *table);
	table->text = text;
	table->length = length;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		table->at = 3;
	size_t line = 1, begin = table->at;
	for (size_t i = table->at; i < length; i++) {
		int tail = tail_of((const unsigned char *)text + i, length - i);
		if (tail < 0) {
			table->fault = (ldn_text_fault){line, i - begin + 1, "this is not UTF-8 text"};
			return LDN_ERROR_ARGUMENT;
		}
		if (text[i] == '\n') {
			line++;
			begin = i + 1;
		}
		i += (size_t)tail;
	}
	return LDN_OK;
}

void ldn_table_text_blame(ldn_table_text *table, size_t field, const char *what)
{
	size_t column = 1;
	if (field < table->count)
		column = table->field[field].column;
	else if (table->count > 0)
		column = table->field[table->count - 1].column + table->field[table->count - 1].length;
	table->fault = (ldn_text_fault){table->line, column, what};
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char find_separator(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (line[i] == ',' || line[i] == ';' || line[i] == '\t')
			return line[i];
	return ',';
}

/* One field from *at; leaves *at after its separator, or beyond the line. */
static int take_field(ldn_table_text *table, const char *line, size_t length, size_t *at)
{
	size_t i = *at;
	while (i < length && line[i] != table->separator && is_blank(line[i]))
		i++;
	int quoted = i < length && line[i] == '"';
	size_t begin = quoted ? i + 1 : i, end = begin;
	if (quoted) {
		while (end < length && line[end] != '"')
			end++;
		i = end + 1;
		while (i < length && line[i] != table->separator && is_blank(line[i]))
			i++;
	} else {
		while (i < length && line[i] != table->separator)
			i++;
		end = i;
		while (end > begin && is_blank(line[end - 1]))
			end--;
	}
	table->field[table->count++] = (ldn_field){line + begin, end - begin, begin + 1};
	*at = i + 1;
	if (quoted && (end >= length || (i < length && line[i] != table->separator))) {
		ldn_table_text_blame(table, table->count - 1, "a quoted field does not end with its quote");
		return 0;
	}
	return 1;
}

static int take_line(ldn_table_text *table, const char *line, size_t length)
{
	table->count = 0;
	if (table->separator == 0)
		table->separator = find_separator(line, length);
	for (size_t at = 0; at <= length;) {
		if (table->count == LDN_FIELDS) {
			ldn_table_text_blame(table, table->count, "too many fields in a line (at most 128)");
			return 0;
		}
		if (!take_field(table, line, length, &at))
			return 0;
	}
	return 1;
}

int ldn_table_text_next(ldn_table_text *table)
{
	while (table->at < table->length) {
		const char *line = table->text + table->at;
		const char *newline = memchr(line, '\n', table->length - table->at);
		size_t length = newline ? (size_t)(newline - line) : table->length - table->at;
		table->at += length + 1;
		table->line++;
		if (length > 0 && line[length - 1] == '\r')
			length--;
		size_t i = 0;
		while (i < length && (is_blank(line[i]) || line[i] == ',' || line[i] == ';'))
			i++;
		if (i == length || line[i] == '#')
			continue;
		return take_line(table, line, length);
	}
	table->count = 0;
	return 0;
}

int ldn_field_is(const ldn_field *field, const char *word)
{
	return strlen(word) == field->length && memcmp(field->text, word, field->length) == 0;
}

static int read_number(const char *text, size_t length, size_t *at, int *number)
{
	int negative = *at < length && text[*at] == '-';
	size_t i = *at + (size_t)negative, first = i;
	int value = 0;
	for (; i < length && text[i] >= '0' && text[i] <= '9' && value < 1000000; i++)
		value = 10 * value + (text[i] - '0');
	*number = negative ? -value : value;
	*at = i;
	return i > first;
}

int ldn_field_number(const ldn_field *field, int *number)
{
	size_t at = field->length > 0 && field->text[0] == '+' ? 1 : 0;
	return read_number(field->text, field->length, &at, number) && at == field->length;
}

int ldn_field_range(const ldn_field *field, int *first, int *last)
{
	size_t at = 0;
	if (!read_number(field->text, field->length, &at, first))
		return 0;
	*last = *first;
	if (at < field->length && field->text[at] == '-') {
		at++;
		if (!read_number(field->text, field->length, &at, last))
			return 0;
	}
	return at == field->length && *first <= *last;
}
