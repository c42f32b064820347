/* ldn balance: gains against losses within each land type, like for like. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "kernel.h"
#include "ldn/balance.h"
#include "rank.h"
#include "zones.h"

typedef struct balance_settings {
	common_settings common;
	const char *lpd, *risk;
	text_list types;
	bool check;
} balance_settings;

static const option own[] = {
	{"type", 0, OPTION_LIST, offsetof(balance_settings, types), "FILE", "raster of land types; several are combined. Without one, all land is one type"},
	{"lpd5", 0, OPTION_TEXT, offsetof(balance_settings, lpd), "FILE", "productivity in five classes: stressed land is to be reduced (layer response)"},
	{"risk", 0, OPTION_TEXT, offsetof(balance_settings, risk), "FILE", "risk of degradation, above 0 to be reduced (layer response)"},
	{"check", 0, OPTION_FLAG, offsetof(balance_settings, check), NULL, "exit with 1 when neutrality is not achieved"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const cell_class classes_of_gain[] = {{-1, "loss", 0x9C, 0x3D, 0x2E}, {0, "neutral", 0xD9, 0xCD, 0xB4}, {1, "gain", 0x1F, 0x6F, 0x5C}, {0}};
static const layer_spec layers[] = {
	{"balance", "loss, neutral, gain", classes_of_gain, CELL_INT16, true, AREAS},
	{"response", "where to act: avoid, reduce, reverse", classes_of_response, CELL_INT16, false, AREAS}};

enum { TYPES_MAX = 8 };

typedef struct balance_run {
	const balance_settings *settings;
	range status, types[TYPES_MAX], lpd, risk;
	size_t count;
	int32_t radix[TYPES_MAX];
	zones *zones;
	sums sums;
	pthread_mutex_t lock;
} balance_run;

/* With several rasters of types their greatest values are needed first: the code of a combination is that of Trends.Earth. */
static bool radix_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	balance_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	(void)index;
	autofree int16_t *values = memory_grow(NULL, n, sizeof *values);
	for (size_t k = 0; k < job->count; k++) {
		int32_t greatest = 0;
		if (!sources_read_int16(session_sources(run), worker, job->types[k], part, values, n, why))
			return false;
		for (size_t i = 0; i < n; i++)
			greatest = values[i] > greatest ? values[i] : greatest;
		pthread_mutex_lock(&job->lock);
		job->radix[k] = greatest + 1 > job->radix[k] ? greatest + 1 : job->radix[k];
		pthread_mutex_unlock(&job->lock);
	}
	return true;
}

static bool radix_settle(balance_run *job, failure *why)
{
	if (!rank_agree(why))
		return false;
	size_t *lengths, size = sizeof job->radix;
	unsigned char **all = rank_gather(job->radix, size, &lengths);
	for (int r = 0; all && r < rank_count(); r++) {
		int32_t other[TYPES_MAX];
		memcpy(other, all[r], sizeof other);
		for (size_t k = 0; k < job->count; k++)
			job->radix[k] = other[k] > job->radix[k] ? other[k] : job->radix[k];
		free(all[r]);
	}
	free(all);
	free(lengths);
	void *shared = memory_new(1, size);
	memcpy(shared, job->radix, size);
	rank_share(&shared, &size);
	memcpy(job->radix, shared, sizeof job->radix);
	free(shared);
	return true;
}

static bool types_read(balance_run *job, session *run, int worker, window part, int32_t *zone, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (job->count == 0)
		return zones_read(job->zones, worker, part, zone, why);
	autofree int32_t *code = memory_grow(NULL, n, sizeof *code);
	if (job->count == 1) {
		if (!sources_read_int32(session_sources(run), worker, job->types[0], part, code, n, why))
			return false;
	} else {
		autofree int16_t *maps = memory_grow(NULL, n * job->count, sizeof *maps);
		for (size_t k = 0; k < job->count; k++)
			if (!sources_read_int16(session_sources(run), worker, job->types[k], part, maps + k * n, n, why))
				return false;
		ldn_status status = ldn_balance_types(n, job->count, maps, job->radix, code);
		if (status != LDN_OK)
			return kernel_failed(status, _("land types"), why);
		for (size_t i = 0; i < n; i++)
			code[i] = code[i] < 0 ? LDN_NODATA : code[i];
	}
	return zones_index(job->zones, worker, part, code, zone, why);
}

static bool response_fill(const balance_run *job, session *run, int worker, window part, const int16_t *status, sheet *page, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (!sheet_wants(page, "response"))
		return true;
	autofree int16_t *maps = memory_grow(NULL, 4 * n, sizeof *maps);
	int16_t *simple = maps, *lpd = maps + n, *risk = maps + 2 * n, *response = maps + 3 * n;
	if (job->lpd.count && !sources_read_int16(session_sources(run), worker, job->lpd, part, lpd, n, why))
		return false;
	if (job->risk.count && !sources_read_int16(session_sources(run), worker, job->risk, part, risk, n, why))
		return false;
	for (size_t i = 0; i < n; i++)
		simple[i] = status[i] >= 1 && status[i] <= 3 ? LDN_DEGRADED : status[i] == 4 ? LDN_STABLE : status[i] >= 5 && status[i] <= 7 ? LDN_IMPROVED : LDN_NODATA;
	ldn_balance_hierarchy(n, simple, job->lpd.count ? lpd : NULL, job->risk.count ? risk : NULL, response);
	sheet_int16(page, "response", response);
	return true;
}

