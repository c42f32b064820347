#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal_utils.h>
#include <ogr_srs_api.h>

#include "raster_inside.h"
#include "rank.h"
#include "tiff.h"

/* --- what GDAL writes for us: reference system, attribute tables; and metadata, which we write --- */

static GDALDataType gdal_type(cell_type type)
{
	static const GDALDataType types[] = {[CELL_BYTE] = GDT_Byte, [CELL_INT16] = GDT_Int16, [CELL_INT32] = GDT_Int32, [CELL_FLOAT] = GDT_Float32};
	return types[type];
}

static void attribute_table_set(GDALRasterBandH band, const cell_class *classes)
{
	GDALRasterAttributeTableH table = GDALCreateRasterAttributeTable();
	GDALRATCreateColumn(table, "Value", GFT_Integer, GFU_MinMax);
	GDALRATCreateColumn(table, "Class", GFT_String, GFU_Name);
	GDALRATCreateColumn(table, "Red", GFT_Integer, GFU_Red);
	GDALRATCreateColumn(table, "Green", GFT_Integer, GFU_Green);
	GDALRATCreateColumn(table, "Blue", GFT_Integer, GFU_Blue);
	GDALRATSetTableType(table, GRTT_THEMATIC);
	for (int row = 0; classes[row].name; row++) {
		GDALRATSetValueAsInt(table, row, 0, classes[row].value);
		GDALRATSetValueAsString(table, row, 1, _(classes[row].name));
		GDALRATSetValueAsInt(table, row, 2, classes[row].red);
		GDALRATSetValueAsInt(table, row, 3, classes[row].green);
		GDALRATSetValueAsInt(table, row, 4, classes[row].blue);
	}
	GDALSetDefaultRAT(band, table);
	GDALDestroyRasterAttributeTable(table);
}

/* A raster of one cell in memory, with our place. */
static bool model_write(const raster *out, const char *name, failure *why)
{
	char *creation[] = {(char *)(size_t)"BIGTIFF=NO", NULL};
	GDALDatasetH model = GDALCreate(GDALGetDriverByName("GTiff"), name, 1, 1, (int)out->plan.count, gdal_type(out->plan.type), creation);
	if (!model)
		return failure_gdal(why, _("its header cannot be made"), out->path);
	grid part = grid_window(out->plan.grid, (window){0, out->first_row, out->levels[0].width, out->levels[0].height});
	if (part.referenced)
		GDALSetGeoTransform(model, part.transform);
	if (*part.reference) {
		OGRSpatialReferenceH reference = OSRNewSpatialReference(part.reference);
		OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
		GDALSetSpatialRef(model, reference);
		OSRRelease(reference);
	}
	if (part.points)
		GDALSetMetadataItem(model, GDALMD_AREA_OR_POINT, GDALMD_AOP_POINT, NULL);
	grid_free(&part);
	GDALSetRasterNoDataValue(GDALGetRasterBand(model, 1), out->plan.no_data);
	GDALClose(model);
	return true;
}

/* Metadata ("KEY=VALUE", ended by NULL) and the names of the layers, as the text of TIFF_NOTES. */
static char *notes_of(const raster *out, const char *const *metadata)
{
	size_t given = 0, count = 0;
	while (metadata && metadata[given])
		given++;
	autofree tiff_note *notes = memory_new(given + out->plan.count, sizeof *notes);
	char **keys = memory_new(given + 1, sizeof *keys);
	for (size_t i = 0; i < given; i++) {
		const char *value = CPLParseNameValue(metadata[i], &keys[count]);
		if (keys[count]) {
			notes[count] = (tiff_note){keys[count], value, -1};
			count++;
		}
	}
	size_t keyed = count;
	for (size_t k = 0; k < out->plan.count; k++)
		notes[count++] = (tiff_note){"DESCRIPTION", out->layers[k].name, (int)k};
	char *text = tiff_notes(notes, count);
	for (size_t i = 0; i < keyed; i++)
		CPLFree(keys[i]);
	free(keys);
	return text;
}

