#include "grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <ogr_srs_api.h>

#include "ldn/area.h"

static OGRSpatialReferenceH reference_open(const char *text)
{
	if (!*text)
		return NULL;
	OGRSpatialReferenceH reference = OSRNewSpatialReference(text);
	if (reference)
		OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
	return reference;
}

/* Projections whose cells all have one area, by the names PROJ's WKT gives the methods, and sinusoidal. */
static bool projection_keeps_area(OGRSpatialReferenceH reference)
{
	static const char *const methods[] = {
		"Albers", "Lambert_Azimuthal_Equal_Area", "Cylindrical_Equal_Area", "Sinusoidal", "Mollweide", "Equal_Earth", "Goode", "Eckert_IV",
		"Eckert_VI", "Bonne", "Wagner_IV", "Hammer", "IGH", "Interrupted"};
	const char *method = OSRGetAttrValue(reference, "PROJECTION", 0);
	for (size_t i = 0; method && i < sizeof methods / sizeof *methods; i++)
		if (strstr(method, methods[i]))
			return true;
	return false;
}

/* NetCDF by the CF conventions: axes in degrees east and north (CF 1.10, 4.1 and 4.2), often without a grid mapping. */
static bool axes_in_degrees(GDALDatasetH dataset)
{
	bool east = false, north = false;
	for (char **item = GDALGetMetadata(dataset, NULL); item && *item; item++) {
		const char *units = strstr(*item, "#units=degree");
		const char *unit = units ? strchr(units, '=') + 1 : "";
		east = east || strncmp(unit, "degrees_east", 12) == 0 || strncmp(unit, "degree_east", 11) == 0;
		north = north || strncmp(unit, "degrees_north", 13) == 0 || strncmp(unit, "degree_north", 12) == 0;
	}
	return east && north;
}

static char *reference_of(GDALDatasetH dataset, bool *assumed)
{
	const char *stated = GDALGetProjectionRef(dataset);
	*assumed = (!stated || !*stated) && axes_in_degrees(dataset);
	if (!*assumed)
		return text_copy(stated ? stated : "");
	OGRSpatialReferenceH reference = OSRNewSpatialReference(NULL);
	char *text = NULL;
	if (OSRImportFromEPSG(reference, 4326) == OGRERR_NONE)
		OSRExportToWkt(reference, &text);
	char *copy = text_copy(text ? text : "");
	CPLFree(text);
	OSRRelease(reference);
	return copy;
}

bool grid_of(GDALDatasetH dataset, const char *name, grid *out, failure *why)
{
	*out = (grid){.width = GDALGetRasterXSize(dataset), .height = GDALGetRasterYSize(dataset), .metres = 1};
	out->reference = reference_of(dataset, &out->assumed);
	if (out->width <= 0 || out->height <= 0)
		return failure_set(why, _("%s: has no cells"), name);
	out->referenced = GDALGetGeoTransform(dataset, out->transform) == CE_None;
	if (!out->referenced) {
		const double plain[6] = {0, 1, 0, 0, 0, -1};
		memcpy(out->transform, plain, sizeof plain);
	}
	const double *t = out->transform;
	for (int i = 0; i < 6; i++)
		if (!isfinite(t[i]))
			return failure_set(why, _("%s: its geotransform holds a number that is not finite"), name);
	if (fabs(t[1] * t[5] - t[2] * t[4]) == 0)
		return failure_set(why, _("%s: its cells have no size (geotransform %.17g %.17g %.17g %.17g)"), name, t[1], t[2], t[4], t[5]);
	if (fabs(t[2]) * out->height > 1e-6 * fabs(t[1]) || fabs(t[4]) * out->width > 1e-6 * fabs(t[5]))
		return failure_set(why, _("%s: its grid is rotated (row step %.17g, column step %.17g); make it north-up first, e.g. gdalwarp %s north-up.tif"),
			name, t[2], t[4], name);
	const char *placed = GDALGetMetadataItem(dataset, GDALMD_AREA_OR_POINT, NULL);
	out->points = placed && strcmp(placed, GDALMD_AOP_POINT) == 0;
	OGRSpatialReferenceH reference = reference_open(out->reference);
	if (reference) {
		out->geographic = OSRIsGeographic(reference);
		if (!out->geographic) {
			out->metres = OSRGetLinearUnits(reference, NULL);
			out->equal_area = projection_keeps_area(reference);
		}
		OSRRelease(reference);
	}
	return true;
}

void grid_free(grid *which)
{
	free(which->reference);
	which->reference = NULL;
}

grid grid_copy(const grid *which)
{
	grid copy = *which;
	copy.reference = text_copy(which->reference);
	return copy;
}

static void corner(const grid *which, int column, int row, double at[2])
{
	const double *t = which->transform;
	at[0] = t[0] + column * t[1] + row * t[2];
	at[1] = t[3] + column * t[4] + row * t[5];
}

static void reference_name(const char *text, char *name, size_t size)
{
	OGRSpatialReferenceH reference = reference_open(text);
	if (!reference) {
		snprintf(name, size, "%s", _("no reference system"));
		return;
	}
	const char *title = OSRGetName(reference), *authority = OSRGetAuthorityName(reference, NULL), *code = OSRGetAuthorityCode(reference, NULL);
	if (authority && code)
		snprintf(name, size, "%s (%s:%s)", title ? title : "", authority, code);
	else
		snprintf(name, size, "%s", title ? title : _("an unnamed reference system"));
	OSRRelease(reference);
}

static bool reference_same(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return true;
	OGRSpatialReferenceH first = reference_open(a), second = reference_open(b);
	bool same = first && second && OSRIsSame(first, second);
	if (first)
		OSRRelease(first);
	if (second)
		OSRRelease(second);
	return same;
}

