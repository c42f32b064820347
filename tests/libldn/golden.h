/* Numeric tests as text: what an operation of a .ldnt file is given and what it answers. The format is described in tests/golden/README.md.
 *
 * An operation is one C function under one name; a new one is a function in a golden_ROOM.c file and a line in that file's table. Numbers
 * need no C: they are rows of a text file.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GOLDEN_NAME_MAX 48

typedef struct golden_field {
	char name[GOLDEN_NAME_MAX];
	char word[GOLDEN_NAME_MAX]; /* the text of a single value, "" for a list */
	double *numbers;            /* words that are no number stand as NaN */
	size_t count;
	bool unchecked;             /* '*' */
} golden_field;

typedef struct golden_record {
	golden_field *fields;
	size_t count;
} golden_record;

/* What was given under a name: NULL if nothing. */
const golden_field *golden_find(const golden_record *record, const char *name);
/* The single number, or the fallback if it is not given. */
double golden_number(const golden_record *record, const char *name, double fallback);
/* The single word, or the fallback. */
const char *golden_word(const golden_record *record, const char *name, const char *fallback);
/* The list as int16 / int in newly allocated memory (the caller frees); *count is its length, NULL and 0 if not given. */
int16_t *golden_int16(const golden_record *record, const char *name, size_t *count);
int *golden_ints(const golden_record *record, const char *name, size_t *count);

/* Answers. */
void golden_put(golden_record *record, const char *name, double number);
void golden_put_list(golden_record *record, const char *name, const double *numbers, size_t count);
void golden_put_int16(golden_record *record, const char *name, const int16_t *numbers, size_t count);

/* Computes one row; false when the row cannot be computed (wrong or missing input), which fails the test. */
typedef bool (*golden_function)(const golden_record *in, golden_record *out);

typedef struct golden_operation {
	const char *name;
	golden_function run;
} golden_operation;

/* One table per room, ended by a NULL name; listed in golden.c. */
extern const golden_operation golden_indicator[];
extern const golden_operation golden_productivity[];
extern const golden_operation golden_recovery[];

#endif
