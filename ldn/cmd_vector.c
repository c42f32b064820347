/* ldn vector: reads a vector file from anybody, inside the sandbox; checks and repairs its geometry; GeoJSON out. */
#include <math.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "sandbox.h"
#include "sha256.h"
#include "table.h"
#include "vector.h"
#include "whole.h"

typedef struct vector_settings {
	vector_wish wish;
	const char *country, *outlines, *output;
	double pixel;
	int64_t memory, seconds;
	bool check, repair, json, all, sandbox;
} vector_settings;

#define AT(member) offsetof(vector_settings, member)
static const option own[] = {
	{"output", 'o', OPTION_TEXT, AT(output), "FILE", "GeoJSON to write (RFC 7946), with findings and areas beside each feature"},
	{"layer", 'l', OPTION_TEXT, AT(wish.layer), "NAME", "take this layer, or this file of an archive (default: all layers)"},
	{"crs", 0, OPTION_TEXT, AT(wish.crs), "NAME", "reference system of the coordinates, such as EPSG:32735, where the file does not say it or says it wrongly"},
	{"fields", 0, OPTION_TEXT, AT(wish.fields), "A,B,...", "attributes to keep (default: all)"},
	{"check", 0, OPTION_FLAG, AT(check), NULL, "only look: leave boundaries as they are; exit with 1 if one has an error"},
	{"repair", 0, OPTION_FLAG, AT(repair), NULL, "mend what can be mended (the default)"},
	{"country", 0, OPTION_TEXT, AT(country), "ISO3", "the country they are said to lie in; needs --outlines"},
	{"country-field", 0, OPTION_TEXT, AT(wish.country_field), "A,B,...", "attribute that holds each one's country as ISO alpha-3 code; of several the first that has one"},
	{"outlines", 0, OPTION_TEXT, AT(outlines), "FILE", "outlines of countries (GeoJSON, property iso3): tells wrong country, sea and centroids"},
	{"pixel", 0, OPTION_NUMBER, AT(pixel), "METRES", "side of the cells they are to be measured with (default 30; 0: do not ask)"},
	{"memory", 'm', OPTION_SIZE, AT(memory), "SIZE", "upper bound of the reader's memory (default 2G)"},
	{"seconds", 0, OPTION_WHOLE, AT(seconds), "N", "upper bound of the reader's time (default 60)", NULL, 1, 86400},
	{"require-sandbox", 0, OPTION_FLAG, AT(sandbox), NULL, "refuse to read where the kernel cannot shut the reader in whole"},
	{"all", 'a', OPTION_FLAG, AT(all), NULL, "list every place of every finding"},
	{"json", 0, OPTION_FLAG, AT(json), NULL, "print the GeoJSON with its findings"},
	{0}};
static const option *const options[] = {own, NULL};

static void defaults(void *given)
{
	vector_settings *settings = given;
	settings->pixel = 30;
	settings->memory = (int64_t)2 << 30;
	settings->seconds = 60;
}

/* ---- inside the sandbox ---- */

static const char *const beside[] = {"dbf", "shx", "prj", "cpg"}; /* of a bare shapefile */
enum { BESIDE = sizeof beside / sizeof *beside };

typedef struct reading {
	const vector_settings *settings;
	const char *name;
	int file, outlines, beside[BESIDE];
} reading;

/* The whole of an open file, at most DOOR_INPUT_MOST bytes. */
static unsigned char *descriptor_read(int descriptor, const char *name, size_t *size, failure *why)
{
	size_t room = 65536;
	unsigned char *bytes = memory_new(room + 1, 1);
	ssize_t n;
	*size = 0;
	while ((n = read(descriptor, bytes + *size, room - *size)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			failure_system(why, _("cannot be read"), name);
			break;
		}
		*size += (size_t)n;
		if (*size > DOOR_INPUT_MOST) {
			failure_set(why, _("%s: is larger than %llu MiB; split it"), name, (unsigned long long)(DOOR_INPUT_MOST >> 20));
			break;
		}
		if (*size == room) {
			room *= 2;
			bytes = memory_grow(bytes, room + 1, 1);
		}
	}
	if (why->code == OUTCOME_DONE)
		return bytes;
	free(bytes);
	return NULL;
}

