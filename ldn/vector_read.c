#include "vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include "shape_ogr.h"
#include "vector_inside.h"

static const struct setting {
	const char *key, *value;
	bool alone; /* not beside rasters, which have side files, and many of them a virtual one */
} settings[] = {
	{"GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR", true}, {"GDAL_PAM_ENABLED", "NO", true}, {"GDAL_NUM_THREADS", "1"}, {"GDAL_MAX_DATASET_POOL_SIZE", "24"}, {"CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"},
	{"GDAL_HTTP_MAX_RETRY", "0"}, {"PROJ_NETWORK", "OFF"}, {"OGR_SQLITE_LOAD_EXTENSIONS", ""}, {"OGR_SQLITE_PRAGMA", "temp_store=MEMORY,trusted_schema=OFF"},
	{"OGR_SQLITE_JOURNAL", "OFF"}, {"SHAPE_RESTORE_SHX", "YES"}, {"OGR_GEOMETRY_ACCEPT_UNCLOSED_RING", "YES"}, {"OGR_GEOJSON_MAX_OBJ_SIZE", "0"},
	{"LIBKML_RESOLVE_STYLE", "NO"}, {"OGR_ARC_STEPSIZE", "4"}, {"CPL_TMPDIR", "/vsimem"}};

static bool is_wanted(GDALDriverH driver, bool rasters)
{
	for (int f = FORM_GEOJSON; f <= FORM_CSV; f++)
		if (strcmp(GDALGetDriverShortName(driver), form_drivers[f]) == 0)
			return true;
	return rasters && GDALGetMetadataItem(driver, GDAL_DCAP_RASTER, NULL);
}

void vector_prepare(bool rasters)
{
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (!rasters || !settings[i].alone)
			CPLSetConfigOption(settings[i].key, settings[i].value);
	OSRSetPROJEnableNetwork(0);
	for (int i = GDALGetDriverCount(); i-- > 0;) {
		GDALDriverH driver = GDALGetDriver(i);
		if (!is_wanted(driver, rasters)) {
			GDALDeregisterDriver(driver);
			GDALDestroyDriver(driver);
		}
	}
}

const char *const *vector_readable(void)
{
	enum { MOST = 16 };
	static const char *folders[MOST];
	size_t count = 0;
	char **proj = OSRGetPROJSearchPaths();
	for (char **path = proj; path && *path && count < MOST - 6; path++)
		folders[count++] = text_copy(*path);
	CSLDestroy(proj);
	const char *data = CPLFindFile("gdal", "ogr_wkt.txt");
	if (!data)
		data = CPLFindFile("gdal", "epsg.wkt");
	if (data)
		folders[count++] = text_copy(CPLGetPath(data));
	folders[count++] = "/usr/share/proj";
	folders[count++] = "/usr/share/gdal";
	folders[count++] = "/usr/lib/x86_64-linux-gnu/gconv"; /* the C library's tables of encodings */
	folders[count++] = "/usr/lib/aarch64-linux-gnu/gconv";
	folders[count] = NULL;
	return folders;
}

/* Note something about the file as a whole. */
static void vector_note(vector_file *v, const char *id, const char *detail)
{
	v->findings = memory_grow(v->findings, v->finding_count + 1, sizeof *v->findings);
	finding *f = &v->findings[v->finding_count++];
	*f = (finding){.what = ailment_named(id), .count = 1};
	f->places[0] = (place){.x = NAN, .y = NAN};
	snprintf(f->detail, sizeof f->detail, "%s", detail ? detail : "");
}

/* ---- the reference system ---- */

