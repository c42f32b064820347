/* ldn site: one piece of land in a stack of images: everything a measurement record holds, as JSON.
 *
 * The images are the user's, but boundaries and tables may be a stranger's. All are read in the sandbox: the child can open nothing but the folders of the
 * files named, and hands its document and pictures over through a pipe. The parent writes them under names it knows. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "quality.h"
#include "sandbox.h"
#include "site.h"
#include "table.h"
#include "vector.h"
#include "whole.h"

#define AT(member) offsetof(site_settings, member)
static const option own[] = {
	{"site", 's', OPTION_TEXT, AT(site), "FILE", "the land: a vector file of polygons, which are united"},
	{"reference", 'r', OPTION_TEXT, AT(reference), "FILE", "undisturbed land of the same kind, under the same weather"},
	{"bands", 'b', OPTION_TEXT, AT(bands), "LIST", "what files hold: red=B04,nir=B08,quality=SCL by a part of their names, red=3,nir=4 by number of band; default: as the bands say, or the index itself; cover=LC names maps of land cover, whose first and last are compared"},
	{"index", 'i', OPTION_TEXT, AT(index), "NAME", "vegetation index (NDVI)"},
	{"legend", 0, OPTION_TEXT, AT(legend), "NAME|FILE", "classes of the maps of land cover (cover=... of --bands): esa (the default), unccd, or a table of codes as for ldn landcover"},
	{"quality", 'q', OPTION_CHOICE, AT(quality), "KIND", "how the quality band says what is clear", quality_names},
	{"season", 0, OPTION_TEXT, AT(season), "MM-DD..MM-DD", "only images of these days; a season that crosses the new year counts for the year in which it ends"},
	{"years", 'y', OPTION_TEXT, AT(years), "LIST", "years of the layers of every file; default: from the files' names, or from a list of dates among them (dates.csv)"},
	{"scale", 0, OPTION_NUMBER, AT(scale), "X", "reflectance, or the index, is value * scale + offset (1)"},
	{"offset", 0, OPTION_NUMBER, AT(offset), "X", "see --scale (0)"},
	{"observations", 0, OPTION_WHOLE, AT(observations), "N", "clear observations that a cell needs in a year (1; 3 with images of days)", NULL, 1, 1000},
	{"cover", 0, OPTION_NUMBER, AT(cover), "SHARE", "share of the land that must have a value in a year (0.5)"},
	{"disturbed", 0, OPTION_WHOLE, AT(disturbed), "YEAR", "first year of disturbance", NULL, 1800, 2200},
	{"restored", 0, OPTION_WHOLE, AT(restored), "YEAR", "first year of restoration: recovery and effect are counted from here", NULL, 1800, 2200},
	{"percent", 0, OPTION_NUMBER, AT(percent), "P", "percent of the target that counts as recovered (80)"},
	{"loss-least", 0, OPTION_NUMBER, AT(loss_least), "X", "the least fall of the fitted index that is a disturbance (0.1)"},
	{"seed", 0, OPTION_WHOLE, AT(seed), "N", "of the bootstrap (20260824)", NULL, 0, INT64_MAX},
	{"pictures", 'p', OPTION_TEXT, AT(pictures), "DIR", "write pictures and the map of classes into this folder"},
	{"series", 0, OPTION_TEXT, AT(series), "FILE", "instead of images: a CSV file with year,value and, where known, reference,rain,cells"},
	{"memory", 'm', OPTION_SIZE, AT(memory), "SIZE", "upper bound of memory (default 8G)"},
	{"seconds", 0, OPTION_WHOLE, AT(seconds), "N", "upper bound of time (default 3600)", NULL, 1, 864000},
	{"require-sandbox", 0, OPTION_FLAG, AT(sandbox), NULL, "refuse to read where the kernel cannot shut the reader in whole"},
	{0}};
static const option *const options[] = {own, NULL};

/* --- inside the sandbox --- */

typedef struct errand {
	site_run *job;
	const text_list *stack;
} errand;

