#include "polygons.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "option.h"
#include "years.h"

/* Rings gathered in map coordinates; `part` tells which united part a ring belongs to. */
typedef struct rings {
	double *x, *y;
	size_t points, rings;
	size_t *first;
	uint32_t *part;
	uint32_t parts;
} rings;

static void ring_gather(rings *all, OGRGeometryH ring, uint32_t part)
{
	int count = OGR_G_GetPointCount(ring);
	if (count < 3)
		return;
	all->x = memory_grow(all->x, all->points + (size_t)count, sizeof *all->x);
	all->y = memory_grow(all->y, all->points + (size_t)count, sizeof *all->y);
	all->first = memory_grow(all->first, all->rings + 1, sizeof *all->first);
	all->part = memory_grow(all->part, all->rings + 1, sizeof *all->part);
	all->first[all->rings] = all->points;
	all->part[all->rings++] = part;
	for (int i = 0; i < count; i++) {
		all->x[all->points] = OGR_G_GetX(ring, i);
		all->y[all->points++] = OGR_G_GetY(ring, i);
	}
}

static void geometry_gather(rings *all, OGRGeometryH geometry)
{
	OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
	int count = OGR_G_GetGeometryCount(geometry);
	if (type == wkbPolygon) {
		for (int i = 0; i < count; i++)
			ring_gather(all, OGR_G_GetGeometryRef(geometry, i), all->parts);
		all->parts += count > 0;
	} else if (type == wkbMultiPolygon || type == wkbGeometryCollection) {
		for (int i = 0; i < count; i++)
			geometry_gather(all, OGR_G_GetGeometryRef(geometry, i));
	}
}

/* On a grid in degrees, a polygon on the other side of the date line is the same polygon 360 degrees on. */
static void turn(rings *all, const grid *onto)
{
	if (!onto->geographic || !all->points)
		return;
	double low = INFINITY, high = -INFINITY, left = onto->transform[0], right = left + onto->width * onto->transform[1];
	for (size_t i = 0; i < all->points; i++) {
		low = fmin(low, all->x[i]);
		high = fmax(high, all->x[i]);
	}
	for (int k = -1; k <= 1; k += 2)
		if ((high < left || low > right) && high + 360 * k > left && low + 360 * k < right)
			for (size_t i = 0; i < all->points; i++)
				all->x[i] += 360 * k;
}

static int clamp(double value, int low, int high)
{
	return value < low ? low : value > high ? high : (int)value;
}

