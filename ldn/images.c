#include "images.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <ogr_srs_api.h>

#include "layers.h"
#include "years.h"

const char *const role_names[ROLES] = {"blue", "green", "red", "nir", "swir1", "swir2", "index", "quality", "cover"};

/* --- names --- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Is a word a part of the name by itself, between signs that are neither letters nor digits? */
static bool name_has(const char *name, const char *word, size_t length)
{
	for (const char *at = name; *at; at++)
		if (strncmp(at, word, length) == 0 && (at == name || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length]))
			return true;
	return false;
}

/* --- which band is what --- */

typedef struct rule {
	char word[64]; /* part of a file's name; "": a band's number */
	int number;    /* 0: the role is not asked for */
} rule;

static int role_find(const char *name, size_t length)
{
	for (int role = 0; role < ROLES; role++)
		if (strlen(role_names[role]) == length && strncmp(role_names[role], name, length) == 0)
			return role;
	return -1;
}

static bool rule_read(const char *at, size_t length, rule *rules, failure *why)
{
	const char *equals = memchr(at, '=', length);
	int role = equals ? role_find(at, (size_t)(equals - at)) : -1;
	size_t size = equals ? length - (size_t)(equals - at) - 1 : 0;
	if (role < 0 || size == 0 || size >= sizeof rules->word)
		return failure_usage(why, _("--bands: \"%.*s\" is not ROLE=BAND, where ROLE is blue, green, red, nir, swir1, swir2, index, quality or cover"), (int)(length < 80 ? length : 80), at);
	rule *one = &rules[role];
	int64_t number;
	memcpy(one->word, equals + 1, size);
	one->word[size] = '\0';
	one->number = 1;
	if (whole_read(one->word, 1, 65536, &number)) {
		one->number = (int)number;
		one->word[0] = '\0';
	}
	return true;
}

static bool rules_read(const char *text, rule *rules, failure *why)
{
	while (*text) {
		size_t length = strcspn(text, ",");
		if (!rule_read(text, length, rules, why))
			return false;
		text += length + (text[length] == ',');
	}
	return true;
}

/* --- images --- */

typedef struct finding {
	images *all;
	const images_source *from;
	rule rules[ROLES];
	layers dated; /* of the layers of every file; count 0: each file is of one date */
	failure *why;
} finding;

static image *image_of(images *all, int year, int month, int day)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].year == year && all->items[i].month == month && all->items[i].day == day)
			return &all->items[i];
	all->items = memory_grow(all->items, all->count + 1, sizeof *all->items);
	all->items[all->count] = (image){.year = year, .month = month, .day = day};
	return &all->items[all->count++];
}

static bool band_put(finding *job, image *one, int role, const char *path, int band)
{
	image_band *at = &one->bands[role];
	if (at->path)
		return failure_set(job->why, _("%s and %s both hold %s of %d-%02d-%02d; name one of them"), at->path, path, role_names[role], one->year, one->month, one->day);
	*at = (image_band){path, band};
	job->all->has[role] = true;
	return true;
}

/* Bands that say themselves what they are. */
static int described(GDALDatasetH dataset, const char *path, finding *job, image *one)
{
	int found = 0;
	for (int band = 1; band <= GDALGetRasterCount(dataset); band++) {
		const char *says = GDALGetDescription(GDALGetRasterBand(dataset, band));
		int role = role_find(says, strlen(says));
		if (role >= 0 && !band_put(job, one, role, path, band))
			return -1;
		found += role >= 0;
	}
	return found;
}

/* A file with a layer a date holds one band of the spectrum, which a word in its name says, or the index itself. */
static bool layers_put(finding *job, const char *path, int role, int bands)
{
	if ((size_t)bands != job->dated.count)
		return failure_set(job->why, _("%s has %d layers, %s dates %zu; give a date for each layer"), path, bands, job->dated.said, job->dated.count);
	for (int i = 0; i < bands; i++) {
		const layer_date *on = &job->dated.dates[i];
		job->all->dense |= on->month != 0;
		if (!band_put(job, image_of(job->all, on->year, on->month, on->day), role, path, i + 1))
			return false;
	}
	return true;
}

/* A map of land cover has cells of its own. */
static bool is_cover(const finding *job, const char *path)
{
	const rule *r = &job->rules[ROLE_COVER];
	return r->number && r->word[0] && name_has(base_name(path), r->word, strlen(r->word));
}