/* The attribute tables GDAL keeps beside a raster, as the bytes of that file; NULL when no layer has classes. */
static char *side_file(const raster *out, const char *name, vsi_l_offset *size)
{
	bool any = false;
	GDALDatasetH model = GDALOpen(name, GA_ReadOnly);
	for (size_t k = 0; model && k < out->plan.count; k++)
		if (out->layers[k].classes) {
			attribute_table_set(GDALGetRasterBand(model, (int)k + 1), out->layers[k].classes);
			any = true;
		}
	if (model)
		GDALClose(model);
	if (!any)
		return NULL;
	autofree char *side = text_format("%s.aux.xml", name);
	GByte *bytes = VSIGetMemFileBuffer(side, size, FALSE);
	char *copy = NULL;
	if (bytes) {
		copy = memory_new(*size + 1, 1);
		memcpy(copy, bytes, *size);
	}
	VSIUnlink(side);
	return copy;
}

/* --- directories --- */

typedef struct level_tags {
	uint32_t kind, width, height, tile;
	uint16_t compression, photometric, samples, planes;
	uint16_t *bits, *formats, *extra, *colours;
	uint64_t *offsets, *bytes;
	uint32_t *offsets32, *bytes32;
	size_t tiles;
} level_tags;

static level_tags tags_of(const raster *out, int at)
{
	const raster_level *level = &out->levels[at];
	size_t layers = out->plan.count;
	level_tags tags = {.kind = at > 0, .width = (uint32_t)level->width, .height = (uint32_t)level->height, .tile = TILE,
		.compression = out->plan.compress ? 8 : 1, .photometric = out->plan.palette ? 3 : 1, .samples = (uint16_t)layers, .planes = layers > 1 ? 2 : 1};
	tags.tiles = level->tiles * layers;
	tags.bits = memory_new(layers, sizeof *tags.bits);
	tags.formats = memory_new(layers, sizeof *tags.formats);
	tags.extra = memory_new(layers, sizeof *tags.extra);
	tags.offsets = memory_new(tags.tiles, sizeof *tags.offsets);
	tags.bytes = memory_new(tags.tiles, sizeof *tags.bytes);
	tags.offsets32 = memory_new(tags.tiles, sizeof *tags.offsets32);
	tags.bytes32 = memory_new(tags.tiles, sizeof *tags.bytes32);
	for (size_t k = 0; k < layers; k++) {
		tags.bits[k] = (uint16_t)(8 * out->size);
		tags.formats[k] = out->plan.type == CELL_FLOAT ? 3 : out->plan.type == CELL_BYTE ? 1 : 2;
	}
	for (size_t i = 0; i < tags.tiles; i++)
		tags.bytes32[i] = (uint32_t)(tags.bytes[i] = level->place[i].bytes);
	if (out->plan.palette) {
		tags.colours = memory_new(768, sizeof *tags.colours);
		for (const cell_class *row = out->layers[0].classes; row && row->name; row++)
			if (row->value >= 0 && row->value < 256) {
				tags.colours[row->value] = (uint16_t)(row->red * 257);
				tags.colours[256 + row->value] = (uint16_t)(row->green * 257);
				tags.colours[512 + row->value] = (uint16_t)(row->blue * 257);
			}
	}
	return tags;
}

static void tags_free(level_tags *tags)
{
	free(tags->bits);
	free(tags->formats);
	free(tags->extra);
	free(tags->colours);
	free(tags->offsets);
	free(tags->bytes);
	free(tags->offsets32);
	free(tags->bytes32);
}

static void directory_fill(tiff_directory *directory, const level_tags *tags, bool big)
{
	tiff_add(directory, 254, TIFF_LONG, 1, &tags->kind);
	tiff_add(directory, 256, TIFF_LONG, 1, &tags->width);
	tiff_add(directory, 257, TIFF_LONG, 1, &tags->height);
	tiff_add(directory, 258, TIFF_SHORT, tags->samples, tags->bits);
	tiff_add(directory, 259, TIFF_SHORT, 1, &tags->compression);
	tiff_add(directory, 262, TIFF_SHORT, 1, &tags->photometric);
	tiff_add(directory, 277, TIFF_SHORT, 1, &tags->samples);
	tiff_add(directory, 284, TIFF_SHORT, 1, &tags->planes);
	if (tags->colours)
		tiff_add(directory, 320, TIFF_SHORT, 768, tags->colours);
	tiff_add(directory, 322, TIFF_LONG, 1, &tags->tile);
	tiff_add(directory, 323, TIFF_LONG, 1, &tags->tile);
	tiff_add(directory, 324, big ? TIFF_LONG8 : TIFF_LONG, tags->tiles, big ? (const void *)tags->offsets : tags->offsets32);
	tiff_add(directory, 325, TIFF_LONG, tags->tiles, tags->bytes32);
	if (tags->samples > 1)
		tiff_add(directory, 338, TIFF_SHORT, (uint64_t)tags->samples - 1, tags->extra);
	tiff_add(directory, 339, TIFF_SHORT, tags->samples, tags->formats);
}

