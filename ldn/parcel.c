#include "parcel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "kernel.h"
#include "ldn/recovery.h"

/* --- the land --- */

static window grown(window box, int margin, const grid *onto)
{
	int x0 = box.x > margin ? box.x - margin : 0, y0 = box.y > margin ? box.y - margin : 0;
	int x1 = box.x + box.width + margin < onto->width ? box.x + box.width + margin : onto->width;
	int y1 = box.y + box.height + margin < onto->height ? box.y + box.height + margin : onto->height;
	return (window){x0, y0, x1 - x0, y1 - y0};
}

static bool cover(parcel *out, failure *why)
{
	size_t columns = (size_t)out->box.width;
	polygon_cursor cursor;
	if (!polygon_open(&out->shape.items[0], columns, &cursor, why))
		return false;
	for (int row = 0; row < out->box.height; row++) {
		double *fraction = out->fraction + (size_t)row * columns;
		ldn_coverage_row(&cursor.coverage, out->box.y + row, out->box.x, columns, fraction);
		ldn_footprint_add(&out->footprint, columns, fraction, NULL, out->area[row]);
	}
	polygon_close(&cursor);
	return true;
}

bool parcel_read(const char *path, const grid *onto, int margin, parcel *out, failure *why)
{
	*out = (parcel){0};
	if (!polygons_read(path, NULL, NULL, true, onto, &out->shape, why))
		return false;
	window box = out->shape.items[0].box;
	if (box.width == 0)
		return failure_set(why, _("the images do not reach the polygon of %s; name images of that place"), path);
	out->box = grown(box, margin, onto);
	out->n = (size_t)out->box.width * (size_t)out->box.height;
	out->fraction = memory_new(out->n, sizeof *out->fraction);
	out->area = memory_new((size_t)out->box.height, sizeof *out->area);
	if (!grid_areas(onto, out->box.y, out->box.height, out->area, why) || !cover(out, why))
		return false;
	return out->footprint.touched || failure_set(why, _("the images do not reach the polygon of %s; name images of that place"), path);
}

void parcel_free(parcel *which)
{
	polygons_free(&which->shape);
	free(which->fraction);
	free(which->area);
}

/* --- a value a year --- */

enum { OBSERVATIONS_MAX = 1024 };
#define VALUES_MAX ((size_t)1 << 28) /* doubles held at once: 2 GiB */

/* Observations of a year: [image][cell]. */
typedef struct pile {
	double *values;
	size_t count;
} pile;

static bool index_of(const images *all, const yearly_rule *rule, const image *one, const parcel *land, double *out, failure *why)
{
	double *bands[LDN_BANDS] = {NULL};
	autofree double *memory = NULL;
	size_t wanted = 0;
	for (int b = 0; b < LDN_BANDS; b++)
		wanted += rule->index->bands >> b & 1;
	memory = memory_grow(NULL, land->n * wanted, sizeof *memory);
	double *room = memory;
	for (int b = 0; b < LDN_BANDS; b++) {
		if (!(rule->index->bands >> b & 1))
			continue;
		bands[b] = room;
		room += land->n;
		if (!image_read(all, one, b, land->box, bands[b], why))
			return false;
	}
	ldn_bands_mark_missing(bands, land->n);
	for (size_t i = 0; i < land->n * wanted; i++)
		memory[i] = memory[i] * all->scale + all->offset;
	ldn_status status = ldn_index_compute(rule->index, (const double *const *)bands, land->n, out);
	return status == LDN_OK || kernel_failed(status, rule->index->name, why);
}

static bool value_of(const images *all, const yearly_rule *rule, const image *one, const parcel *land, int role, double *out, failure *why)
{
	if (role == ROLE_INDEX && rule->index)
		return index_of(all, rule, one, land, out, why);
	if (!image_read(all, one, role, land->box, out, why))
		return false;
	for (size_t i = 0; i < land->n; i++)
		out[i] = role < LDN_BANDS && out[i] == 0 ? NAN : out[i] * all->scale + all->offset;
	return true;
}

static bool observe(const images *all, const yearly_rule *rule, const image *one, const parcel *land, int role, double *out, failure *why)
{
	if (!interrupt_check(why) || !value_of(all, rule, one, land, role, out, why))
		return false;
	if (rule->quality == QUALITY_NONE)
		return true;
	autofree double *quality = memory_grow(NULL, land->n, sizeof *quality);
	if (!image_read(all, one, ROLE_QUALITY, land->box, quality, why))
		return false;
	for (size_t i = 0; i < land->n; i++)
		if (!quality_clear(rule->quality, quality[i]))
			out[i] = NAN;
	return true;
}