static bool polygon_make(rings *all, const grid *onto, char *name, polygon *out, failure *why)
{
	turn(all, onto);
	if (ldn_coverage_to_cells(onto->transform, all->points, all->x, all->y, all->x, all->y) != LDN_OK)
		return failure_set(why, _("%s: its coordinates are not finite"), name);
	*out = (polygon){.name = name, .x = all->x, .y = all->y, .ring_first = all->first, .ring_part = all->part};
	out->shape = (ldn_polygon){all->points, all->rings, out->x, out->y, out->ring_first, out->ring_part};
	double box[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (size_t i = 0; i < all->points; i++) {
		box[0] = fmin(box[0], out->x[i]);
		box[1] = fmin(box[1], out->y[i]);
		box[2] = fmax(box[2], out->x[i]);
		box[3] = fmax(box[3], out->y[i]);
	}
	if (all->points && isfinite(box[0] + box[1] + box[2] + box[3]) && box[2] >= 0 && box[3] >= 0 && box[0] < onto->width && box[1] < onto->height) {
		out->box.x = clamp(floor(box[0]), 0, onto->width - 1);
		out->box.y = clamp(floor(box[1]), 0, onto->height - 1);
		out->box.width = clamp(ceil(box[2]), out->box.x + 1, onto->width) - out->box.x;
		out->box.height = clamp(ceil(box[3]), out->box.y + 1, onto->height) - out->box.y;
	}
	return true;
}

static OGRCoordinateTransformationH bring(OGRLayerH layer, const grid *onto)
{
	OGRSpatialReferenceH from = OGR_L_GetSpatialRef(layer);
	if (!from || !*onto->reference)
		return NULL;
	OGRSpatialReferenceH to = OSRNewSpatialReference(onto->reference), own = OSRClone(from);
	OSRSetAxisMappingStrategy(to, OAMS_TRADITIONAL_GIS_ORDER);
	OSRSetAxisMappingStrategy(own, OAMS_TRADITIONAL_GIS_ORDER);
	OGRCoordinateTransformationH change = OSRIsSame(own, to) ? NULL : OCTNewCoordinateTransformation(own, to);
	OSRRelease(to);
	OSRRelease(own);
	return change;
}

static int name_field(OGRFeatureDefnH shape, const char *field)
{
	if (field)
		return OGR_FD_GetFieldIndex(shape, field);
	for (int i = 0; i < OGR_FD_GetFieldCount(shape); i++)
		if (OGR_Fld_GetType(OGR_FD_GetFieldDefn(shape, i)) == OFTString)
			return i;
	return -1;
}

static bool feature_read(OGRFeatureH feature, OGRCoordinateTransformationH change, rings *all, const char *path, failure *why)
{
	OGRGeometryH given = OGR_F_GetGeometryRef(feature);
	if (!given)
		return true;
	OGRGeometryH geometry = OGR_G_ForceTo(OGR_G_Clone(given), OGR_GT_GetLinear(OGR_G_GetGeometryType(given)), NULL);
	bool fine = true;
	if (change) {
		/* Long edges bend when they are brought over: give them points to bend at. */
		OGREnvelope box;
		OGR_G_GetEnvelope(geometry, &box);
		double side = fmax(box.MaxX - box.MinX, box.MaxY - box.MinY);
		if (side > 0)
			OGR_G_Segmentize(geometry, side / 64);
		fine = OGR_G_Transform(geometry, change) == OGRERR_NONE ||
			failure_gdal(why, _("a polygon cannot be brought to the raster's reference system"), path);
	}
	if (fine)
		geometry_gather(all, geometry);
	OGR_G_DestroyGeometry(geometry);
	return fine;
}

static bool layer_read(OGRLayerH layer, const char *path, const char *field, bool united, const grid *onto, polygons *out, failure *why)
{
	int named = name_field(OGR_L_GetLayerDefn(layer), field);
	if (field && named < 0)
		return failure_usage(why, _("%s: has no field %s"), path, field);
	OGRCoordinateTransformationH change = bring(layer, onto);
	rings all = {0};
	bool fine = true;
	OGR_L_ResetReading(layer);
	for (OGRFeatureH feature; fine && (feature = OGR_L_GetNextFeature(layer)); OGR_F_Destroy(feature)) {
		fine = feature_read(feature, change, &all, path, why);
		if (!fine || united || !all.rings)
			continue;
		char *name = named >= 0 && OGR_F_IsFieldSetAndNotNull(feature, named) ? text_copy(OGR_F_GetFieldAsString(feature, named))
			: text_format("%zu", out->count + 1);
		out->items = memory_grow(out->items, out->count + 1, sizeof *out->items);
		fine = polygon_make(&all, onto, name, &out->items[out->count], why);
		out->items[out->count++].feature = OGR_F_GetFID(feature);
		all = (rings){0};
	}
	if (fine && united && all.rings) {
		out->items = memory_new(1, sizeof *out->items);
		out->count = 1;
		fine = polygon_make(&all, onto, text_copy(path), &out->items[0], why);
		out->items[0].feature = -1;
		all = (rings){0};
	}
	free(all.x);
	free(all.y);
	free(all.first);
	free(all.part);
	if (change)
		OCTDestroyCoordinateTransformation(change);
	return fine;
}

bool polygons_read(const char *path, const char *layer_name, const char *field, bool united, const grid *onto, polygons *out, failure *why)
{
	*out = (polygons){0};
	CPLErrorReset();
	GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
	if (!dataset)
		return failure_gdal(why, _("cannot be opened as polygons"), path);
	OGRLayerH layer = layer_name ? GDALDatasetGetLayerByName(dataset, layer_name) : GDALDatasetGetLayer(dataset, 0);
	bool fine = layer ? layer_read(layer, path, field, united, onto, out, why)
		: layer_name ? failure_usage(why, _("%s: has no layer %s"), path, layer_name) : failure_set(why, _("%s: holds no layer"), path);
	GDALClose(dataset);
	if (fine && out->count == 0)
		fine = failure_set(why, _("%s: holds no polygons"), path);
	if (!fine)
		polygons_free(out);
	return fine;
}

static bool field_year(OGRFeatureH feature, int field, const char *path, const polygon *which, int *year, failure *why)
{
	*year = 0;
	if (field < 0 || !OGR_F_IsFieldSetAndNotNull(feature, field) || !*OGR_F_GetFieldAsString(feature, field))
		return true;
	OGRFieldDefnH shape = OGR_F_GetFieldDefnRef(feature, field);
	int64_t number = 0;
	double real;
	if (OGR_Fld_GetType(shape) == OFTDate || OGR_Fld_GetType(shape) == OFTDateTime) {
		int rest[6];
		OGR_F_GetFieldAsDateTime(feature, field, year, rest, rest + 1, rest + 2, rest + 3, rest + 4, rest + 5);
		number = *year;
	} else if (number_read(OGR_F_GetFieldAsString(feature, field), &real) && real == floor(real) && fabs(real) < 1e6) {
		number = (int64_t)real;
	}
	*year = (int)number;
	return (number >= YEAR_FIRST && number <= YEAR_LAST) || failure_set(why, _("%s: polygon %s: %s is %s, not a year from %d to %d"), path, which->name,
		OGR_Fld_GetNameRef(shape), OGR_F_GetFieldAsString(feature, field), YEAR_FIRST, YEAR_LAST);
}

bool polygons_years(const polygons *of, const char *path, const char *layer_name, const char *const *fields, size_t count, int *years, failure *why)
{
	CPLErrorReset();
	GDALDatasetH dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
	if (!dataset)
		return failure_gdal(why, _("cannot be opened as polygons"), path);
	OGRLayerH layer = layer_name ? GDALDatasetGetLayerByName(dataset, layer_name) : GDALDatasetGetLayer(dataset, 0);
	bool fine = layer != NULL || failure_set(why, _("%s: holds no layer"), path);
	for (size_t p = 0; fine && p < of->count; p++) {
		OGRFeatureH feature = OGR_L_GetFeature(layer, of->items[p].feature);
		if (!feature)
			fine = failure_gdal(why, _("a polygon cannot be read again"), path);
		for (size_t f = 0; fine && f < count; f++)
			fine = field_year(feature, OGR_F_GetFieldIndex(feature, fields[f]), path, &of->items[p], &years[p * count + f], why);
		if (feature)
			OGR_F_Destroy(feature);
	}
	GDALClose(dataset);
	return fine;
}

void polygons_free(polygons *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->items[i].name);
		free(all->items[i].x);
		free(all->items[i].y);
		free(all->items[i].ring_first);
		free(all->items[i].ring_part);
	}
	free(all->items);
	*all = (polygons){0};
}