/* As in GDAL's COG layout a tile stands between its size in four bytes and its last four bytes once more, so that a reader over a network needs one
 * request for it and notices a file that was edited by a program that does not know of the layout. */
enum { AROUND = 4 };

/* Where each tile goes: overviews from the smallest, then full resolution; returns the end of the file. */
static uint64_t tiles_place(const raster *out, level_tags *tags, uint64_t start)
{
	for (int at = out->level_count - 1; at >= 0; at--)
		for (size_t i = 0; i < tags[at].tiles; i++) {
			start += AROUND;
			tags[at].offsets[i] = start;
			tags[at].offsets32[i] = (uint32_t)start;
			start += tags[at].bytes[i] + AROUND;
		}
	return start;
}

static bool tiles_copy(raster *out, const level_tags *tags, failure *why)
{
	size_t room = (size_t)1 << 20;
	unsigned char *piece = memory_new(room, 1);
	bool fine = true;
	for (int at = out->level_count - 1; fine && at >= 0; at--)
		for (size_t i = 0; fine && i < tags[at].tiles; i++) {
			const tile_place *place = &out->levels[at].place[i];
			size_t whole_size = place->bytes + 2 * AROUND;
			if (whole_size > room)
				piece = memory_grow(piece, room = whole_size, 1);
			if (!(fine = store_get(out->pressed, place->offset, piece + AROUND, place->bytes, why)))
				continue;
			for (int b = 0; b < AROUND; b++)
				piece[b] = (unsigned char)(place->bytes >> 8 * b);
			memcpy(piece + AROUND + place->bytes, piece + place->bytes, AROUND);
			fine = bytes_write(out->file.descriptor, piece, whole_size, tags[at].offsets[i] - AROUND, out->path, why);
		}
	free(piece);
	return fine;
}

static const char ghost_text[] =
	"GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\n"
	"BLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n ";

static bool file_write(raster *out, const unsigned char *model, size_t model_size, const char *notes, failure *why)
{
	level_tags tags[LEVELS];
	tiff_directory directories[LEVELS] = {0}, place = {0};
	void *kept;
	if (!tiff_borrow(model, model_size, &place, &kept)) {
		free(kept);
		return failure_set(why, _("%s: its header cannot be made"), out->path);
	}
	tiff_add(&place, TIFF_NOTES, TIFF_TEXT, strlen(notes) + 1, notes);
	uint64_t data = 0;
	for (int i = 0; i < out->level_count; i++) {
		tags[i] = tags_of(out, i);
		for (size_t t = 0; t < tags[i].tiles; t++)
			data += tags[i].bytes[t];
	}
	bool big = data + (64u << 20) > UINT32_MAX;
	for (int i = 0; i < out->level_count; i++) {
		directory_fill(&directories[i], &tags[i], big);
		for (size_t e = 0; e < place.count; e++)
			if (i == 0 || place.entries[e].tag == 42113) /* overviews carry the no-data value, as GDAL's own do */
				directories[i].entries[directories[i].count++] = place.entries[e];
	}
	size_t size;
	free(tiff_header(directories, (size_t)out->level_count, big, ghost_text, &size));
	tiles_place(out, tags, size);
	unsigned char *header = tiff_header(directories, (size_t)out->level_count, big, ghost_text, &size);
	bool fine = bytes_write(out->file.descriptor, header, size, 0, out->path, why) && tiles_copy(out, tags, why);
	for (int i = 0; i < out->level_count; i++)
		tags_free(&tags[i]);
	free(header);
	free(kept);
	return fine;
}

/* --- overviews, by several threads --- */

enum { HELPERS = 63 };

typedef struct overview_job {
	raster *out;
	atomic_size_t next;
	size_t total;
	pthread_mutex_t lock;
	failure why;
	pthread_t helper[HELPERS];
	int helpers;
} overview_job;

