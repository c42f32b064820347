/* Pictures of a site: its first and last year, its classes, and the map of classes. All in memory. */
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include "picture.h"
#include "raster.h"
#include "site.h"

const char *const site_file_names[] = {"start.png", "end.png", "productivity.png", "recovery.png", "classes.tif", NULL};

/* Takes the bytes. */
static void file_keep(site_run *job, const char *name, const char *title, int year, const char *media_type, uint8_t *bytes, size_t size)
{
	job->pictured[job->picture_count++] = (site_file){name, bytes, size};
	json_t *row = json_pack("{s:s,s:s,s:s}", "title", title, "file", name, "media_type", media_type);
	if (year)
		json_object_set_new(row, "year", json_integer(year));
	json_array_append_new(job->pictures, row);
}

/* The three bands a picture is made of; false if the images have none such. */
static bool picture_roles(const images *all, int roles[3], const char **called)
{
	static const struct {
		int roles[3];
		const char *called;
	} kinds[] = {{{LDN_RED, LDN_GREEN, LDN_BLUE}, "natural colours"},
		{{LDN_SWIR1, LDN_NIR, LDN_RED}, "false colours: shortwave infrared, near infrared, red"},
		{{LDN_NIR, LDN_RED, LDN_GREEN}, "false colours: near infrared, red, green"}};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (all->has[kinds[k].roles[0]] && all->has[kinds[k].roles[1]] && all->has[kinds[k].roles[2]]) {
			memcpy(roles, kinds[k].roles, sizeof kinds[k].roles);
			*called = kinds[k].called;
			return true;
		}
	return false;
}

static bool land_pictures(site_run *job, const int which[2], failure *why)
{
	const char *const *files = site_file_names;
	int roles[3];
	size_t n = job->site.n, size;
	const char *called;
	if (!picture_roles(&job->images, roles, &called)) {
		for (int p = 0; p < 2; p++) {
			autofree char *title = text_format("%s in %d", job->settings->index, job->evidence.years[which[p]]);
			uint8_t *bytes = picture_index(&job->site, &job->images.grid, job->values.values + (size_t)which[p] * n, 0, 0.8, &size);
			file_keep(job, files[p], title, job->evidence.years[which[p]], "image/png", bytes, size);
		}
		return true;
	}
	autofree double *memory = memory_grow(NULL, 6 * n, sizeof *memory);
	const double *bands[6];
	for (int i = 0; i < 6; i++) {
		bands[i] = memory + (size_t)i * n;
		if (!yearly_band(&job->images, &job->rule, &job->site, job->evidence.years[which[i / 3]], roles[i % 3], memory + (size_t)i * n, why))
			return false;
	}
	double dark = 0, bright = 1; /* the same for both, so that they can be compared */
	picture_range(&job->site, bands, 6, &dark, &bright);
	for (int p = 0; p < 2; p++) {
		autofree char *title = text_format("%d, %s", job->evidence.years[which[p]], called);
		uint8_t *bytes = picture_bands(&job->site, &job->images.grid, bands + 3 * p, dark, bright, &size);
		file_keep(job, files[p], title, job->evidence.years[which[p]], "image/png", bytes, size);
	}
	return true;
}

static bool any_class(const int16_t *classes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (classes[i] != LDN_NODATA)
			return true;
	return false;
}

static const cell_class state_classes[] = {{LAND_UNDISTURBED, "undisturbed", 0xD9, 0xCD, 0xB4}, {LAND_DISTURBED, "disturbed", 0x9C, 0x3D, 0x2E},
	{LAND_RECOVERING, "recovering", 0x8F, 0xB3, 0x9B}, {LAND_RECOVERED, "recovered", 0x1F, 0x6F, 0x5C}, {0, NULL, 0, 0, 0}};
static const cell_class productivity_classes[] = {{LDN_DEGRADED, "degraded", 0x9C, 0x3D, 0x2E}, {LDN_STABLE, "stable", 0xD9, 0xCD, 0xB4},
	{LDN_IMPROVED, "improved", 0x1F, 0x6F, 0x5C}, {0, NULL, 0, 0, 0}};

