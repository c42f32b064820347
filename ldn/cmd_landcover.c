/* ldn landcover: what the land was, what it is, and whether that is a loss. */
#include <stdlib.h>

#include "command.h"
#include "cover.h"
#include "kernel.h"
#include "zones.h"

typedef struct landcover_settings {
	common_settings common;
	const char *years, *legend, *matrix;
	int64_t band;
} landcover_settings;

static const option own[] = {
	{"legend", 0, OPTION_TEXT, offsetof(landcover_settings, legend), "FILE", "esa (ESA CCI codes into seven classes, default), unccd (codes 1-7), or a CSV file: raw,class,name,unccd"},
	{"matrix", 0, OPTION_TEXT, offsetof(landcover_settings, matrix), "FILE", "meaning of each transition, as CSV (default: the UNCCD's)"},
	{"years", 'y', OPTION_TEXT, offsetof(landcover_settings, years), "LIST", "years of the bands or files; two files need none"},
	{"band", 'b', OPTION_WHOLE, offsetof(landcover_settings, band), "N", "take this band of each file", NULL, 1, 65536},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

typedef struct landcover_run {
	cover cover;
	range from, to, all; /* all: every year, when changes in between are asked for */
	zones *zones;
	sums transitions;
} landcover_run;

static bool changes_fill(const landcover_run *job, session *run, int worker, window part, sheet *page, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height, years = job->all.count;
	if (!sheet_wants(page, "changes") && !sheet_wants(page, "since"))
		return true;
	autofree uint8_t *maps = memory_grow(NULL, n * (years + 1), 1);
	autofree int16_t *found = memory_grow(NULL, 2 * n, sizeof *found);
	if (!cover_read(&job->cover, run, worker, job->all, part, maps, n, why))
		return false;
	ldn_status status = ldn_landcover_changes(n, years, maps, found, found + n, maps + n * years);
	if (status != LDN_OK)
		return kernel_failed(status, _("land cover"), why);
	sheet_int16(page, "changes", found);
	sheet_int16(page, "since", found + n);
	return true;
}

static bool landcover_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	landcover_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	(void)index;
	autofree uint8_t *position = memory_grow(NULL, 2 * n, 1);
	uint8_t *from = position, *to = position + n;
	if (!cover_read(&job->cover, run, worker, job->from, part, from, n, why) || !cover_read(&job->cover, run, worker, job->to, part, to, n, why))
		return false;
	autofree int16_t *value = memory_grow(NULL, n, sizeof *value);
	autofree int32_t *zone = memory_grow(NULL, n, sizeof *zone);
	autofree uint16_t *key = memory_grow(NULL, n, sizeof *key);
	ldn_axis axis = {1, (int16_t)job->cover.legend.count};
	ldn_key_start_u8(axis, n, from, key);
	ldn_key_push_u8(axis, n, to, key);
	if (!zones_read(job->zones, worker, part, zone, why) || !sums_add_area(&job->transitions, run, worker, part, zone, key, why))
		return false;
	sheet *page = sheet_new(run, part);
	ldn_landcover_degradation(&job->cover.matrix, n, from, to, value);
	sheet_int16(page, "landcover", value);
	ldn_landcover_transition(job->cover.multiplier, n, from, to, value);
	sheet_int16(page, "transition", value);
	ldn_landcover_persistence(job->cover.multiplier, n, from, to, value);
	sheet_int16(page, "persistence", value);
	for (int date = 0; date < 2; date++) {
		for (size_t i = 0; i < n; i++)
			value[i] = position[(size_t)date * n + i] ? position[(size_t)date * n + i] : LDN_NODATA;
		sheet_int16(page, date ? "to" : "from", value);
	}
	if (!changes_fill(job, run, worker, part, page, why)) {
		sheet_free(page);
		return false;
	}
	return sheet_put(page, worker, why);
}

static bool inputs_add(landcover_run *job, const landcover_settings *settings, session *run, const text_list *rest, failure *why)
{
	if (rest->count == 0)
		return failure_usage(why, _("name the maps of land cover"));
	if (rest->count == 2 && !settings->years) {
		if (!session_map(run, "from", rest->items[0], &job->from, why) || !session_map(run, "to", rest->items[1], &job->to, why))
			return false;
		job->all = (range){job->from.first, 2};
		return true;
	}
	stack maps;
	if (!session_stack(run, "land cover", rest, (int)settings->band, settings->years, &maps, why))
		return false;
	if (maps.bands.count < 2)
		return failure_usage(why, _("one map of land cover has nothing to be compared with"));
	job->all = maps.bands;
	job->from = (range){maps.bands.first, 1};
	job->to = (range){maps.bands.first + maps.bands.count - 1, 1};
	return true;
}

static int landcover_do(void *given, const text_list *rest, failure *why)
{
	const landcover_settings *settings = given;
	landcover_run job = {0};
	session *run = session_open(&command_landcover, settings, why);
	if (run && cover_open(&job.cover, run, settings->legend, settings->matrix, true, why) && inputs_add(&job, settings, run, rest, why) &&
		(job.zones = zones_new(run, NULL, why))) {
		const layer_spec layers[] = {
			{"landcover", "land cover: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
			{"transition", "transition code, from and to", NULL, CELL_INT16, true, AREAS_NONE},
			{"from", "class at the first date", job.cover.classes, CELL_INT16, false, AREAS},
			{"to", "class at the last date", job.cover.classes, CELL_INT16, false, AREAS},
			{"persistence", "transition code, unchanged classes alone", NULL, CELL_INT16, false, AREAS_NONE},
			{"changes", "number of changes", NULL, CELL_INT16, false, AREAS_NONE},
			{"since", "years (maps) since the last change", NULL, CELL_INT16, false, AREAS_NONE}};
		size_t classes = job.cover.legend.count + 1;
		session_cite(run, cite_prais4);
		if (session_start(run, layers, sizeof layers / sizeof *layers, 14 + job.all.count, why)) {
			sums_begin(&job.transitions, job.zones, run, classes * classes, LDN_BITS_AREA);
			session_blocks(run, _("land cover"), landcover_block, &job, why);
		}
		if (zones_join(job.zones, why) && sums_join(&job.transitions, why))
			session_table(run, cover_transitions_table(&job.cover, &job.transitions.tables[0]));
	}
	if (run)
		session_finish(run, why);
	sums_free(&job.transitions);
	zones_free(job.zones);
	session_close(run);
	cover_free(&job.cover);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_landcover = {
	.name = "landcover",
	.summary = "land cover change: transitions, and which of them degrade",
	.arguments = "FROM TO | MAPS...",
	.description = "Compares land cover at two dates, with any legend and any matrix of meanings. More maps than two: the first with the last, and\n"
	               "the layers changes and since tell what happened in between.",
	.example = "  ldn landcover esa-2000.tif esa-2015.tif -o landcover.tif -t landcover.csv\n"
	           "  ldn landcover map_*.tif --legend national.csv --matrix meanings.csv -l landcover,changes -o change.tif",
	.options = options,
	.settings_size = sizeof(landcover_settings),
	.defaults = defaults,
	.run = landcover_do};