static bool pile_up(const images *all, const yearly_rule *rule, const parcel *land, int year, int role, pile *out, failure *why)
{
	out->count = 0;
	for (size_t k = 0; k < all->count; k++) {
		if (images_year(all, &all->items[k]) != year)
			continue;
		if (out->count == OBSERVATIONS_MAX || land->n > VALUES_MAX / (out->count + 1))
			return failure_set(why, _("the images of %d are too many for land of %zu cells at once; cut the site into parts, or take coarser images"), year, land->n);
		out->values = memory_grow(out->values, (out->count + 1) * land->n, sizeof *out->values);
		if (!observe(all, rule, &all->items[k], land, role, out->values + out->count * land->n, why))
			return false;
		out->count++;
	}
	return true;
}

/* A normalised difference beyond 1 comes from a reflectance below 0: no land looks like that. */
static bool possible(const yearly_rule *rule, int role, double value)
{
	bool ratio = role == ROLE_INDEX && (!rule->index || strncmp(rule->index->name, "ND", 2) == 0 || strncmp(rule->index->name, "NBR", 3) == 0);
	return isfinite(value) && (!ratio || !rule->index || fabs(value) <= 1);
}

static void medians(const yearly_rule *rule, const pile *from, const parcel *land, int role, double *out)
{
	double seen[OBSERVATIONS_MAX];
	for (size_t i = 0; i < land->n; i++) {
		size_t count = 0;
		for (size_t k = 0; k < from->count; k++) {
			double value = from->values[k * land->n + i];
			if (possible(rule, role, value))
				seen[count++] = value;
		}
		out[i] = count > 0 && count >= (size_t)rule->least ? ldn_median(seen, count) : NAN;
	}
}

static size_t useful(const pile *from, const parcel *land)
{
	size_t count = 0;
	for (size_t k = 0; k < from->count; k++) {
		bool any = false;
		for (size_t i = 0; i < land->n && !any; i++)
			any = land->fraction[i] > 0 && isfinite(from->values[k * land->n + i]);
		count += any;
	}
	return count;
}

static void average(const yearly_rule *rule, const parcel *land, const double *values, double *mean, double *seen)
{
	double sum = 0, with = 0, whole = 0;
	for (size_t i = 0; i < land->n; i++) {
		double weight = land->fraction[i] * land->area[i / (size_t)land->box.width];
		whole += weight;
		if (isnan(values[i]) || !(weight > 0))
			continue;
		with += weight;
		sum += weight * values[i];
	}
	*seen = with / whole;
	*mean = with > 0 && *seen >= rule->cover ? sum / with : NAN;
}

static int by_year(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

size_t yearly_years(const images *all, int **years)
{
	size_t count = 0;
	*years = memory_new(all->count, sizeof **years);
	for (size_t k = 0; k < all->count; k++) {
		int year = images_year(all, &all->items[k]);
		bool there = year == 0 || images_cover_alone(&all->items[k]);
		for (size_t i = 0; i < count && !there; i++)
			there = (*years)[i] == year;
		if (!there)
			(*years)[count++] = year;
	}
	qsort(*years, count, sizeof **years, by_year);
	return count;
}

bool yearly_read(const images *all, const yearly_rule *rule, const parcel *land, const int *years, size_t count, yearly *out, failure *why)
{
	*out = (yearly){0};
	if (land->n > VALUES_MAX / count)
		return failure_set(why, _("%zu cells in %zu years are too many at once; cut the site into parts, or take coarser images"), land->n, count);
	out->count = count;
	out->years = memory_grow(NULL, count, sizeof *out->years);
	memcpy(out->years, years, count * sizeof *years);
	out->values = memory_grow(NULL, count * land->n, sizeof *out->values);
	out->mean = memory_grow(NULL, count, sizeof *out->mean);
	out->seen = memory_grow(NULL, count, sizeof *out->seen);
	out->images = memory_grow(NULL, count, sizeof *out->images);
	pile observations = {0};
	bool fine = true;
	for (size_t k = 0; fine && k < count; k++) {
		fine = pile_up(all, rule, land, years[k], ROLE_INDEX, &observations, why);
		if (!fine)
			break;
		medians(rule, &observations, land, ROLE_INDEX, out->values + k * land->n);
		average(rule, land, out->values + k * land->n, &out->mean[k], &out->seen[k]);
		out->images[k] = useful(&observations, land);
	}
	free(observations.values);
	return fine;
}

bool yearly_band(const images *all, const yearly_rule *rule, const parcel *land, int year, int role, double *out, failure *why)
{
	yearly_rule any = *rule;
	any.least = 1;
	pile observations = {0};
	bool fine = pile_up(all, &any, land, year, role, &observations, why);
	if (fine)
		medians(&any, &observations, land, role, out);
	free(observations.values);
	return fine;
}

void yearly_free(yearly *which)
{
	free(which->years);
	free(which->values);
	free(which->mean);
	free(which->seen);
	free(which->images);
}