static bool balance_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	balance_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	(void)index;
	autofree int16_t *maps = memory_grow(NULL, 2 * n, sizeof *maps);
	autofree int32_t *zone = memory_grow(NULL, n, sizeof *zone);
	autofree uint16_t *key = memory_grow(NULL, n, sizeof *key);
	if (!sources_read_int16(session_sources(run), worker, job->status, part, maps, n, why))
		return false;
	ldn_balance_gain_loss(n, maps, maps + n);
	ldn_key_start((ldn_axis){LDN_DEGRADED, LDN_IMPROVED}, n, maps + n, key);
	if (!types_read(job, run, worker, part, zone, why) || !sums_add_area(&job->sums, run, worker, part, zone, key, why))
		return false;
	sheet *page = sheet_new(run, part);
	sheet_int16(page, "balance", maps + n);
	if (!response_fill(job, run, worker, part, maps, page, why)) {
		sheet_free(page);
		return false;
	}
	return sheet_put(page, worker, why);
}

static result_table *types_table(const balance_run *job)
{
	result_table *out = table_new("types", _("Gains and losses by land type"));
	static const char *const areas[] = {"gains", "losses", "neutral", "unknown", "net"};
	table_column(out, "type", "");
	for (size_t i = 0; i < 5; i++)
		table_column(out, areas[i], "ha");
	table_column(out, "net", "percent");
	table_column(out, "neutrality", "");
	size_t *order = zones_sorted(job->zones);
	for (size_t z = 0; z < zones_count(job->zones); z++) {
		ldn_balance b;
		if (ldn_balance_of(&job->sums.tables[0], order[z], &b) == LDN_OK)
			table_row(out, "idddddds", (int64_t)zones_code(job->zones, order[z]), b.gains / 1e4, b.losses / 1e4, b.neutral / 1e4, b.unknown / 1e4, b.net / 1e4,
				b.percent, !b.counted ? _("nothing changed") : b.achieved ? _("achieved") : _("not achieved"));
	}
	free(order);
	return out;
}

static result_table *verdict_table(const ldn_neutrality *whole)
{
	result_table *out = table_new("neutrality", _("Land degradation neutrality, like for like"));
	table_column(out, "neutrality", "");
	table_column(out, "types", "");
	table_column(out, "failing", "");
	table_column(out, "failing_area", "ha");
	table_column(out, "failing_net", "ha");
	table_row(out, "siidd", whole->achieved ? _("achieved") : _("not achieved"), (int64_t)whole->types, (int64_t)whole->failing, whole->failing_area / 1e4,
		whole->failing_net / 1e4);
	return out;
}

static bool inputs_add(balance_run *job, session *run, const text_list *rest, failure *why)
{
	const balance_settings *settings = job->settings;
	if (rest->count != 1)
		return failure_usage(why, _("name one raster: the status in seven classes"));
	if (settings->types.count > TYPES_MAX)
		return failure_usage(why, _("--type: at most %d rasters"), TYPES_MAX);
	if (!session_map(run, "status", rest->items[0], &job->status, why))
		return false;
	for (; job->count < settings->types.count; job->count++)
		if (!session_map(run, "land types", settings->types.items[job->count], &job->types[job->count], why))
			return false;
	return (!settings->lpd || session_map(run, "productivity", settings->lpd, &job->lpd, why)) &&
		(!settings->risk || session_map(run, "risk", settings->risk, &job->risk, why)) &&
		(job->zones = job->count ? zones_empty(run) : zones_new(run, NULL, why)) != NULL;
}

static int balance_do(void *given, const text_list *rest, failure *why)
{
	balance_run job = {.settings = given, .lock = PTHREAD_MUTEX_INITIALIZER};
	session *run = session_open(&command_balance, given, why);
	bool achieved = true;
	if (run && inputs_add(&job, run, rest, why)) {
		session_cite(run, cite_neutrality);
		session_cite(run, cite_area);
		bool started = session_start(run, layers, sizeof layers / sizeof *layers, 2 * job.count + 24, why);
		if (started)
			sums_begin(&job.sums, job.zones, run, 4, LDN_BITS_AREA);
		if (started && job.count > 1)
			session_blocks(run, _("land types"), radix_block, &job, why);
		if (radix_settle(&job, why))
			session_blocks(run, _("balance"), balance_block, &job, why);
		if (zones_join(job.zones, why) && sums_join(&job.sums, why)) {
			ldn_neutrality whole;
			ldn_balance_neutrality(&job.sums.tables[0], &whole);
			achieved = whole.achieved;
			session_table(run, verdict_table(&whole));
			session_table(run, types_table(&job));
		}
	}
	if (run)
		session_finish(run, why);
	sums_free(&job.sums);
	zones_free(job.zones);
	session_close(run);
	if (why->code == OUTCOME_DONE && rank_number() == 0 && !achieved && job.settings->check)
		return OUTCOME_NO;
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_balance = {
	.name = "balance",
	.summary = "gains, losses and net by land type: is neutrality achieved?",
	.arguments = "STATUS",
	.description = "Sets gains (status 6, 7) against losses (1, 2) within each land type. A country, or a lease given as --region, is neutral only if every\n"
	               "type is; the table names those that fail.",
	.example = "  ldn balance status.tif:1 --type ecoregions.tif --type soils.tif -t balance.csv\n"
	           "  ldn balance status.tif:1 --type landtypes.tif --region lease.geojson --check",
	.options = options,
	.settings_size = sizeof(balance_settings),
	.defaults = defaults,
	.run = balance_do};