/* one: the image a file is of; NULL: it has a layer a date. */
static bool file_by_rules(finding *job, const char *path, int bands, image *one)
{
	bool used = false, cover = is_cover(job, path);
	for (int role = 0; role < ROLES; role++) {
		const rule *r = &job->rules[role];
		if (cover != (role == ROLE_COVER) || !r->number || (r->word[0] && !name_has(base_name(path), r->word, strlen(r->word))))
			continue;
		if (!one && !r->word[0])
			return failure_usage(job->why, _("--bands %s=%d: the layers of %s are dates; say which band of the spectrum it is by a word of its name"), role_names[role], r->number, path);
		if (!r->word[0] && r->number > bands)
			return failure_set(job->why, _("%s has %d bands; --bands asks for band %d as %s"), path, bands, r->number, role_names[role]);
		if (!(one ? band_put(job, one, role, path, r->number) : layers_put(job, path, role, bands)))
			return false;
		used = true;
	}
	return used || failure_set(job->why, _("%s fits no band of --bands; leave the file out, or name its band"), path);
}

static bool file_find(finding *job, const char *path, GDALDatasetH dataset)
{
	int year, month, day, bands = GDALGetRasterCount(dataset);
	if (job->dated.count)
		return job->from->bands ? file_by_rules(job, path, bands, NULL) : layers_put(job, path, ROLE_INDEX, bands);
	if (!date_from_name(path, &year, &month, &day))
		return failure_set(job->why, _("%s: its name holds no year or date; call it like 2019.tif or 20190104_B04.tif, or give --years"), path);
	job->all->dense |= month != 0;
	image *one = image_of(job->all, year, month, day);
	if (job->from->bands)
		return file_by_rules(job, path, bands, one);
	int found = described(dataset, path, job, one);
	if (found != 0)
		return found > 0;
	if (bands != 1)
		return failure_set(job->why, _("%s has %d bands that do not say what they are; say it with --bands red=3,nir=4"), path, bands);
	return band_put(job, one, ROLE_INDEX, path, 1);
}

static bool file_add(finding *job, const char *path, digest *files)
{
	if (!digest_add(files, path, job->why))
		return false;
	GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
	if (!dataset)
		return failure_gdal(job->why, _("opening"), path);
	bool fine = job->all->grid.width || is_cover(job, path) || grid_of(dataset, path, &job->all->grid, job->why);
	if (fine && job->all->grid.width && !job->all->grid.reference[0])
		fine = failure_set(job->why, _("%s has no reference system, so nothing is known of areas; give it one with gdal_translate -a_srs"), path);
	fine = fine && file_find(job, path, dataset);
	GDALClose(dataset);
	return fine;
}

static int by_date(const void *a, const void *b)
{
	const image *x = a, *y = b;
	int first = x->year * 10000 + x->month * 100 + x->day, second = y->year * 10000 + y->month * 100 + y->day;
	return first < second ? -1 : first > second;
}

/* The dates of layers: a list among the files, or --years. */
static bool dates_find(finding *job, digest *files)
{
	const images_source *from = job->from;
	for (size_t i = 0; i < from->files->count; i++) {
		const char *path = from->files->items[i];
		if (!layers_named(path))
			continue;
		if (job->dated.count)
			return failure_set(job->why, _("%s and %s both date layers; give one of them"), job->dated.said, path);
		if (!digest_add(files, path, job->why) || !layers_read(path, &job->dated, job->why))
			return false;
	}
	if (!from->years)
		return true;
	return job->dated.count ? failure_usage(job->why, _("--years and %s both date layers; give one of them"), job->dated.said) : layers_of_years(from->years, &job->dated, job->why);
}

static bool files_find(finding *job, digest *files)
{
	const text_list *list = job->from->files;
	size_t found = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (layers_named(list->items[i]))
			continue;
		if (!file_add(job, list->items[i], files))
			return false;
		found++;
	}
	return (found > 0 && job->all->grid.width) || failure_usage(job->why, _("name the images"));
}

bool images_find(const images_source *from, images *all, digest *files, failure *why)
{
	finding job = {.all = all, .from = from, .why = why};
	*all = (images){.scale = from->scale, .offset = from->offset};
	bool fine = (!from->bands || rules_read(from->bands, job.rules, why)) && season_read(from->season, &all->season, why) && dates_find(&job, files) && files_find(&job, files);
	layers_free(&job.dated);
	if (!fine)
		return false;
	qsort(all->items, all->count, sizeof *all->items, by_date);
	return true;
}

