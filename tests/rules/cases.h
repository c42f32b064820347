/* Cases as text that anyone can add to: one case a line, its columns parted by "|"; "#" begins a comment. A test reads the file of its subject
 * under tests/rules/cases and calls its function for every line; what does not come out as the line says is reported with file and line. */
#pragma once

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jansson.h>

/* Gives what came out, as text to hold against the first column; free with g_free. */
typedef char *(*case_run)(char **cells, guint n);

static inline void cases_hold(const char *file, guint columns, case_run run)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(RULE_CASES, file, NULL), *text = NULL;
	GString *wrong = g_string_new(NULL);
	guint held = 0;
	if (!g_file_get_contents(path, &text, NULL, &error))
		fail_msg("%s", error->message);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		if (!*g_strstrip(lines[i]) || *lines[i] == '#')
			continue;
		g_auto(GStrv) cells = g_strsplit(lines[i], "|", -1);
		for (char **cell = cells; *cell; cell++)
			g_strstrip(*cell);
		if (g_strv_length(cells) != columns) {
			g_string_append_printf(wrong, "\n%s:%u: %u columns, not %u", path, i + 1, g_strv_length(cells), columns);
			continue;
		}
		g_autofree char *got = run(cells + 1, columns - 1);
		if (strcmp(got, cells[0]) != 0)
			g_string_append_printf(wrong, "\n%s:%u: came out as \"%s\": %s", path, i + 1, got, lines[i]);
		held++;
	}
	if (wrong->len || !held)
		fail_msg("%u cases looked at.%s", held, wrong->str);
	g_string_free(wrong, TRUE);
}

/* "a 2025: 60; 2026: 70" as parts; each: words before the colon, text after it. */
typedef struct told_part {
	char **before;
	const char *after;
} told_part;

static inline void part_read(char *text, told_part *out)
{
	char *colon = strchr(text, ':');
	if (!colon)
		fail_msg("\"%s\" lacks its colon", text);
	*colon = '\0';
	out->before = g_strsplit(g_strstrip(text), " ", -1);
	out->after = g_strstrip(colon + 1);
}

/* "100 ha area-restored 2020-2030 [DUTY]"; "-" for what is not stated. */
static inline json_t *told_target(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint n = g_strv_length(words);
	if (n < 4)
		fail_msg("\"%s\" is not: value unit metric from-until [duty]", text);
	json_t *target = json_pack("{s:s}", "metric", words[2]);
	if (strcmp(words[0], "-") != 0)
		json_object_set_new(target, "value", json_real(g_ascii_strtod(words[0], NULL)));
	if (strcmp(words[1], "-") != 0)
		json_object_set_new(target, "unit", json_string(words[1]));
	if (g_ascii_isdigit(*words[3]))
		json_object_set_new(target, "baseline_year", json_integer((json_int_t)g_ascii_strtoll(words[3], NULL, 10)));
	const char *until = strchr(words[3], '-');
	if (until && g_ascii_isdigit(until[1]))
		json_object_set_new(target, "target_year", json_integer((json_int_t)g_ascii_strtoll(until + 1, NULL, 10)));
	if (n > 4)
		json_object_set_new(target, "duty", json_string(words[4]));
	return target;
}

static inline json_t *told_words(const char *text)
{
	json_t *list = json_array();
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (char **w = words; *w; w++)
		if (**w)
			json_array_append_new(list, json_string(*w));
	return list;
}

/* "2025: 60; a 2026: 40": progress bodies, cumulative figures for target 1. */
static inline json_t *told_reports(const char *text, const char *unit)
{
	json_t *list = json_array();
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	for (char **p = parts; *p; p++) {
		if (!*g_strstrip(*p))
			continue;
		told_part part;
		part_read(*p, &part);
		guint n = g_strv_length(part.before);
		json_t *body = json_pack("{s:I, s:[{s:i, s:s, s:f, s:s, s:s}]}", "year", (json_int_t)g_ascii_strtoll(part.before[n - 1], NULL, 10), "figures", "target", 1,
			"what", "w", "value", g_ascii_strtod(part.after, NULL), "unit", unit, "basis", "cumulative");
		if (n > 1)
			json_object_set_new(body, "site", json_string(part.before[0]));
		json_array_append_new(list, body);
		g_strfreev(part.before);
	}
	return list;
}

/* One row of results: "area-recovered 10 [8 12]", "area-recovered ?", "area-recovered ? [0 3]". */
static inline json_t *told_result(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " []", -1);
	json_t *row = json_pack("{s:s, s:s}", "quantity", words[0], "unit", "ha");
	static const char *const names[] = {"value", "low", "high"};
	guint k = 0;
	for (guint i = 1; words[i]; i++) {
		if (!*words[i])
			continue;
		if (k < 3 && strcmp(words[i], "?") != 0)
			json_object_set_new(row, names[k], json_real(g_ascii_strtod(words[i], NULL)));
		k++;
	}
	return row;
}

/* "a 2025: area-recovered 10 [8 12], area-recovering 5 [4 6]; b 2020 2026-05-01: ...": measurement bodies (site, year, day of computation). */
static inline json_t *told_measurements(const char *text)
{
	json_t *list = json_array();
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	for (char **p = parts; *p; p++) {
		if (!*g_strstrip(*p))
			continue;
		told_part part;
		part_read(*p, &part);
		if (g_strv_length(part.before) < 2)
			fail_msg("a measurement is: site year [day]: areas");
		json_t *results = json_array(), *body = json_pack("{s:s, s:i, s:I, s:o}", "site", part.before[0], "period_from", 2000, "period_until",
			(json_int_t)g_ascii_strtoll(part.before[1], NULL, 10), "results", results);
		if (part.before[2])
			json_object_set_new(body, "measured_on", json_string(part.before[2]));
		g_auto(GStrv) rows = g_strsplit(part.after, ",", -1);
		for (char **row = rows; *row; row++)
			json_array_append_new(results, told_result(g_strstrip(*row)));
		json_array_append_new(list, body);
		g_strfreev(part.before);
	}
	return list;
}

/* A figure as cases write it: "15", "15.5", "-" for unknown. */
static inline char *told_number(double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	return g_strdup(isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.6g", value) : "-");
}