bool grid_differs(const grid *first, const char *first_name, const grid *other, const char *other_name, char *text, size_t size)
{
	if (first->width != other->width || first->height != other->height) {
		snprintf(text, size, _("%s is %d x %d cells, %s %d x %d"), other_name, other->width, other->height, first_name, first->width,
			first->height);
		return true;
	}
	if (!reference_same(first->reference, other->reference)) {
		char a[256], b[256];
		reference_name(first->reference, a, sizeof a);
		reference_name(other->reference, b, sizeof b);
		snprintf(text, size, _("%s is in %s, %s in %s"), other_name, b, first_name, a);
		return true;
	}
	for (int i = 0; i < 4; i++) {
		double a[2], b[2];
		int column = i & 1 ? first->width : 0, row = i & 2 ? first->height : 0;
		corner(first, column, row, a);
		corner(other, column, row, b);
		if (fabs(a[0] - b[0]) <= 1e-3 * fabs(first->transform[1]) && fabs(a[1] - b[1]) <= 1e-3 * fabs(first->transform[5]))
			continue;
		if (i == 0)
			snprintf(text, size, _("%s begins at (%.10g, %.10g), %s at (%.10g, %.10g): shifted by %.4g x %.4g cells"), other_name, b[0], b[1],
				first_name, a[0], a[1], (b[0] - a[0]) / first->transform[1] + 0.0, (b[1] - a[1]) / first->transform[5] + 0.0);
		else
			snprintf(text, size, _("%s has cells of %.10g x %.10g, %s of %.10g x %.10g"), other_name, other->transform[1], other->transform[5],
				first_name, first->transform[1], first->transform[5]);
		return true;
	}
	return false;
}

grid grid_window(const grid *whole, window cut)
{
	grid part = grid_copy(whole);
	double at[2];
	corner(whole, cut.x, cut.y, at);
	part.width = cut.width;
	part.height = cut.height;
	part.transform[0] = at[0];
	part.transform[3] = at[1];
	return part;
}

bool grid_areas(const grid *which, int first, int rows, double *area, failure *why)
{
	const double *t = which->transform;
	if (which->geographic) {
		if (ldn_area_rows(t[3], t[5], fabs(t[1]), (size_t)first, (size_t)rows, area) != LDN_OK)
			return failure_set(why, _("the cells' latitudes (%.10g, step %.10g) give no area"), t[3], t[5]);
		return true;
	}
	double one = which->referenced ? ldn_area_projected(t, which->metres) : 1;
	for (int i = 0; i < rows; i++)
		area[i] = one;
	return true;
}

const char *grid_area_note(const grid *which)
{
	if (which->geographic && which->assumed)
		return _("areas on the WGS 84 ellipsoid, taken because the file states degrees but no reference system");
	if (which->geographic)
		return _("areas on the WGS 84 ellipsoid");
	if (!which->referenced || !*which->reference)
		return _("no reference system: areas are in cells or in units of the geotransform squared");
	if (which->equal_area)
		return _("equal-area projection: areas are cell width times height");
	return _("the projection does not keep areas: areas are cell width times height and only approximate; reproject to an equal-area system for figures to publish");
}

static OGRCoordinateTransformationH lonlat_transform(const grid *which, bool from_grid)
{
	OGRSpatialReferenceH grid_reference = reference_open(which->reference), lonlat = OSRNewSpatialReference(NULL);
	OSRImportFromEPSG(lonlat, 4326);
	OSRSetAxisMappingStrategy(lonlat, OAMS_TRADITIONAL_GIS_ORDER);
	OGRCoordinateTransformationH made = NULL;
	if (grid_reference)
		made = from_grid ? OCTNewCoordinateTransformation(grid_reference, lonlat) : OCTNewCoordinateTransformation(lonlat, grid_reference);
	OSRRelease(lonlat);
	if (grid_reference)
		OSRRelease(grid_reference);
	return made;
}

bool grid_locate(const grid *which, double longitude, double latitude, double *column, double *row, failure *why)
{
	double x = longitude, y = latitude, inverse[6];
	if (*which->reference) {
		OGRCoordinateTransformationH change = lonlat_transform(which, false);
		bool done = change && OCTTransform(change, 1, &x, &y, NULL);
		if (change)
			OCTDestroyCoordinateTransformation(change);
		if (!done)
			return failure_set(why, _("longitude %.10g, latitude %.10g has no place in the raster's reference system"), longitude, latitude);
	}
	double transform[6];
	memcpy(transform, which->transform, sizeof transform);
	if (!GDALInvGeoTransform(transform, inverse))
		return failure_set(why, _("the raster's geotransform has no inverse"));
	for (int turn = 0; turn < 3; turn++) {
		static const double turns[] = {0, 360, -360};
		double shifted = which->geographic ? x + turns[turn] : x;
		*column = inverse[0] + shifted * inverse[1] + y * inverse[2];
		*row = inverse[3] + shifted * inverse[4] + y * inverse[5];
		if (*column >= 0 && *column < which->width && *row >= 0 && *row < which->height)
			return true;
	}
	return failure_set(why, _("longitude %.10g, latitude %.10g lies outside the raster"), longitude, latitude);
}

bool grid_lonlat(const grid *which, double column, double row, double *longitude, double *latitude, failure *why)
{
	const double *t = which->transform;
	*longitude = t[0] + column * t[1] + row * t[2];
	*latitude = t[3] + column * t[4] + row * t[5];
	if (!*which->reference || which->geographic)
		return true;
	OGRCoordinateTransformationH change = lonlat_transform(which, true);
	bool done = change && OCTTransform(change, 1, longitude, latitude, NULL);
	if (change)
		OCTDestroyCoordinateTransformation(change);
	return done || failure_set(why, _("the raster's reference system has no way to longitude and latitude"));
}