/* From what the user or the layer says to WGS 84; NULL if it is that already. `*unknown`: nobody says. */
static bool change_make(vector_file *v, OGRLayerH layer, const vector_wish *wish, OGRCoordinateTransformationH *change, failure *why)
{
	OGRSpatialReferenceH stated = OGR_L_GetSpatialRef(layer), from = OSRNewSpatialReference(NULL), to = OSRNewSpatialReference(NULL);
	bool fine = true;
	*change = NULL;
	if (wish->crs) {
		CPLErrorReset();
		fine = OSRSetFromUserInput(from, wish->crs) == OGRERR_NONE ||
			failure_usage(why, _("--crs %s: no reference system is known by that name; give a code such as EPSG:32735, or its WKT"), wish->crs);
	} else if (stated) {
		OSRRelease(from);
		from = OSRClone(stated);
	}
	OSRImportFromEPSG(to, 4326);
	OSRSetAxisMappingStrategy(to, OAMS_TRADITIONAL_GIS_ORDER);
	OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
	if (fine && (wish->crs || stated)) {
		const char *const loosely[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", NULL};
		bool same = OSRIsSameEx(from, to, loosely);
		if (!same && !(*change = OCTNewCoordinateTransformation(from, to)))
			fine = failure_gdal(why, _("its reference system cannot be brought to WGS 84"), OSRGetName(from));
	}
	if (fine && !v->reference)
		v->reference = text_copy(wish->crs || stated ? OSRGetName(from) ? OSRGetName(from) : "?" : _("not stated, taken as WGS 84"));
	OSRRelease(from);
	OSRRelease(to);
	return fine;
}

typedef struct pen {
	OGRCoordinateTransformationH change;
	ring *out;
	size_t *points;
	bool bad;
} pen;

static void pen_put(pen *p, double x, double y)
{
	/* A tenth of a millimetre: digits beyond are the transformation's, not the survey's. */
	ring_put(p->out, p->change ? round(x * 1e9) / 1e9 + 0.0 : x + 0.0, p->change ? round(y * 1e9) / 1e9 + 0.0 : y + 0.0);
	++*p->points;
}

static bool move(pen *p, double *x, double *y)
{
	bool fine = !p->change || (OCTTransform(p->change, 1, x, y, NULL) && isfinite(*x) && isfinite(*y));
	p->bad |= !fine;
	return fine;
}

enum { SPLITS_MOST = 10 };

/* An edge that is straight in the file's system may be bent in longitude and latitude: points are added where it would be off by 5 cm. */
static void edge_split(pen *p, const double a[4], const double b[4], int depth)
{
	double middle[4] = {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 0, 0};
	middle[2] = middle[0], middle[3] = middle[1];
	if (depth == SPLITS_MOST || !move(p, &middle[2], &middle[3]) || fabs(b[2] - a[2]) > 180)
		return;
	if (metres_between(middle[2], middle[3], (a[2] + b[2]) / 2, (a[3] + b[3]) / 2) < 0.05)
		return;
	edge_split(p, a, middle, depth + 1);
	pen_put(p, middle[2], middle[3]);
	edge_split(p, middle, b, depth + 1);
}

static void ring_take(pen *p, OGRGeometryH line)
{
	double last[4] = {0};
	int count = OGR_G_GetPointCount(line);
	for (int i = 0; i < count; i++) {
		double at[4] = {OGR_G_GetX(line, i), OGR_G_GetY(line, i), 0, 0};
		at[2] = at[0], at[3] = at[1];
		if (!isfinite(at[0]) || !isfinite(at[1])) {
			pen_put(p, NAN, NAN);
			continue;
		}
		if (!move(p, &at[2], &at[3]))
			continue;
		if (i && p->change && p->out->n && isfinite(p->out->x[p->out->n - 1]))
			edge_split(p, last, at, 0);
		pen_put(p, at[2], at[3]);
		memcpy(last, at, sizeof last);
	}
}

/* ---- geometry ---- */

typedef struct taking {
	patient *of;
	OGRCoordinateTransformationH change;
	size_t *points;
} taking;

static void polygon_take(const taking *t, OGRGeometryH polygon)
{
	part *p = shape_part(&t->of->given);
	for (int k = 0; k < OGR_G_GetGeometryCount(polygon); k++) {
		pen with = {t->change, part_ring(p), t->points, false};
		ring_take(&with, OGR_G_GetGeometryRef(polygon, k));
		if (with.bad)
			t->of->traits |= TRAIT_UNREADABLE;
	}
	if (!p->count)
		shape_drop(&t->of->given, t->of->given.count - 1);
}

static void line_take(const taking *t, OGRGeometryH line)
{
	int n = OGR_G_GetPointCount(line);
	bool loop = n >= 4 && OGR_G_GetX(line, 0) == OGR_G_GetX(line, n - 1) && OGR_G_GetY(line, 0) == OGR_G_GetY(line, n - 1);
	t->of->traits |= loop ? TRAIT_LOOPS : TRAIT_LINES;
	if (!loop)
		return;
	pen with = {t->change, part_ring(shape_part(&t->of->given)), t->points, false};
	ring_take(&with, line);
	if (with.bad)
		t->of->traits |= TRAIT_UNREADABLE;
}

static void point_take(const taking *t, OGRGeometryH point)
{
	double x = OGR_G_GetX(point, 0), y = OGR_G_GetY(point, 0);
	bool fine = isfinite(x) && isfinite(y) && (!t->change || (OCTTransform(t->change, 1, &x, &y, NULL) && isfinite(x) && isfinite(y)));
	if (!fine)
		t->of->traits |= TRAIT_UNREADABLE;
	else if (!(t->of->traits & TRAIT_POINTS)) {
		t->of->traits |= TRAIT_POINTS;
		t->of->point[0] = t->change ? round(x * 1e9) / 1e9 : x;
		t->of->point[1] = t->change ? round(y * 1e9) / 1e9 : y;
	}
}

static void geometry_take(const taking *t, OGRGeometryH geometry, int depth)
{
	OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
	if (OGR_G_IsEmpty(geometry) || depth > 8 || t->of->given.count > VECTOR_PARTS_MOST)
		return;
	if (type == wkbPolygon || type == wkbTriangle)
		polygon_take(t, geometry);
	else if (type == wkbLineString)
		line_take(t, geometry);
	else if (type == wkbPoint)
		point_take(t, geometry);
	else
		for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++)
			geometry_take(t, OGR_G_GetGeometryRef(geometry, i), depth + 1);
}

