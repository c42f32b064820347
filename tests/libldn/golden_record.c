#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
	if (!memory) {
		puts("Bail out! out of memory");
		exit(1);
	}
	return memory;
}

const golden_field *golden_find(const golden_record *record, const char *name)
{
	for (size_t i = 0; i < record->count; i++)
		if (!strcmp(record->fields[i].name, name))
			return &record->fields[i];
	return NULL;
}

double golden_number(const golden_record *record, const char *name, double fallback)
{
	const golden_field *field = golden_find(record, name);

	return field && field->count == 1 ? field->numbers[0] : fallback;
}

const char *golden_word(const golden_record *record, const char *name, const char *fallback)
{
	const golden_field *field = golden_find(record, name);

	return field && field->word[0] ? field->word : fallback;
}

int16_t *golden_int16(const golden_record *record, const char *name, size_t *count)
{
	const golden_field *field = golden_find(record, name);
	int16_t *list;

	*count = field ? field->count : 0;
	if (!field)
		return NULL;
	list = must(calloc(field->count + 1, sizeof *list));
	for (size_t i = 0; i < field->count; i++)
		list[i] = isnan(field->numbers[i]) ? INT16_MIN : (int16_t)field->numbers[i];
	return list;
}

int *golden_ints(const golden_record *record, const char *name, size_t *count)
{
	const golden_field *field = golden_find(record, name);
	int *list;

	*count = field ? field->count : 0;
	if (!field)
		return NULL;
	list = must(calloc(field->count + 1, sizeof *list));
	for (size_t i = 0; i < field->count; i++)
		list[i] = (int)field->numbers[i];
	return list;
}

void golden_put_list(golden_record *record, const char *name, const double *numbers, size_t count)
{
	golden_field *field;

	record->fields = must(realloc(record->fields, (record->count + 1) * sizeof *record->fields));
	field = &record->fields[record->count++];
	memset(field, 0, sizeof *field);
	snprintf(field->name, sizeof field->name, "%s", name);
	field->numbers = must(calloc(count + 1, sizeof *field->numbers));
	for (size_t i = 0; i < count; i++)
		field->numbers[i] = numbers[i];
	field->count = count;
}

void golden_put(golden_record *record, const char *name, double number)
{
	golden_put_list(record, name, &number, 1);
}

void golden_put_int16(golden_record *record, const char *name, const int16_t *numbers, size_t count)
{
	double *list = must(calloc(count + 1, sizeof *list));

	for (size_t i = 0; i < count; i++)
		list[i] = numbers[i];
	golden_put_list(record, name, list, count);
	free(list);
}