static bool outlines_load(const reading *r, outlines *countries, failure *why)
{
	size_t size;
	unsigned char *text = descriptor_read(r->outlines, r->settings->outlines, &size, why);
	bool fine = text && outlines_read(r->settings->outlines, (const char *)text, size, countries, why);
	free(text);
	return fine;
}

static bool door_read(const reading *r, door *d, char hex[static 65], failure *why)
{
	size_t size;
	unsigned char *bytes = descriptor_read(r->file, r->name, &size, why);
	if (!bytes)
		return false;
	sha256 hash;
	sha256_start(&hash);
	sha256_add(&hash, bytes, size);
	sha256_end(&hash, hex);
	bool fine = door_open(r->name, bytes, size, r->settings->wish.layer, d, why);
	free(bytes);
	for (size_t i = 0; fine && i < BESIDE; i++)
		if (r->beside[i] >= 0 && (bytes = descriptor_read(r->beside[i], r->name, &size, why)))
			door_add(d, beside[i], bytes, size);
	return fine && why->code == OUTCOME_DONE;
}

/* A line with the digest, for the parent, then the GeoJSON. */
static bool vector_job(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	const reading *r = context;
	const vector_settings *settings = r->settings;
	outlines countries = {0};
	door d = {0};
	vector_file v = {0};
	char hex[65];
	if (settings->sandbox && report->missing[0])
		return failure_set(why, _("%s: not read, because the reader cannot be shut in: %s; leave out --require-sandbox to read it all the same"), r->name, report->missing);
	bool fine = (r->outlines < 0 || outlines_load(r, &countries, why)) && door_read(r, &d, hex, why) && vector_read(r->name, &d, &settings->wish, &v, why);
	if (fine) {
		vector_examine(&v, &(doctor){r->outlines >= 0 ? &countries : NULL, settings->country, settings->pixel, !settings->check});
		json_t *digest = vector_digest(&v, r->name, hex);
		json_object_set_new(digest, "sandbox", sandbox_json(report));
		json_dumpf(digest, out, JSON_COMPACT);
		putc('\n', out);
		vector_write(&v, digest, out);
		json_decref(digest);
	}
	vector_free(&v);
	door_close(&d);
	outlines_free(&countries);
	return fine;
}

/* ---- outside ---- */

static bool regular_open(const char *path, int *descriptor, failure *why)
{
	struct stat is;
	*descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*descriptor < 0)
		return failure_system(why, _("cannot be opened"), path);
	if (fstat(*descriptor, &is) == 0 && !S_ISREG(is.st_mode) && !S_ISFIFO(is.st_mode)) {
		close(*descriptor);
		*descriptor = -1;
		return failure_set(why, _("%s: is not a regular file; give a vector file"), path);
	}
	fcntl(*descriptor, F_SETFL, O_RDONLY);
	return true;
}

static void beside_open(const char *path, int descriptors[BESIDE])
{
	size_t length = strlen(path);
	bool bare = length > 4 && strcasecmp(path + length - 4, ".shp") == 0;
	for (size_t i = 0; i < BESIDE; i++) {
		autofree char *name = text_format("%.*s%s", (int)length - 3, path, beside[i]);
		descriptors[i] = bare ? open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	}
}

/* Text of strangers for a terminal: no control characters, no bidirectional tricks, so many characters. */
static void put_text(const char *text, size_t most)
{
	size_t shown = 0;
	for (; *text && shown < most; text++) {
		unsigned char c = (unsigned char)*text;
		bool odd = c < 32 || c == 127 || (c == 0xe2 && (unsigned char)text[1] == 0x80 && (unsigned char)text[2] >= 0x8e && (unsigned char)text[2] <= 0xae);
		putchar(odd ? '?' : c);
		text += odd && c == 0xe2 ? 2 : 0;
		shown += (c & 0xc0) != 0x80;
	}
	if (*text)
		fputs("...", stdout);
}