static void *overview_work(void *argument)
{
	overview_job *job = argument;
	raster *out = job->out;
	raster_press press;
	failure why = {0};
	raster_press_open(out, &press);
	for (size_t index; (index = job->next++) < job->total;) {
		int level = 1;
		while (index >= out->levels[level].tiles * out->plan.count)
			index -= out->levels[level++].tiles * out->plan.count;
		if (atomic_exchange(&out->levels[level].missing[index], PRESSED) == PRESSED)
			continue; /* done in somebody's spare time */
		if (!raster_overview_tile(out, &press, level, index, &why))
			break;
	}
	raster_press_close(&press);
	if (why.code != OUTCOME_DONE) {
		pthread_mutex_lock(&job->lock);
		job->why = why;
		pthread_mutex_unlock(&job->lock);
	}
	return NULL;
}

/* The helpers begin; the caller has something else to do first, and joins them in overviews_end. */
static void overviews_begin(overview_job *job, raster *out, int threads)
{
	*job = (overview_job){.out = out, .lock = PTHREAD_MUTEX_INITIALIZER};
	for (int i = 1; i < out->level_count; i++)
		job->total += out->levels[i].tiles * out->plan.count;
	while (job->helpers < threads - 1 && job->helpers < HELPERS && (size_t)job->helpers + 1 < job->total &&
		pthread_create(&job->helper[job->helpers], NULL, overview_work, job) == 0)
		job->helpers++;
}

static bool overviews_end(overview_job *job, failure *why)
{
	overview_work(job);
	for (int i = 0; i < job->helpers; i++)
		pthread_join(job->helper[i], NULL);
	if (job->why.code != OUTCOME_DONE && why->code == OUTCOME_DONE)
		*why = job->why;
	return why->code == OUTCOME_DONE;
}

bool raster_finish(raster *out, const char *const *metadata, int threads, failure *why)
{
	if (out->levels[0].height <= 0) { /* a rank without rows */
		raster_abandon(out);
		return true;
	}
	autofree char *model = text_format("/vsimem/ldn-%p.tif", (void *)out);
	overview_job overviews;
	overviews_begin(&overviews, out, threads);
	bool fine = model_write(out, model, why);
	autofree char *notes = notes_of(out, metadata);
	vsi_l_offset size = 0, side_size = 0;
	autofree char *side = fine && !out->plan.palette ? side_file(out, model, &side_size) : NULL;
	GByte *bytes = fine ? VSIGetMemFileBuffer(model, &size, FALSE) : NULL;
	fine = overviews_end(&overviews, why) && bytes && file_write(out, bytes, size, notes, why);
	if (fine) {
		autofree char *side_path = text_format("%s.aux.xml", out->path);
		unlink(side_path);
		fine = (!side || whole_write(side_path, side, side_size, why)) && whole_finish(&out->file, why);
		if (!fine)
			unlink(side_path);
	}
	VSIUnlink(model);
	raster_abandon(out);
	return fine;
}

/* --- ranks --- */

bool raster_join(const char *path, failure *why)
{
	char **parts = NULL;
	autofree char *name = raster_vrt_name(path);
	for (int r = 0; r < rank_count(); r++) {
		autofree char *part = raster_part_name(path, r);
		if (access(part, R_OK) == 0)
			parts = CSLAddString(parts, part);
	}
	autofree char *temporary = text_format("%s.tmp.vrt", name);
	GDALDatasetH first = GDALOpen(parts[0], GA_ReadOnly);
	GDALDatasetH joined = GDALBuildVRT(temporary, CSLCount(parts), NULL, (const char *const *)parts, NULL, NULL);
	bool fine = joined && first;
	for (int k = 1; fine && k <= GDALGetRasterCount(first); k++) {
		GDALRasterBandH from = GDALGetRasterBand(first, k), to = GDALGetRasterBand(joined, k);
		GDALSetDescription(to, GDALGetDescription(from));
		if (GDALGetDefaultRAT(from))
			GDALSetDefaultRAT(to, GDALGetDefaultRAT(from));
	}
	if (joined)
		GDALClose(joined);
	if (first)
		GDALClose(first);
	CSLDestroy(parts);
	if (fine && rename(temporary, name) == 0)
		return true;
	unlink(temporary);
	return fine ? failure_system(why, _("cannot be given its name"), name) : failure_gdal(why, _("the parts cannot be joined"), name);
}
