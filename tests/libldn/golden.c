/* Runs the numeric tests, the .ldnt files of tests/golden. usage: golden [FILE...]; without files all of $AFTERMINE_SOURCE/tests/golden.
 * One TAP line per block of rows; every wrong cell is told with file, line, expected and found. */
#include "golden.h"

#include <ctype.h>
#include <float.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const golden_operation *const rooms[] = {
	golden_indicator,
	golden_productivity,
	golden_recovery,
};

typedef struct tolerance {
	char name[GOLDEN_NAME_MAX];
	double size;
	bool relative;
} tolerance;

#define COLUMNS_MAX 32
#define WRONG_SHOWN 10
#define UNCHECKED DBL_MAX /* '*' within a list */

typedef struct golden_block {
	const char *file;
	char operation[GOLDEN_NAME_MAX];
	golden_function run;
	char source[512];
	golden_record settings;
	tolerance tolerances[COLUMNS_MAX];
	size_t tolerance_count;
	char inputs[COLUMNS_MAX][GOLDEN_NAME_MAX], outputs[COLUMNS_MAX][GOLDEN_NAME_MAX];
	size_t input_count, output_count;
	size_t rows, wrong;
} golden_block;

static size_t tests, failures;

static void record_clear(golden_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		free(record->fields[i].numbers);
	free(record->fields);
	*record = (golden_record){0};
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text;
}

static bool wrong_line(golden_block *block, size_t line, const char *what)
{
	block->wrong++;
	printf("# %s:%zu: %s\n", block->file, line, what);
	return false;
}

/* One word as a number: nodata, nan, inf and decimal numbers; anything else is NaN and stays readable as a word. */
static double word_number(const char *word)
{
	char *end;
	double number;

	if (!strcmp(word, "nodata"))
		return INT16_MIN;
	if (!strcmp(word, "*"))
		return UNCHECKED;
	number = strtod(word, &end);
	return *end ? NAN : number;
}

/* "1 2 3", "2000..2015", "word" or "*" into a field of that name. */
static void record_parse(golden_record *record, const char *name, char *text)
{
	double *list = calloc(strlen(text) + 1, sizeof *list);
	size_t count = 0, room = strlen(text) + 1;
	char *save = NULL, only[GOLDEN_NAME_MAX] = "";
	golden_field *field;

	for (char *word = strtok_r(text, " \t", &save); list && word; word = strtok_r(NULL, " \t", &save)) {
		char *dots = strstr(word, "..");
		if (dots) {
			int first = (int)strtol(word, NULL, 10), last = (int)strtol(dots + 2, NULL, 10);
			while (first <= last && last - first < 1000) {
				if (count == room)
					list = realloc(list, (room *= 2) * sizeof *list);
				if (!list)
					abort();
				list[count++] = first++;
			}
			continue;
		}
		snprintf(only, sizeof only, "%s", word);
		if (count == room)
			list = realloc(list, (room *= 2) * sizeof *list);
		if (!list)
			abort();
		list[count++] = word_number(word);
	}
	golden_put_list(record, name, list, count);
	field = &record->fields[record->count - 1];
	if (count == 1)
		snprintf(field->word, sizeof field->word, "%s", only);
	field->unchecked = count == 1 && !strcmp(only, "*");
	free(list);
}

static void block_end(golden_block *block)
{
	if (!block->run)
		return;
	tests++;
	if (!block->rows)
		wrong_line(block, 0, "operation without rows");
	if (!block->source[0])
		wrong_line(block, 0, "operation without a source");
	failures += block->wrong > 0;
	printf("%sok %zu - %s: %s, %zu rows", block->wrong ? "not " : "", tests, strrchr(block->file, '/') ? strrchr(block->file, '/') + 1
		: block->file, block->operation, block->rows);
	for (size_t i = 0; i < block->settings.count; i++)
		if (block->settings.fields[i].word[0])
			printf(", %s %s", block->settings.fields[i].name, block->settings.fields[i].word);
	putchar('\n');
	record_clear(&block->settings);
	block->run = NULL;
}

/* Starts a block: the source stays, settings, tolerances and columns begin anew. */
static bool block_begin(golden_block *block, size_t line, const char *operation)
{
	block_end(block);
	block->tolerance_count = block->input_count = block->output_count = block->rows = block->wrong = 0;
	snprintf(block->operation, sizeof block->operation, "%s", operation);
	for (size_t r = 0; r < sizeof rooms / sizeof *rooms; r++)
		for (const golden_operation *o = rooms[r]; o->name; o++)
			if (!strcmp(o->name, operation))
				block->run = o->run;
	if (block->run)
		return true;
	tests++;
	failures++;
	printf("not ok %zu - %s:%zu: no operation is called %s\n", tests, block->file, line, operation);
	return false;
}

static bool block_tolerance(golden_block *block, size_t line, char *text)
{
	tolerance *t = &block->tolerances[block->tolerance_count];
	char kind[16] = "";

	if (block->tolerance_count == COLUMNS_MAX || sscanf(text, "%47s %lf %15s", t->name, &t->size, kind) != 3 ||
	    (strcmp(kind, "relative") && strcmp(kind, "absolute")))
		return wrong_line(block, line, "a tolerance is: NAME NUMBER relative|absolute");
	t->relative = !strcmp(kind, "relative");
	block->tolerance_count++;
	return true;
}

static size_t split_names(char *text, char names[][GOLDEN_NAME_MAX])
{
	size_t count = 0;
	char *save = NULL;

	for (char *word = strtok_r(text, ";", &save); word && count < COLUMNS_MAX; word = strtok_r(NULL, ";", &save))
		snprintf(names[count++], GOLDEN_NAME_MAX, "%s", trim(word));
	return count;
}

