#include "option.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_list_add(text_list *list, const char *text)
{
	list->items = memory_grow(list->items, list->count + 1, sizeof *list->items);
	list->items[list->count++] = text;
}

bool whole_read(const char *text, int64_t low, int64_t high, int64_t *value)
{
	char *end;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (end == text || *end || errno || number < low || number > high)
		return false;
	*value = number;
	return true;
}

bool number_read(const char *text, double *value)
{
	char *end;
	double number = strtod(text, &end);
	if (end == text || *end || !isfinite(number))
		return false;
	*value = number;
	return true;
}

static bool size_read(const char *text, int64_t *bytes)
{
	char *end;
	double number = strtod(text, &end);
	if (end == text || !(number > 0))
		return false;
	static const char units[] = "KMGT";
	if (*end) {
		const char *unit = strchr(units, *end & ~0x20);
		if (!unit || (end[1] && strcmp(end + 1, "B") != 0 && strcmp(end + 1, "iB") != 0))
			return false;
		number = ldexp(number, 10 * (int)(unit - units + 1));
	}
	if (number < 1 || number > 9e15)
		return false;
	*bytes = (int64_t)number;
	return true;
}

static size_t distance(const char *a, const char *b)
{
	size_t row[64], columns = strlen(b);
	if (columns >= 63 || strlen(a) >= 63)
		return SIZE_MAX;
	for (size_t j = 0; j <= columns; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= columns; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[columns];
}

static const option *option_find(const option *const *groups, const char *name, size_t length)
{
	for (; *groups; groups++)
		for (const option *row = *groups; row->name; row++)
			if (strlen(row->name) == length && memcmp(row->name, name, length) == 0)
				return row;
	return NULL;
}

static const option *option_by_letter(const option *const *groups, char letter)
{
	for (; *groups; groups++)
		for (const option *row = *groups; row->name; row++)
			if (row->letter == letter)
				return row;
	return NULL;
}

static bool option_unknown(const option *const *groups, const char *given, failure *why)
{
	const char *nearest = NULL;
	size_t least = 3;
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)strcspn(given, "="), given);
	for (; *groups; groups++)
		for (const option *row = *groups; row->name; row++) {
			size_t far = distance(name, row->name);
			if (far < least) {
				least = far;
				nearest = row->name;
			}
		}
	if (nearest)
		return failure_usage(why, _("no option --%s; did you mean --%s?"), name, nearest);
	return failure_usage(why, _("no option --%s; --help lists them"), name);
}

static bool choice_read(const option *row, const char *text, int *value, failure *why)
{
	char known[512] = "";
	for (int i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*value = i;
			return true;
		}
		size_t length = strlen(known);
		snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", row->choices[i]);
	}
	return failure_usage(why, _("--%s %s: not one of %s"), row->name, text, known);
}

static bool option_store(const option *row, const char *text, void *settings, failure *why)
{
	void *place = (char *)settings + row->offset;
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)place = true;
		return true;
	case OPTION_TEXT:
		*(const char **)place = text;
		return true;
	case OPTION_LIST:
		text_list_add(place, text);
		return true;
	case OPTION_WHOLE:
		if (whole_read(text, row->low, row->high, place))
			return true;
		return failure_usage(why, _("--%s %s: not a whole number from %lld to %lld"), row->name, text, (long long)row->low,
			(long long)row->high);
	case OPTION_NUMBER:
		return number_read(text, place) || failure_usage(why, _("--%s %s: not a number"), row->name, text);
	case OPTION_SIZE:
		return size_read(text, place) || failure_usage(why, _("--%s %s: not a size such as 512M or 2G"), row->name, text);
	case OPTION_CHOICE:
		return choice_read(row, text, place, why);
	}
	return false;
}

bool options_parse(const option *const *groups, int count, char *const *arguments, void *settings, text_list *rest, failure *why)
{
	bool ended = false;
	for (int i = 0; i < count; i++) {
		const char *word = arguments[i];
		if (ended || word[0] != '-' || !word[1]) {
			text_list_add(rest, word);
			continue;
		}
		if (strcmp(word, "--") == 0) {
			ended = true;
			continue;
		}
		const option *row;
		const char *value = NULL;
		if (word[1] == '-') {
			size_t length = strcspn(word + 2, "=");
			row = option_find(groups, word + 2, length);
			if (!row)
				return option_unknown(groups, word + 2, why);
			if (word[2 + length])
				value = word + 3 + length;
		} else {
			row = option_by_letter(groups, word[1]);
			if (!row)
				return failure_usage(why, _("no option -%c; --help lists them"), word[1]);
			if (word[2])
				value = word + 2;
		}
		if (row->kind == OPTION_FLAG && value)
			return failure_usage(why, _("--%s takes no value"), row->name);
		if (row->kind != OPTION_FLAG && !value) {
			if (++i == count)
				return failure_usage(why, _("--%s needs %s"), row->name, row->argument ? row->argument : _("a value"));
			value = arguments[i];
		}
		if (!option_store(row, value, settings, why))
			return false;
	}
	return true;
}

void options_free(const option *const *groups, void *settings)
{
	for (; *groups; groups++)
		for (const option *row = *groups; row->name; row++)
			if (row->kind == OPTION_LIST)
				free(((text_list *)(void *)((char *)settings + row->offset))->items);
}

static void help_wrap(const char *text, int indent)
{
	int column = indent;
	while (*text) {
		int length = (int)strcspn(text, " ");
		if (column + length + 1 > 100 && column > indent)
			column = printf("\n%*s", indent, "") - 1;
		column += printf("%s%.*s", column > indent ? " " : "", length, text);
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

void options_print(const option *const *groups)
{
	for (; *groups; groups++) {
		for (const option *row = *groups; row->name; row++) {
			char left[128];
			const char *argument = row->argument ? row->argument : "";
			snprintf(left, sizeof left, "%c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ', row->letter ? "," : " ",
				row->name, *argument ? " " : "", argument);
			int width = printf("  %-30s  ", left);
			if (width > 34)
				printf("\n%34s", "");
			autofree char *help = text_copy(_(row->help));
			if (row->kind == OPTION_CHOICE) {
				char known[256] = "";
				for (int i = 0; row->choices[i]; i++) {
					size_t length = strlen(known);
					snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", row->choices[i]);
				}
				char *longer = text_format("%s (%s)", help, known);
				free(help);
				help = longer;
			}
			help_wrap(help, 34);
		}
		putchar('\n');
	}
}