bool polygon_open(const polygon *which, size_t columns, polygon_cursor *cursor, failure *why)
{
	size_t bytes = ldn_coverage_scratch(&which->shape, columns);
	*cursor = (polygon_cursor){.scratch = bytes ? memory_new(bytes, 1) : NULL};
	ldn_status status = bytes ? ldn_coverage_open(&cursor->coverage, &which->shape, columns, cursor->scratch, bytes) : LDN_ERROR_ARGUMENT;
	return status == LDN_OK || failure_set(why, _("polygon %s: %s"), which->name, ldn_status_text(status));
}

void polygon_close(polygon_cursor *cursor)
{
	free(cursor->scratch);
	cursor->scratch = NULL;
}

ldn_status polygon_centres(const ldn_zone_rule *rule, polygon_cursor *cursor, int row, int first_column, size_t n, unsigned char *inside)
{
	return (rule->centres_closed ? ldn_coverage_centres_closed : ldn_coverage_centres)(&cursor->coverage, row, first_column, n, inside);
}

bool polygon_nearest(const polygon *which, const grid *onto, int *column, int *row)
{
	double x, y;
	if (ldn_coverage_point(&which->shape, &x, &y) != LDN_OK || !(x >= 0 && y >= 0 && x < onto->width && y < onto->height))
		return false;
	*column = (int)x;
	*row = (int)y;
	return true;
}