static void class_picture(site_run *job, const char *file, const char *title, const int16_t *classes, const cell_class *list)
{
	colour colours[LAND_STATES];
	size_t size = 0, count = 0;
	for (; list[count].name; count++)
		colours[count] = (colour){list[count].red, list[count].green, list[count].blue};
	if (!any_class(classes, job->site.n))
		return;
	uint8_t *bytes = picture_classes(&job->site, &job->images.grid, classes, list[0].value, colours, &size);
	file_keep(job, file, title, 0, "image/png", bytes, size);
}

/* --- the map of classes --- */

static void reference_set(GDALDatasetH map, const grid *of)
{
	GDALSetGeoTransform(map, (double *)(uintptr_t)of->transform);
	OGRSpatialReferenceH reference = OSRNewSpatialReference(of->reference);
	OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
	GDALSetSpatialRef(map, reference);
	OSRRelease(reference);
}

/* "-1 degraded, 0 stable, 1 improved" */
static char *classes_told(const cell_class *list)
{
	char *told = text_copy("");
	for (size_t i = 0; list[i].name; i++) {
		char *longer = text_format("%s%s%d %s", told, i ? ", " : "", list[i].value, list[i].name);
		free(told);
		told = longer;
	}
	return told;
}

static bool layer_put(GDALDatasetH map, int number, const char *name, const cell_class *list, const window box, const int16_t *classes)
{
	GDALRasterBandH band = GDALGetRasterBand(map, number);
	autofree char *told = classes_told(list);
	GDALSetDescription(band, name);
	GDALSetMetadataItem(band, "CLASSES", told, NULL);
	GDALSetRasterNoDataValue(band, LDN_NODATA);
	return GDALRasterIO(band, GF_Write, 0, 0, box.width, box.height, (void *)(uintptr_t)classes, box.width, box.height, GDT_Int16, 0, 0) == CE_None;
}

/* The classes as a GeoTIFF of two layers, not compressed: the same bytes whatever the compressing library. It is made in memory: here no file can be written. */
static bool class_map(site_run *job, failure *why)
{
	static const char path[] = "/vsimem/classes.tif";
	const window box = job->site.box;
	if (!any_class(job->classes.productivity, job->site.n) && !any_class(job->classes.state, job->site.n))
		return true;
	char *creation[] = {(char *)(uintptr_t)"INTERLEAVE=BAND", (char *)(uintptr_t)"BIGTIFF=NO", NULL};
	grid of = grid_window(&job->images.grid, box);
	CPLErrorReset();
	GDALDatasetH map = GDALCreate(GDALGetDriverByName("GTiff"), path, box.width, box.height, 2, GDT_Int16, creation);
	bool fine = map != NULL;
	if (fine) {
		reference_set(map, &of);
		GDALSetMetadataItem(map, "TIFFTAG_SOFTWARE", "ldn " AFTERMINE_VERSION, NULL);
		fine = layer_put(map, 1, "land productivity", productivity_classes, box, job->classes.productivity) &&
			layer_put(map, 2, "disturbance and recovery", state_classes, box, job->classes.state);
		GDALClose(map);
	}
	grid_free(&of);
	vsi_l_offset size = 0;
	GByte *bytes = fine ? VSIGetMemFileBuffer(path, &size, FALSE) : NULL;
	if (bytes) {
		uint8_t *copy = memory_grow(NULL, size, 1);
		memcpy(copy, bytes, size);
		file_keep(job, "classes.tif", "Classes as a raster: land productivity; disturbance and recovery", 0, "image/tiff", copy, size);
	}
	VSIUnlink(path);
	return bytes || failure_gdal(why, _("the map of classes cannot be made"), "classes.tif");
}

bool site_pictures(site_run *job, const int ends[2], failure *why)
{
	if (!job->settings->pictures)
		return true;
	int from = job->evidence.years[ends[0]], until = job->evidence.years[ends[1]];
	autofree char *lpd = text_format("Land productivity, %d to %d: green improved, sand stable, red degraded, hatched unknown", from, until);
	autofree char *states = text_format("Disturbance and recovery, %d to %d: green recovered, pale green recovering, red disturbed, sand undisturbed, hatched unknown", from, until);
	if (!land_pictures(job, ends, why))
		return false;
	class_picture(job, "productivity.png", lpd, job->classes.productivity, productivity_classes);
	class_picture(job, "recovery.png", states, job->classes.state, state_classes);
	return class_map(job, why);
}
