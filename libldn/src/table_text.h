/* Fields of a small table in a memory buffer: commas, semicolons or tabs, quotes, comment lines, whatever line ends. Nothing is copied. */
#ifndef LDN_TABLE_TEXT_H
#define LDN_TABLE_TEXT_H

#include "ldn/landcover.h"

#define LDN_FIELDS 128 /* a line holds at most this many */

typedef struct ldn_field {
	const char *text;
	size_t length;
	size_t column;
} ldn_field;

typedef struct ldn_table_text {
	const char *text;
	size_t length, at;
	size_t line;
	char separator; /* found in the first line */
	size_t count;
	ldn_field field[LDN_FIELDS];
	ldn_text_fault fault;
} ldn_table_text;

/* LDN_ERROR_ARGUMENT: not UTF-8 text. */
ldn_status ldn_table_text_open(ldn_table_text *table, const char *text, size_t length);

/* The next line that has a field in it: 1, or 0 at the end or at a fault (fault.what is set). */
int ldn_table_text_next(ldn_table_text *table);

/* Notes a fault at a field of the present line; field may be count: the end of the line. */
void ldn_table_text_blame(ldn_table_text *table, size_t field, const char *what);

int ldn_field_is(const ldn_field *field, const char *word);
int ldn_field_number(const ldn_field *field, int *number);
/* "60" or "60-62". */
int ldn_field_range(const ldn_field *field, int *first, int *last);

#endif