void images_free(images *all)
{
	free(all->items);
	grid_free(&all->grid);
}

int images_year(const images *all, const image *one)
{
	return season_year(&all->season, one->year, one->month, one->day);
}

bool images_cover_alone(const image *one)
{
	for (int role = 0; role < ROLES; role++)
		if (role != ROLE_COVER && one->bands[role].path)
			return false;
	return one->bands[ROLE_COVER].path != NULL;
}

/* --- reading --- */

static double largest_of(GDALDataType type)
{
	return type == GDT_Byte ? UINT8_MAX : type == GDT_UInt16 ? UINT16_MAX : type == GDT_UInt32 ? UINT32_MAX : INFINITY;
}

static bool same_reference(const grid *a, const grid *b)
{
	if (strcmp(a->reference, b->reference) == 0)
		return true;
	OGRSpatialReferenceH first = OSRNewSpatialReference(a->reference), second = OSRNewSpatialReference(b->reference);
	bool same = first && second && OSRIsSame(first, second);
	if (first)
		OSRRelease(first);
	if (second)
		OSRRelease(second);
	return same;
}

/* The column or row of a file at the middle of each column or row of a window; -1 outside. */
static int *places(double origin, double step, double own_origin, double own_step, int from, int count, int limit)
{
	int *at = memory_grow(NULL, (size_t)count, sizeof *at);
	for (int i = 0; i < count; i++) {
		double place = floor((origin + step * (from + i + 0.5) - own_origin) / own_step);
		at[i] = place >= 0 && place < limit ? (int)place : -1;
	}
	return at;
}

static bool span_of(const int *at, int count, int *first, int *size)
{
	int low = -1, high = -1;
	for (int i = 0; i < count; i++)
		if (at[i] >= 0) {
			low = low < 0 || at[i] < low ? at[i] : low;
			high = at[i] > high ? at[i] : high;
		}
	*first = low;
	*size = high - low + 1;
	return low >= 0;
}

static bool values_read(GDALRasterBandH band, const char *path, const grid *own, const images *all, window part, double *out, failure *why)
{
	const double *to = all->grid.transform, *is = own->transform;
	autofree int *x = places(to[0], to[1], is[0], is[1], part.x, part.width, own->width), *y = places(to[3], to[5], is[3], is[5], part.y, part.height, own->height);
	int x0, width, y0, height;
	for (size_t i = 0; i < (size_t)part.width * (size_t)part.height; i++)
		out[i] = NAN;
	if (!span_of(x, part.width, &x0, &width) || !span_of(y, part.height, &y0, &height))
		return true;
	autofree double *values = memory_grow(NULL, (size_t)width * (size_t)height, sizeof *values);
	CPLErrorReset();
	if (GDALRasterIO(band, GF_Read, x0, y0, width, height, values, width, height, GDT_Float64, 0, 0) != CE_None)
		return failure_gdal(why, _("reading"), path);
	int declared = 0;
	double none = GDALGetRasterNoDataValue(band, &declared), largest = largest_of(GDALGetRasterDataType(band));
	for (int row = 0; row < part.height; row++)
		for (int column = 0; column < part.width; column++) {
			double v = x[column] < 0 || y[row] < 0 ? NAN : values[(size_t)(y[row] - y0) * (size_t)width + (size_t)(x[column] - x0)];
			out[(size_t)row * (size_t)part.width + (size_t)column] = (declared && v == none) || v >= largest ? NAN : v;
		}
	return true;
}

bool image_read(const images *all, const image *one, int role, window part, double *out, failure *why)
{
	const image_band *from = &one->bands[role];
	size_t n = (size_t)part.width * (size_t)part.height;
	if (!from->path) {
		for (size_t i = 0; i < n; i++)
			out[i] = NAN;
		return true;
	}
	GDALDatasetH dataset = GDALOpenEx(from->path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
	if (!dataset)
		return failure_gdal(why, _("opening"), from->path);
	grid own = {0};
	bool fine = grid_of(dataset, from->path, &own, why);
	if (fine && !same_reference(&own, &all->grid))
		fine = failure_set(why, _("%s has another reference system than the first image; bring all to one with gdalwarp"), from->path);
	fine = fine && values_read(GDALGetRasterBand(dataset, from->band), from->path, &own, all, part, out, why);
	grid_free(&own);
	GDALClose(dataset);
	return fine;
}