/* A line with the sizes of what follows: the document, then the pictures. */
static bool site_job(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	const errand *e = context;
	site_run *job = e->job;
	const site_settings *s = job->settings;
	if (s->sandbox && report->missing[0])
		return failure_set(why, _("%s: not read, because the reader cannot be shut in: %s; leave out --require-sandbox to read it all the same"), s->site ? s->site : s->series, report->missing);
	if (!site_measure(job, e->stack, why))
		return false;
	autofree char *text = json_text(job->document);
	json_t *sizes = json_array();
	for (size_t i = 0; i < job->picture_count; i++)
		json_array_append_new(sizes, json_pack("{s:s,s:I}", "name", job->pictured[i].name, "size", (json_int_t)job->pictured[i].size));
	json_t *head = json_pack("{s:I,s:o}", "document", (json_int_t)strlen(text), "files", sizes);
	json_dumpf(head, out, JSON_COMPACT);
	json_decref(head);
	fputc('\n', out);
	fputs(text, out);
	for (size_t i = 0; i < job->picture_count; i++)
		fwrite(job->pictured[i].bytes, 1, job->pictured[i].size, out);
	return true;
}

/* --- outside --- */

/* The folder a path lies in; free it. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return !slash ? text_copy(".") : slash == path ? text_copy("/") : text_format("%.*s", (int)(slash - path), path);
}

typedef struct folders {
	const char **items; /* ended by NULL */
	size_t count, fixed; /* of which the first are not ours */
} folders;

static void folder_add(folders *list, const char *path)
{
	char *folder = path ? folder_of(path) : NULL;
	for (size_t i = list->fixed; folder && i < list->count; i++)
		if (strcmp(list->items[i], folder) == 0) {
			free(folder);
			return;
		}
	if (!folder)
		return;
	list->items = memory_grow(list->items, list->count + 2, sizeof *list->items);
	list->items[list->count++] = folder;
	list->items[list->count] = NULL;
}

/* What may be read: tables of GDAL and PROJ, and the folders of the files named. */
static folders readable_of(const site_settings *s, const text_list *files)
{
	folders list = {0};
	const char *const *tables = vector_readable();
	while (tables[list.fixed])
		list.fixed++;
	list.items = memory_grow(NULL, list.fixed + 1, sizeof *list.items);
	memcpy(list.items, tables, list.fixed * sizeof *tables);
	list.items[list.count = list.fixed] = NULL;
	folder_add(&list, s->site);
	folder_add(&list, s->reference);
	folder_add(&list, s->series);
	folder_add(&list, site_legend_file(s));
	for (size_t i = 0; i < files->count; i++)
		folder_add(&list, files->items[i]);
	return list;
}

static void folders_free(folders *list)
{
	for (size_t i = list->fixed; i < list->count; i++)
		free((char *)(uintptr_t)list->items[i]);
	free(list->items);
}