static void feature_geometry(const taking *t, OGRGeometryH geometry)
{
	patient *p = t->of;
	if (!geometry || OGR_G_IsEmpty(geometry)) {
		p->traits |= TRAIT_EMPTY;
		return;
	}
	if (OGR_G_Is3D(geometry) || OGR_G_IsMeasured(geometry))
		p->traits |= TRAIT_HEIGHT;
	if (OGR_G_HasCurveGeometry(geometry, TRUE)) {
		p->traits |= TRAIT_CURVE;
		OGRGeometryH straight = OGR_G_GetLinearGeometry(geometry, 4, NULL);
		if (straight)
			geometry_take(t, straight, 0);
		OGR_G_DestroyGeometry(straight);
	} else {
		geometry_take(t, geometry, 0);
	}
	if (!p->given.count && !(p->traits & (TRAIT_POINTS | TRAIT_LINES | TRAIT_UNREADABLE)))
		p->traits |= TRAIT_EMPTY;
}

/* ---- layers ---- */

static bool layer_read(const char *name, OGRLayerH layer, const vector_wish *wish, bool several, vector_file *v, failure *why)
{
	OGRCoordinateTransformationH change;
	OGRFeatureDefnH form = OGR_L_GetLayerDefn(layer);
	if (OGR_FD_GetFieldCount(form) > VECTOR_FIELDS_MOST)
		return failure_set(why, _("%s: has %d attributes, the most is %d"), name, OGR_FD_GetFieldCount(form), VECTOR_FIELDS_MOST);
	if (!change_make(v, layer, wish, &change, why))
		return false;
	bool fine = true;
	OGR_L_ResetReading(layer);
	CPLErrorReset();
	for (OGRFeatureH feature; fine && (feature = OGR_L_GetNextFeature(layer)); OGR_F_Destroy(feature)) {
		v->features = v->count & (v->count - 1) ? v->features : memory_grow(v->features, v->count ? 2 * v->count : 1, sizeof *v->features);
		vector_feature *f = &v->features[v->count++];
		*f = (vector_feature){.body.number = v->count};
		f->layer = several ? text_copy(OGR_L_GetName(layer)) : NULL;
		feature_geometry(&(taking){&f->body, change, &v->points}, OGR_F_GetGeometryRef(feature));
		f->properties = vector_properties(feature, wish, v->form, f);
		if (v->count > VECTOR_FEATURES_MOST || v->points > VECTOR_POINTS_MOST || f->body.given.count > VECTOR_PARTS_MOST)
			fine = failure_set(why, _("%s: has more than %d features, %d points, or %d parts in one feature; split it"), name, VECTOR_FEATURES_MOST, VECTOR_POINTS_MOST,
				VECTOR_PARTS_MOST);
	}
	if (fine && CPLGetLastErrorType() >= CE_Failure)
		fine = failure_set(why, _("%s: cannot be read to its end, it is damaged: %s"), name, CPLGetLastErrorMsg());
	if (change)
		OCTDestroyCoordinateTransformation(change);
	return fine;
}

