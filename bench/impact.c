/* How often the interval of an effect holds the truth, in 1,000 made-up sites each (tests/libldn/made_up_site.h). Rows as bench/run.sh
 * wants them; those with a goal are the promise: 93 to 97 per cent. Exit 1 if one of them is not met. */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/libldn/made_up_site.h"

static const struct {
	const char *what;
	made_up truth;
	int promised;
} rows[] = {
	{ "planted change", { 20, 8, 0.10, 0.3, 1, 0 }, 1 },
	{ "no change", { 20, 8, 0, 0.3, 1, 0 }, 1 },
	{ "planted change, longer", { 30, 10, 0.10, 0.5, 1, 0 }, 1 },
	{ "no change, longer", { 30, 10, 0, 0.5, 1, 0 }, 1 },
	{ "short: Sentinel-2", { 10, 4, 0.10, 0.3, 1, 0 }, 0 },
	{ "shortest", { 8, 3, 0.10, 0.3, 1, 0 }, 0 },
	{ "noise without memory", { 20, 8, 0.10, 0, 1, 0 }, 0 },
	{ "long memory", { 20, 8, 0.10, 0.7, 1, 0 }, 0 },
	{ "long memory, longer", { 40, 15, 0.10, 0.7, 1, 0 }, 0 },
	{ "heavy tails", { 20, 8, 0.10, 0.3, 1, 1 }, 0 },
	{ "site feels half the drought", { 20, 8, 0.10, 0.3, 0.5, 0 }, 0 },
};

int main(int count, char **arguments)
{
	size_t runs = count > 1 ? (size_t)strtoul(arguments[1], NULL, 10) : 1000, size = ldn_impact_scratch(&ldn_impact_default, LDN_IMPACT_YEARS_MAX);
	void *scratch = malloc(size);
	int missed = 0;
	if (!scratch || runs == 0)
		return 2;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const made_up *t = &rows[i].truth;
		double width, share = (double)made_up_covered(t, &ldn_impact_default, runs, 1000 + i, &width, scratch, size) / (double)runs;
		int fine = share >= 0.93 && share <= 0.97;
		missed += rows[i].promised && !fine;
		printf("%s, %zu years, %zu before, memory %.1f\t%.1f %% hold the truth, width %.3f\t%s\t%s\n", rows[i].what, t->years, t->before, t->memory, 100 * share, width,
			rows[i].promised ? "93 to 97 %" : "", rows[i].promised ? fine ? "kept" : "MISSED" : "");
		fflush(stdout);
	}
	free(scratch);
	return missed != 0;
}