static const char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

static long long count_of(const json_t *json, const char *key)
{
	return (long long)json_integer_value(json_object_get(json, key));
}

static void print_place(const json_t *spot)
{
	const json_t *at = json_object_get(spot, "at");
	for (size_t i = 0; i < 2; i++) {
		double number = json_number_value(json_array_get(at, i));
		printf(fabs(number) < 1e9 ? "%s%.6f" : "%s%.6g", i ? ", " : "  ", number);
	}
	if (count_of(spot, "vertex"))
		printf(_(" (part %lld, ring %lld, vertex %lld)"), count_of(spot, "part"), count_of(spot, "ring"), count_of(spot, "vertex"));
}

static void print_examples(const json_t *entry, bool all)
{
	const json_t *example, *spot;
	size_t i, k;
	json_array_foreach(json_object_get(entry, "examples"), i, example) {
		if (i == 2 && !all)
			break;
		const json_t *places = json_object_get(example, "places");
		printf(_("      feature %lld"), count_of(example, "feature"));
		if (*text_of(example, "label")) {
			fputs(", ", stdout);
			put_text(text_of(example, "label"), 40);
		}
		json_array_foreach(places, k, spot)
			if (k == 0 || all) {
				if (k)
					fputs("\n               ", stdout);
				print_place(spot);
			}
		if (*text_of(example, "detail")) {
			fputs(": ", stdout);
			put_text(text_of(example, "detail"), 90);
		}
		putchar('\n');
	}
}

static void print_entry(const json_t *entry, const vector_settings *settings)
{
	long long features = count_of(entry, "features"), mended = count_of(entry, "mended");
	printf("\n  %-8s %s", text_of(entry, "severity"), text_of(entry, "ailment"));
	if (features)
		printf(features == 1 ? _(": %lld feature") : _(": %lld features"), features);
	if (count_of(entry, "count") > features && features)
		printf(_(", %lld places"), count_of(entry, "count"));
	if (features && mended == features && !settings->check)
		fputs(_(", mended"), stdout);
	else if (mended && !settings->check)
		printf(_(", %lld mended"), mended);
	if (*text_of(entry, "detail"))
		printf(" (%s)", text_of(entry, "detail"));
	printf("\n    %s; %s.\n", text_of(entry, "says"), text_of(entry, "remedy"));
	print_examples(entry, settings->all);
}

static void print_area(const json_t *digest, const vector_settings *settings)
{
	double given = json_number_value(json_object_get(digest, "area_given_m2")), now = json_number_value(json_object_get(digest, "area_m2"));
	if (settings->check)
		printf(_("  area      %.4f ha as given\n"), given / 1e4);
	else
		printf(_("  area      %.4f ha as given, %.4f ha now (%+.0f m2)\n"), given / 1e4, now / 1e4, now - given);
}

static void print_digest(const json_t *digest, const vector_settings *settings)
{
	const json_t *findings = json_object_get(digest, "findings"), *entry;
	const char *missing = json_string_value(json_object_get(json_object_get(digest, "sandbox"), "missing"));
	size_t i;
	printf("%s: %s, ", text_of(digest, "file"), text_of(digest, "form"));
	put_text(text_of(digest, "reference"), 60);
	printf(_("\n  features  %lld, of which %lld can be used; %lld were invalid\n"), count_of(digest, "features"), count_of(digest, "usable"), count_of(digest, "invalid"));
	print_area(digest, settings);
	if (missing)
		printf(_("  sandbox   not whole: %s\n"), missing);
	json_array_foreach(findings, i, entry)
		print_entry(entry, settings);
	if (!json_array_size(findings))
		fputs(_("  nothing was found that is wrong\n"), stdout);
}