static bool name_known(const char *name)
{
	for (const char *const *known = site_file_names; name && *known; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

/* The pictures after the document, each under its name in the folder; false if the sizes do not agree with what came. */
static bool files_write(const site_settings *s, const json_t *files, const unsigned char *bytes, size_t size, failure *why)
{
	const json_t *file;
	size_t i;
	json_array_foreach(files, i, file) {
		const char *name = json_string_value(json_object_get(file, "name"));
		json_int_t length = json_integer_value(json_object_get(file, "size"));
		if (!s->pictures || !name_known(name) || length < 0 || (size_t)length > size)
			return failure_set(why, _("the reader's answer is not whole"));
		autofree char *path = text_format("%s/%s", s->pictures, name);
		if (!whole_write(path, bytes, (size_t)length, why))
			return false;
		bytes += length;
		size -= (size_t)length;
	}
	return size == 0 || failure_set(why, _("the reader's answer is not whole"));
}

static bool answer(const site_settings *s, const unsigned char *bytes, size_t size, failure *why)
{
	const unsigned char *line = memchr(bytes, '\n', size);
	json_t *head = line ? json_loadb((const char *)bytes, (size_t)(line - bytes), 0, NULL) : NULL;
	json_int_t length = json_integer_value(json_object_get(head, "document"));
	size_t rest = line ? size - (size_t)(line + 1 - bytes) : 0;
	bool fine = length > 0 && (size_t)length <= rest;
	json_t *document = fine ? json_loadb((const char *)line + 1, (size_t)length, 0, NULL) : NULL;
	fine = json_is_object(document) || failure_set(why, _("the reader's answer is not whole"));
	fine = fine && files_write(s, json_object_get(head, "files"), line + 1 + length, rest - (size_t)length, why);
	if (fine)
		fwrite(line + 1, 1, (size_t)length, stdout);
	json_decref(document);
	json_decref(head);
	return fine;
}

static bool local_check(const site_settings *s, const text_list *files, failure *why)
{
	const char *const named[] = {s->site, s->reference, s->series, site_legend_file(s)};
	const char *outside = NULL;
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		outside = named[i] && strncmp(named[i], "/vsi", 4) == 0 ? named[i] : outside;
	for (size_t i = 0; i < files->count; i++)
		outside = strncmp(files->items[i], "/vsi", 4) == 0 ? files->items[i] : outside;
	return !outside || failure_set(why, _("%s: only files of this machine are read, no addresses and no paths into archives; fetch or unpack it first"), outside);
}

static int site_do(void *given, const text_list *rest, failure *why)
{
	const site_settings *s = given;
	site_run job = {.settings = s};
	if (!site_settings_check(&job, why) || !local_check(s, rest, why))
		return why->code;
	vector_prepare(true);
	folders readable = readable_of(s, rest);
	unsigned seconds = (unsigned)s->seconds;
	/* Every file stays open until its hash is made, and is read besides. */
	sandbox_limits limits = {.memory = (uint64_t)s->memory, .cpu_seconds = seconds, .wall_seconds = seconds + 30, .output = (uint64_t)1 << 30,
		.descriptors = 64 + 2 * (unsigned)rest->count};
	sandbox_report report;
	unsigned char *bytes;
	size_t size;
	errand e = {&job, rest};
	if (sandbox_run(site_job, &e, s->site ? s->site : s->series, &limits, readable.items, (const int[]){-1}, &report, &bytes, &size, why)) {
		answer(s, bytes, size, why);
		free(bytes);
	}
	folders_free(&readable);
	return why->code;
}

static void defaults(void *settings)
{
	site_settings *s = settings;
	s->index = "NDVI";
	s->scale = 1;
	s->cover = 0.5;
	s->percent = 80;
	s->loss_least = 0.1;
	s->seed = 20260824;
	s->memory = (int64_t)8 << 30;
	s->seconds = 3600;
}

const command command_site = {
	.name = "site",
	.summary = "one piece of land: yearly means, classes, recovery, effect, as JSON",
	.arguments = "IMAGE...",
	.description = "Everything a measurement record holds for a polygon: yearly means of an index over the site and a reference area, each cell weighted by the share that is\n"
	               "inside; areas of land productivity, disturbance and recovery with their interval; trend, LandTrendr fit, recovery, and the effect of restoration before and\n"
	               "after against the reference, with interval, placebo dates and minimum detectable change; pictures. Images are yearly (2014.tif) or of days\n"
	               "(20190104_B04.tif), whose clear observations become a median a year. A stack may also keep a band in each file (red.tif), a layer a date, with a\n"
	               "list of the dates (dates.csv) among the files. Nothing is told of land too small, or years too few.\n"
	               "Boundaries may be a stranger's: everything is read in a child process that is shut in (Landlock, seccomp, limits) and sees only the folders of the files named.",
	.example = "  ldn site --site mine.geojson --reference forest.geojson --restored 2006 --pictures out 20??.tif\n"
	           "  ldn site --site mine.geojson --bands red=B04,nir=B08,quality=SCL --quality scl --season 10-01..03-31 *_B04.tif *_B08.tif *_SCL.tif\n"
	           "  ldn site --site mine.geojson --bands red=red,nir=nir,quality=fmask --quality fmask --scale 0.0001 red.tif nir.tif fmask.tif dates.csv",
	.options = options,
	.settings_size = sizeof(site_settings),
	.defaults = defaults,
	.run = site_do};
