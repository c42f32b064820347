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
#include "tiff.h"

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

/* The place of the cells as GDAL writes it into a raster of one cell in memory; free it. */
static uint8_t *place_of(const grid *of, size_t *size, failure *why)
{
	static const char path[] = "/vsimem/place.tif";
	char *creation[] = {(char *)(uintptr_t)"BIGTIFF=NO", NULL};
	CPLErrorReset();
	GDALDatasetH map = GDALCreate(GDALGetDriverByName("GTiff"), path, 1, 1, 1, GDT_Int16, creation);
	uint8_t *copy = NULL;
	if (map) {
		GDALSetGeoTransform(map, (double *)(uintptr_t)of->transform);
		OGRSpatialReferenceH reference = OSRNewSpatialReference(of->reference);
		OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
		GDALSetSpatialRef(map, reference);
		OSRRelease(reference);
		GDALSetMetadataItem(map, "TIFFTAG_SOFTWARE", "ldn " AFTERMINE_VERSION, NULL);
		GDALSetRasterNoDataValue(GDALGetRasterBand(map, 1), LDN_NODATA);
		GDALClose(map);
		vsi_l_offset there = 0;
		GByte *bytes = VSIGetMemFileBuffer(path, &there, FALSE);
		if (bytes) {
			*size = (size_t)there;
			copy = memcpy(memory_new(*size, 1), bytes, *size);
		}
	}
	VSIUnlink(path);
	if (!copy)
		failure_gdal(why, _("the map of classes cannot be made"), "classes.tif");
	return copy;
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

static const struct {
	const char *name;
	const cell_class *list;
} class_layers[] = {{"land productivity", productivity_classes}, {"disturbance and recovery", state_classes}};
enum { LAYERS = sizeof class_layers / sizeof *class_layers };

/* The header, with `offsets` of the layers, which follow it; free it. */
static uint8_t *class_header(const window box, const uint32_t offsets[LAYERS], const tiff_directory *place, size_t *size)
{
	static const uint16_t bits[LAYERS] = {16, 16}, kinds[LAYERS] = {2, 2}, none = 1, dark = 1, layers = LAYERS, apart = 2, extra[LAYERS - 1] = {0};
	const uint32_t width = (uint32_t)box.width, height = (uint32_t)box.height, bytes = 2 * width * height, counts[LAYERS] = {bytes, bytes};
	tiff_note notes[2 * LAYERS];
	char *told[LAYERS];
	for (int i = 0; i < LAYERS; i++) {
		told[i] = classes_told(class_layers[i].list);
		notes[2 * i] = (tiff_note){"CLASSES", told[i], i};
		notes[2 * i + 1] = (tiff_note){"DESCRIPTION", class_layers[i].name, i};
	}
	autofree char *text = tiff_notes(notes, 2 * LAYERS);
	tiff_directory all = *place;
	const tiff_entry own[] = {{256, TIFF_LONG, 1, &width}, {257, TIFF_LONG, 1, &height}, {258, TIFF_SHORT, LAYERS, bits}, {259, TIFF_SHORT, 1, &none}, {262, TIFF_SHORT, 1, &dark},
		{273, TIFF_LONG, LAYERS, offsets}, {277, TIFF_SHORT, 1, &layers}, {278, TIFF_LONG, 1, &height}, {279, TIFF_LONG, LAYERS, counts}, {284, TIFF_SHORT, 1, &apart},
		{338, TIFF_SHORT, LAYERS - 1, extra}, {339, TIFF_SHORT, LAYERS, kinds}, {TIFF_NOTES, TIFF_TEXT, strlen(text) + 1, text}};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		tiff_add(&all, own[i].tag, own[i].type, own[i].count, own[i].values);
	uint8_t *header = tiff_header(&all, 1, false, "", size);
	for (int i = 0; i < LAYERS; i++)
		free(told[i]);
	return header;
}

/* The classes as a GeoTIFF of two layers, not compressed. GDAL knows how places are written; all else is laid out here, so that the bytes are the same
 * whatever the version of GDAL and of a compressing library. */
static bool class_map(site_run *job, failure *why)
{
	const window box = job->site.box;
	const int16_t *const layers[LAYERS] = {job->classes.productivity, job->classes.state};
	size_t cells = (size_t)box.width * (size_t)box.height, model_size = 0, size = 0;
	if (!any_class(layers[0], job->site.n) && !any_class(layers[1], job->site.n))
		return true;
	if (cells > UINT32_MAX / 16)
		return failure_set(why, _("%zu cells are too many for a map of classes"), cells);
	grid of = grid_window(&job->images.grid, box);
	tiff_directory place = {0};
	void *kept = NULL;
	uint32_t offsets[LAYERS] = {0};
	autofree uint8_t *model = place_of(&of, &model_size, why);
	grid_free(&of);
	bool fine = model && (tiff_borrow(model, model_size, &place, &kept) || failure_set(why, _("%s: its header cannot be made"), "classes.tif"));
	if (fine) {
		free(class_header(box, offsets, &place, &size));
		for (int i = 0; i < LAYERS; i++)
			offsets[i] = (uint32_t)(size + (size_t)i * 2 * cells);
		uint8_t *bytes = class_header(box, offsets, &place, &size);
		bytes = memory_grow(bytes, size + LAYERS * 2 * cells, 1);
		for (int i = 0; i < LAYERS; i++)
			for (size_t k = 0; k < cells; k++) { /* in the file's order, little-endian */
				bytes[offsets[i] + 2 * k] = (uint8_t)((uint16_t)layers[i][k] & 0xff);
				bytes[offsets[i] + 2 * k + 1] = (uint8_t)((uint16_t)layers[i][k] >> 8);
			}
		file_keep(job, "classes.tif", "Classes as a raster: land productivity; disturbance and recovery", 0, "image/tiff", bytes, size + LAYERS * 2 * cells);
	}
	free(kept);
	return fine;
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