static bool block_columns(golden_block *block, size_t line, char *text)
{
	char *arrow = strstr(text, "->");

	if (!arrow)
		return wrong_line(block, line, "columns are: INPUT; INPUT -> OUTPUT; OUTPUT");
	*arrow = '\0';
	block->input_count = split_names(text, block->inputs);
	block->output_count = split_names(arrow + 2, block->outputs);
	return block->output_count > 0 || wrong_line(block, line, "columns without an output");
}

/* Cells of one side of a row into a record; false if there are too many or too few. */
static bool row_cells(golden_record *record, char *text, char names[][GOLDEN_NAME_MAX], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *end = strchr(text, ';');
		if (end)
			*end = '\0';
		if (!end && i + 1 < count)
			return false;
		record_parse(record, names[i], trim(text));
		text = end ? end + 1 : text + strlen(text);
	}
	return !*trim(text);
}

static bool near(const golden_block *block, const char *name, double expected, double found)
{
	if (expected == UNCHECKED)
		return true;
	if (isnan(expected) || isnan(found))
		return isnan(expected) && isnan(found);
	for (size_t i = 0; i < block->tolerance_count; i++)
		if (!strcmp(block->tolerances[i].name, name)) {
			double size = block->tolerances[i].size * (block->tolerances[i].relative ? fabs(expected) : 1);
			if (fabs(expected - found) <= size)
				return true;
		}
	return expected == found;
}

static void field_check(golden_block *block, size_t line, const golden_field *expected, const golden_record *out)
{
	const golden_field *found = golden_find(out, expected->name);

	if (expected->unchecked)
		return;
	if (!found || found->count != expected->count) {
		block->wrong++;
		printf("# %s:%zu: %s: %zu values expected, %zu found\n", block->file, line, expected->name, expected->count,
			found ? found->count : 0);
		return;
	}
	for (size_t i = 0; i < expected->count; i++)
		if (!near(block, expected->name, expected->numbers[i], found->numbers[i]) && ++block->wrong <= WRONG_SHOWN)
			printf("# %s:%zu: %s[%zu]: expected %.17g, found %.17g\n", block->file, line, expected->name, i,
				expected->numbers[i], found->numbers[i]);
}

static void block_row(golden_block *block, size_t line, char *text)
{
	golden_record in = {0}, expected = {0}, out = {0};
	char *arrow = strstr(text, "->");

	block->rows++;
	if (!arrow) {
		wrong_line(block, line, "a row is: INPUT; INPUT -> OUTPUT; OUTPUT");
		return;
	}
	*arrow = '\0';
	for (size_t i = 0; i < block->settings.count; i++) {
		const golden_field *f = &block->settings.fields[i];
		golden_put_list(&in, f->name, f->numbers, f->count);
		memcpy(in.fields[i].word, f->word, sizeof f->word);
	}
	if (!row_cells(&in, text, block->inputs, block->input_count) ||
	    !row_cells(&expected, arrow + 2, block->outputs, block->output_count))
		wrong_line(block, line, "the cells do not fit the columns");
	else if (!block->run(&in, &out))
		wrong_line(block, line, "this row cannot be computed");
	else
		for (size_t i = 0; i < expected.count; i++)
			field_check(block, line, &expected.fields[i], &out);
	record_clear(&in);
	record_clear(&expected);
	record_clear(&out);
}

/* One line: a keyword and the rest. */
static void block_line(golden_block *block, size_t line, char *text)
{
	char *rest = text + strcspn(text, " \t");

	if (*rest)
		*rest++ = '\0';
	rest = trim(rest);
	if (!strcmp(text, "operation"))
		block_begin(block, line, rest);
	else if (!strcmp(text, "source"))
		snprintf(block->source, sizeof block->source, "%s", rest);
	else if (!block->run)
		return; /* an unknown operation was told once */
	else if (!strcmp(text, "set") && strchr(rest, ' ')) {
		char *value = rest + strcspn(rest, " \t");
		*value++ = '\0';
		record_parse(&block->settings, rest, trim(value));
	} else if (!strcmp(text, "tolerance"))
		block_tolerance(block, line, rest);
	else if (!strcmp(text, "columns"))
		block_columns(block, line, rest);
	else if (!strcmp(text, "row"))
		block_row(block, line, rest);
	else
		wrong_line(block, line, "not one of: source operation set tolerance columns row");
}

static void file_run(const char *path)
{
	FILE *file = fopen(path, "r");
	golden_block block = {.file = path};
	char *text = NULL;
	size_t room = 0, line = 0;

	if (!file) {
		printf("not ok %zu - %s cannot be read\n", ++tests, path);
		failures++;
		return;
	}
	while (getline(&text, &room, file) >= 0) {
		char *start = trim(text);
		line++;
		if (*start && *start != '#')
			block_line(&block, line, start);
	}
	block_end(&block);
	free(text);
	fclose(file);
}

int main(int argc, char **argv)
{
	const char *source = getenv("AFTERMINE_SOURCE");
	char pattern[4096];
	glob_t found = {0};

	for (int i = 1; i < argc; i++)
		file_run(argv[i]);
	if (argc == 1) {
		snprintf(pattern, sizeof pattern, "%s/tests/golden/*.ldnt", source ? source : ".");
		if (!glob(pattern, 0, NULL, &found))
			for (size_t i = 0; i < found.gl_pathc; i++)
				file_run(found.gl_pathv[i]);
		globfree(&found);
	}
	if (!tests) {
		printf("not ok %zu - no .ldnt file under %s\n", ++tests, source ? source : ".");
		failures++;
	}
	printf("1..%zu\n", tests);
	return failures > 0;
}
