/* Rows of a measurement that come from maps of land cover. */
#include <math.h>
#include <stdlib.h>

#include "evidence.h"

enum { KINDS = 8, CELLS_LEAST = 4 }; /* 0: no data */

/* Terms of the platform's vocabulary land-covers. */
static const char *const kind_names[KINDS] = {NULL, "tree-covered", "grassland", "cropland", "wetland", "artificial", "other-land", "water-body"};

typedef struct change {
	double area[KINDS][KINDS][3]; /* hectares: by share inside; cells wholly inside; cells touched */
} change;

/* The first and the last map; false with a failure for one alone, true with NULL for none. */
static bool ends_find(const images *all, const image *ends[2], failure *why)
{
	ends[0] = ends[1] = NULL;
	for (size_t k = 0; k < all->count; k++) {
		if (!all->items[k].bands[ROLE_COVER].path)
			continue;
		ends[0] = ends[0] ? ends[0] : &all->items[k];
		ends[1] = &all->items[k];
	}
	return ends[0] == NULL || ends[0]->year < ends[1]->year ||
		failure_set(why, _("%s: a map of land cover of one year alone shows no change; give one of a later year too"), ends[0]->bands[ROLE_COVER].path);
}

static bool grid_open(const char *path, grid *out, failure *why)
{
	GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
	if (!dataset)
		return failure_gdal(why, _("opening"), path);
	bool fine = grid_of(dataset, path, out, why);
	GDALClose(dataset);
	return fine;
}

/* Codes of a map as the UNCCD's classes. */
static bool kinds_read(const images *maps, const image *one, const ldn_legend *legend, const parcel *land, uint8_t *kind, failure *why)
{
	autofree double *values = memory_grow(NULL, land->n, sizeof *values);
	autofree int16_t *raw = memory_grow(NULL, land->n, sizeof *raw);
	if (!image_read(maps, one, ROLE_COVER, land->box, values, why))
		return false;
	for (size_t i = 0; i < land->n; i++)
		raw[i] = isfinite(values[i]) && fabs(values[i]) < 32767 ? (int16_t)values[i] : LDN_NODATA;
	ldn_landcover_nest(legend, land->n, raw, kind);
	ldn_landcover_kind(legend, land->n, kind, kind);
	return true;
}

static void add_up(const parcel *land, const uint8_t *from, const uint8_t *to, change *out)
{
	for (size_t i = 0; i < land->n; i++) {
		double fraction = land->fraction[i], area = land->area[i / (size_t)land->box.width] / 10000, *sum = out->area[from[i]][to[i]];
		if (!(fraction > 0))
			continue;
		sum[0] += fraction * area;
		sum[1] += fraction > 1 - 1e-9 ? area : 0;
		sum[2] += area;
	}
}

static const char *quantity_of(int8_t meaning)
{
	return meaning == LDN_IMPROVED ? "cover-improved" : meaning == LDN_DEGRADED ? "cover-degraded" : "cover-stable";
}

static void rows(const evidence *of, const change *sums, int first, int last)
{
	ldn_matrix matrix;
	ldn_matrix_unccd(&matrix);
	autofree char *what = text_format("land cover, %d to %d", first, last);
	for (int from = 1; from < KINDS; from++)
		for (int to = 1; to < KINDS; to++) {
			if (!(sums->area[from][to][2] > 0))
				continue;
			evidence_row(of, quantity_of(matrix.meaning[from][to]), what, last, sums->area[from][to], 4, "ha", NULL);
			json_t *row = json_array_get(of->results, json_array_size(of->results) - 1);
			json_object_set_new(row, "from", json_string(kind_names[from]));
			json_object_set_new(row, "to", json_string(kind_names[to]));
		}
}

/* Hectares that either map leaves open. */
static double unknown_of(const change *sums)
{
	double unknown = sums->area[0][0][0];
	for (int k = 1; k < KINDS; k++)
		unknown += sums->area[0][k][0] + sums->area[k][0][0];
	return unknown;
}

bool evidence_cover(const evidence *of, const images *all, const char *site, const ldn_legend *legend, char **limit, failure *why)
{
	const image *ends[2];
	images maps = *all;
	parcel land = {0};
	*limit = NULL;
	if (!ends_find(all, ends, why))
		return false;
	if (!ends[0])
		return true;
	maps.grid = (grid){0};
	bool fine = grid_open(ends[0]->bands[ROLE_COVER].path, &maps.grid, why) && parcel_read(site, &maps.grid, 0, &land, why);
	if (fine && land.footprint.whole < CELLS_LEAST)
		*limit = text_format("Land cover is too small to tell: %zu cells of its maps lie wholly inside, %d are needed.", (size_t)land.footprint.whole, CELLS_LEAST);
	else if (fine) {
		autofree uint8_t *kinds = memory_grow(NULL, 2 * land.n, 1);
		change *sums = memory_new(1, sizeof *sums);
		fine = kinds_read(&maps, ends[0], legend, &land, kinds, why) && kinds_read(&maps, ends[1], legend, &land, kinds + land.n, why);
		if (fine) {
			add_up(&land, kinds, kinds + land.n, sums);
			rows(of, sums, ends[0]->year, ends[1]->year);
			if (unknown_of(sums) > 0)
				*limit = text_format("Land cover of %.4g ha is not known in one of the two years.", unknown_of(sums));
		}
		free(sums);
	}
	parcel_free(&land);
	grid_free(&maps.grid);
	return fine;
}