static bool layers_read(const char *name, GDALDatasetH dataset, const vector_wish *wish, vector_file *v, failure *why)
{
	int count = GDALDatasetGetLayerCount(dataset), spatial = 0, plain = 0;
	bool found = false, fine = true;
	for (int i = 0; i < count; i++)
		spatial += OGR_L_GetGeomType(GDALDatasetGetLayer(dataset, i)) != wkbNone;
	for (int i = 0; fine && i < count; i++) {
		OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
		bool wanted = !wish->layer || strcmp(OGR_L_GetName(layer), wish->layer) == 0 || count == 1;
		if (OGR_L_GetGeomType(layer) == wkbNone)
			plain++;
		else if (wanted) {
			found = true;
			fine = layer_read(name, layer, wish, spatial > 1, v, why);
		}
	}
	if (fine && !found && wish->layer)
		return failure_usage(why, _("%s: has no layer %s; its first is %s"), name, wish->layer, count ? OGR_L_GetName(GDALDatasetGetLayer(dataset, 0)) : "-");
	if (fine && !found && strcmp(v->form, "CSV") == 0)
		return failure_set(why, _("%s: has no column with a geometry; name one \"wkt\" or \"geometry\", or give \"longitude\" and \"latitude\""), name);
	if (fine && !found)
		return failure_set(why, _("%s: holds no layer with geometry"), name);
	if (fine && plain)
		vector_note(v, "layers-without-geometry", NULL);
	return fine && (v->count || failure_set(why, _("%s: holds no features"), name));
}

/* Does a GeoJSON of old say its reference system? RFC 7946 knows none but WGS 84. */
static bool stated(const door *d, GDALDatasetH dataset)
{
	const door_member *m = &d->members[0];
	if (d->form == FORM_GEOJSON)
		return memmem(m->bytes, m->size, "\"crs\"", 5) != NULL;
	return d->form != FORM_KML && OGR_L_GetSpatialRef(GDALDatasetGetLayer(dataset, 0)) != NULL;
}

static bool has_member(const door *d, const char *ending)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->members[i].ending, ending) == 0)
			return true;
	return false;
}

static bool reference_note(const char *name, const door *d, GDALDatasetH dataset, const vector_wish *wish, vector_file *v, failure *why)
{
	bool says = GDALDatasetGetLayerCount(dataset) > 0 && stated(d, dataset), needs = d->form == FORM_SHAPEFILE || d->form == FORM_GPKG || d->form == FORM_CSV;
	if (wish->crs && says)
		vector_note(v, "crs-replaced", wish->crs);
	else if (!wish->crs && !says && has_member(d, "prj"))
		return failure_set(why, _("%s: its reference system (.prj) cannot be understood; name it with --crs"), name);
	else if (!wish->crs && !says && needs)
		vector_note(v, "crs-unstated", NULL);
	return true;
}

bool vector_read(const char *name, door *d, const vector_wish *wish, vector_file *out, failure *why)
{
	static const char *const csv[] = {"GEOM_POSSIBLE_NAMES=wkt,WKT,geometry,geom,the_geom,wkt_geom,shape,polygon,boundary", "KEEP_GEOM_COLUMNS=NO", "AUTODETECT_TYPE=YES",
		"X_POSSIBLE_NAMES=longitude,lon,long,lng,x,easting", "Y_POSSIBLE_NAMES=latitude,lat,y,northing", NULL};
	const char *const drivers[] = {form_drivers[d->form], NULL};
	*out = (vector_file){.form = form_names[d->form]};
	char first[64] = "";
	for (size_t i = 0; i < d->count; i++) {
		autofree char *path = text_format("/vsimem/input/input.%s", d->members[i].ending);
		VSIFCloseL(VSIFileFromMemBuffer(path, d->members[i].bytes, d->members[i].size, FALSE));
		if (i == 0)
			snprintf(first, sizeof first, "%s", path);
	}
	CPLErrorReset();
	GDALDatasetH dataset = GDALOpenEx(first, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, drivers, d->form == FORM_CSV ? csv : NULL, NULL);
	bool fine = dataset || failure_set(why, _("%s: is no %s that can be read: %s"), name, form_names[d->form], *CPLGetLastErrorMsg() ? CPLGetLastErrorMsg() : _("it is damaged"));
	fine = fine && reference_note(name, d, dataset, wish, out, why) && layers_read(name, dataset, wish, out, why);
	if (dataset)
		GDALClose(dataset);
	for (size_t i = 0; i < d->count; i++) {
		autofree char *path = text_format("/vsimem/input/input.%s", d->members[i].ending);
		VSIUnlink(path);
	}
	VSIUnlink("/vsimem/input/input.shx");
	return fine;
}

void vector_free(vector_file *v)
{
	for (size_t i = 0; i < v->count; i++) {
		patient_free(&v->features[i].body);
		free(v->features[i].layer);
		json_decref(v->features[i].properties);
	}
	free(v->features);
	free(v->findings);
	free(v->reference);
	*v = (vector_file){0};
}