/* What came out of the sandbox: written, printed, and the exit status it means. */
static int answer(const vector_settings *settings, const unsigned char *bytes, size_t size, failure *why)
{
	const unsigned char *line = memchr(bytes, '\n', size);
	json_t *digest = line ? json_loadb((const char *)bytes, (size_t)(line - bytes), 0, NULL) : NULL;
	if (!json_is_object(digest)) {
		failure_set(why, _("the reader's answer is not whole"));
		return OUTCOME_FAILED;
	}
	size_t rest = size - (size_t)(line + 1 - bytes);
	bool fine = !settings->output || strcmp(settings->output, "-") == 0 || whole_write(settings->output, line + 1, rest, why);
	if (fine && (settings->json || (settings->output && strcmp(settings->output, "-") == 0)))
		fwrite(line + 1, 1, rest, stdout);
	else if (fine)
		print_digest(digest, settings);
	bool good = count_of(digest, "usable") == count_of(digest, "features");
	json_decref(digest);
	return !fine ? OUTCOME_FAILED : good ? OUTCOME_DONE : OUTCOME_NO;
}

static bool settings_check(const vector_settings *settings, const text_list *rest, failure *why)
{
	if (rest->count != 1)
		return failure_usage(why, _("name one file"));
	if (settings->check && settings->repair)
		return failure_usage(why, _("--check and --repair: choose one"));
	if ((settings->country || settings->wish.country_field) && !settings->outlines)
		return failure_usage(why, _("--country and --country-field need --outlines, the outlines of countries"));
	if (settings->country && (strlen(settings->country) != 3 || strspn(settings->country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		return failure_usage(why, _("--country %s: not an ISO 3166-1 alpha-3 code such as ZAF"), settings->country);
	if (settings->pixel < 0)
		return failure_usage(why, _("--pixel: not below 0"));
	return strncmp(rest->items[0], "/vsi", 4) != 0 || failure_set(why, _("%s: only files of this machine are read, no addresses and no paths into archives"), rest->items[0]);
}

static int vector_do(void *given, const text_list *rest, failure *why)
{
	vector_settings *settings = given;
	reading r = {settings, rest->count ? rest->items[0] : "", -1, -1, {-1, -1, -1, -1}};
	if (!settings_check(settings, rest, why) || !regular_open(r.name, &r.file, why) ||
		(settings->outlines && !regular_open(settings->outlines, &r.outlines, why)))
		return why->code;
	beside_open(r.name, r.beside);
	vector_prepare(false);
	int keep[BESIDE + 3] = {r.file}, kept = 1;
	for (size_t i = 0; i < BESIDE; i++)
		if (r.beside[i] >= 0)
			keep[kept++] = r.beside[i];
	if (r.outlines >= 0)
		keep[kept++] = r.outlines;
	keep[kept] = -1;
	sandbox_limits limits = {(uint64_t)settings->memory, (unsigned)settings->seconds, (unsigned)settings->seconds + 30, (uint64_t)1 << 30, false};
	sandbox_report report;
	unsigned char *bytes;
	size_t size;
	int code = OUTCOME_FAILED;
	if (sandbox_run(vector_job, &r, r.name, &limits, vector_readable(), keep, &report, &bytes, &size, why)) {
		code = answer(settings, bytes, size, why);
		free(bytes);
	}
	for (int i = 0; i < kept; i++)
		close(keep[i]);
	return why->code != OUTCOME_DONE ? why->code : code;
}

const command command_vector = {
	.name = "vector",
	.summary = "read a vector file from anybody, check and repair its geometry, GeoJSON out",
	.arguments = "FILE",
	.description = "Reads GeoJSON, KML, KMZ, GeoPackage, a zipped shapefile, or CSV with WKT or coordinates, in any reference system, and examines every\n"
	               "boundary for some fifty ailments: each is said in words with its place. What can be repaired is repaired, with the area before and after.\n"
	               "The file is read in a child process that is shut in (Landlock, seccomp, limits), so that a hostile file can do no harm.\n"
	               "Exit status: 0 every feature can be used, 1 some cannot, 3 the file is refused.",
	.example = "  ldn vector permits.zip -o permits.geojson\n"
	           "  ldn vector site.kml --country ZAF --outlines countries.geojson\n"
	           "  ldn vector survey.csv --crs EPSG:32735 --check",
	.options = options,
	.settings_size = sizeof(vector_settings),
	.defaults = defaults,
	.run = vector_do};
