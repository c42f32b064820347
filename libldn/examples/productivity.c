/* Land productivity of a few pixels from a CSV file: trend, state, performance and their class, with everything between.
 *
 *   cc productivity.c $(pkg-config --cflags --libs ldn) -o productivity && ./productivity pixels.csv [prais4|te|gpg2]
 *
 * The file's lines are: '#' comments; a head "name,soil,cover,YEAR,YEAR,..."; then one pixel a line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldn/performance.h>
#include <ldn/productivity.h>

#define PIXELS_MAX 256
#define UNITS_MAX 64

/* The pixels of a file; series is year-major: year k of pixel i at [k * n + i]. */
typedef struct pixels {
	char name[PIXELS_MAX][32];
	int16_t soil[PIXELS_MAX], cover[PIXELS_MAX];
	int years[LDN_YEARS_MAX];
	int16_t rows[PIXELS_MAX][LDN_YEARS_MAX], series[PIXELS_MAX * LDN_YEARS_MAX];
	size_t n, n_years;
} pixels;

/* Whole numbers after commas; -1 if something else stands there or there are too many. */
static int read_numbers(const char *text, long *numbers, int most)
{
	int count = 0;

	while (*text == ',') {
		char *end;
		long number = strtol(text + 1, &end, 10);
		if (end == text + 1 || count == most || number < INT16_MIN || number > INT16_MAX)
			return -1;
		numbers[count++] = number;
		text = end;
	}
	return *text == '\0' || *text == '\n' || *text == '\r' ? count : -1;
}

static bool read_head(pixels *p, const char *line)
{
	long numbers[LDN_YEARS_MAX];
	int count = strncmp(line, "name,soil,cover", 15) ? -1 : read_numbers(line + 15, numbers, LDN_YEARS_MAX);

	for (int k = 0; k < count; k++)
		p->years[k] = (int)numbers[k];
	p->n_years = count > 0 ? (size_t)count : 0;
	return count > 0;
}

static bool read_pixel(pixels *p, const char *line)
{
	long numbers[LDN_YEARS_MAX + 2];
	size_t name = strcspn(line, ",");

	if (p->n == PIXELS_MAX || name >= sizeof p->name[0] ||
	    read_numbers(line + name, numbers, LDN_YEARS_MAX + 2) != (int)p->n_years + 2)
		return false;
	memcpy(p->name[p->n], line, name);
	p->soil[p->n] = (int16_t)numbers[0];
	p->cover[p->n] = (int16_t)numbers[1];
	for (size_t k = 0; k < p->n_years; k++)
		p->rows[p->n][k] = (int16_t)numbers[k + 2];
	p->n++;
	return true;
}

static bool read_file(pixels *p, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];
	bool good = file != NULL;

	for (size_t number = 1; good && fgets(line, sizeof line, file); number++) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		good = p->n_years ? read_pixel(p, line) : read_head(p, line);
		if (!good)
			fprintf(stderr, "%s:%zu: not a line of the form this program reads\n", path, number);
	}
	if (!file)
		perror(path);
	else
		fclose(file);
	for (size_t k = 0; k < p->n_years; k++)
		for (size_t i = 0; i < p->n; i++)
			p->series[k * p->n + i] = p->rows[i][k];
	return good && p->n > 0 && p->n_years > 3;
}

/* The 90th percentile of each unit, exactly: three passes over the keys of the means. */
static size_t unit_quantiles(const ldn_profile *profile, const pixels *p, const uint32_t *key, int32_t *index, double *quantile)
{
	static ldn_rank ranks[UNITS_MAX];
	static char memory[4096];
	ldn_units *units = ldn_units_init(memory, sizeof memory, UNITS_MAX);
	int32_t code[PIXELS_MAX];
	size_t count;
	bool again = true;

	ldn_unit_codes(p->soil, p->cover, p->n, code);
	if (!units || ldn_units_index(units, code, p->n, index))
		return 0;
	count = ldn_units_count(units);
	for (size_t u = 0; u < count; u++)
		ldn_rank_begin(&ranks[u]);
	while (again) {
		again = false;
		ldn_rank_add(ranks, index, key, p->n);
		for (size_t u = 0; u < count; u++)
			again |= ldn_rank_advance(&ranks[u], profile->performance.quantile) == LDN_RANK_AGAIN;
	}
	for (size_t u = 0; u < count; u++)
		quantile[u] = ldn_rank_value(&ranks[u], p->n_years);
	return count;
}

static const char *word(int16_t class)
{
	return class == LDN_NODATA ? "no data" : class < 0 ? "degraded" : class > 0 ? "improved" : "stable";
}

static int report(const ldn_profile *profile, const pixels *p, const ldn_kendall *table)
{
	int16_t s[PIXELS_MAX], trend[PIXELS_MAX], state[PIXELS_MAX], performance[PIXELS_MAX], lpd5[PIXELS_MAX], lpd3[PIXELS_MAX];
	double slope[PIXELS_MAX], probability[PIXELS_MAX], quantile[UNITS_MAX];
	uint32_t key[PIXELS_MAX];
	int32_t index[PIXELS_MAX];
	ldn_trend_result trends = {.slope = slope, .s = s, .p = probability, .trend = trend};
	ldn_state_result states = {.state = state};
	ldn_span all = {0, p->n_years}, before = {0, p->n_years - 3}, last = {p->n_years - 3, 3};
	ldn_status status = ldn_trend_int16(profile, table, p->series, p->years, p->n_years, p->n, &trends);

	if (!status)
		status = ldn_state_int16(profile, p->series, p->n, before, last, &states);
	if (!status)
		status = ldn_mean_keys(p->series, p->n, all, key);
	if (!status && !unit_quantiles(profile, p, key, index, quantile))
		status = LDN_ERROR_OVERFLOW;
	if (!status)
		status = ldn_performance(profile, key, index, quantile, p->n, p->n_years, performance, NULL);
	if (status) {
		fprintf(stderr, "%s\n", ldn_status_text(status));
		return 1;
	}
	ldn_productivity(profile, trend, state, performance, p->n, lpd5, lpd3);
	printf("%s\n%-10s %8s %5s %8s  %-9s %-9s %-11s LPD-5 LPD-3\n", profile->title, "pixel", "slope", "S", "p", "trend", "state",
	       "performance");
	for (size_t i = 0; i < p->n; i++)
		printf("%-10s %8.2f %5d %8.4f  %-9s %-9s %-11s %5d %s\n", p->name[i], slope[i], s[i], probability[i], word(trend[i]),
		       word(state[i]), word(performance[i]), lpd5[i], word(lpd3[i]));
	return 0;
}

int main(int argc, char **argv)
{
	const ldn_profile *profile = ldn_profile_find(argc > 2 ? argv[2] : "prais4");
	static pixels p;
	size_t size;
	void *memory;
	int code;

	if (argc < 2 || !profile) {
		fprintf(stderr, "usage: productivity FILE.csv [prais4|te|gpg2]\n");
		return 2;
	}
	if (!read_file(&p, argv[1]))
		return 1;
	ldn_series_mark_missing(p.series, p.n * p.n_years, profile->missing_also);
	size = ldn_kendall_size(p.n_years);
	memory = malloc(size);
	code = memory ? report(profile, &p, ldn_kendall_build(memory, size, p.n_years)) : 1;
	free(memory);
	return code;
}
