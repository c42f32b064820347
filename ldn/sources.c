#include "sources_inside.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_utils.h>

#include "option.h"
#include "years.h"

sources *sources_new(const reading *how, digest *files)
{
	sources *all = memory_new(1, sizeof *all);
	all->how = *how;
	all->files_read = files;
	return all;
}

void sources_reading(sources *all, const reading *how)
{
	const char *align = all->how.align;
	all->how = *how;
	all->how.align = align;
}

void sources_free(sources *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < (size_t)all->workers * all->file_count; i++) {
		if (all->handles[i])
			GDALClose(all->handles[i]);
		if (all->under[i])
			GDALClose(all->under[i]);
	}
	for (size_t i = 0; i < (size_t)all->workers * all->file_count; i++)
		free(all->kept[i].values);
	free(all->kept);
	for (size_t i = 0; i < all->file_count; i++) {
		if (all->files[i].plain)
			close(all->files[i].descriptor);
		free(all->files[i].name);
		free(all->files[i].path);
		free(all->files[i].offsets);
		free(all->files[i].sizes);
	}
	for (size_t i = 0; i < all->band_count; i++) {
		free(all->bands[i].name);
		for (size_t k = 0; k < all->bands[i].member_count; k++)
			free(all->bands[i].members[k].name);
		free(all->bands[i].members);
	}
	free(all->handles);
	free(all->under);
	free(all->files);
	free(all->bands);
	grid_free(&all->whole);
	free(all);
}

static bool no_bands(GDALDatasetH dataset, const char *name, failure *why)
{
	char **parts = GDALGetMetadata(dataset, "SUBDATASETS");
	if (!parts)
		return failure_set(why, _("%s: holds no raster bands"), name);
	char list[1024] = "";
	for (int i = 1; i <= 8; i++) {
		char key[64];
		snprintf(key, sizeof key, "SUBDATASET_%d_NAME", i);
		const char *part = CSLFetchNameValue(parts, key);
		size_t length = strlen(list);
		if (part)
			snprintf(list + length, sizeof list - length, "%s%s", i > 1 ? ", " : "", part);
	}
	return failure_set(why, _("%s: holds several rasters; name one of: %s"), name, list);
}

GDALDatasetH source_open(const sources *all, const char *name, bool other_grid, GDALDatasetH *under, failure *why)
{
	*under = NULL;
	CPLErrorReset();
	GDALDatasetH dataset = GDALOpenEx(name, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
	if (!dataset) {
		failure_gdal(why, _("cannot be opened as a raster"), name);
		return NULL;
	}
	if (!other_grid)
		return dataset;
	const grid *to = &all->whole;
	const double *t = to->transform;
	char edge[4][40], size[2][16];
	double right = t[0] + to->width * t[1], bottom = t[3] + to->height * t[5];
	snprintf(edge[0], sizeof *edge, "%.17g", fmin(t[0], right));
	snprintf(edge[1], sizeof *edge, "%.17g", fmin(t[3], bottom));
	snprintf(edge[2], sizeof *edge, "%.17g", fmax(t[0], right));
	snprintf(edge[3], sizeof *edge, "%.17g", fmax(t[3], bottom));
	snprintf(size[0], sizeof *size, "%d", to->width);
	snprintf(size[1], sizeof *size, "%d", to->height);
	char **words = NULL;
	const char *const fixed[] = {"-of", "VRT", "-dstalpha", "-te", edge[0], edge[1], edge[2], edge[3], "-ts", size[0], size[1], "-r", all->how.align};
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		words = CSLAddString(words, fixed[i]);
	if (*to->reference) {
		words = CSLAddString(words, "-t_srs");
		words = CSLAddString(words, to->reference);
	}
	GDALWarpAppOptions *options = GDALWarpAppOptionsNew(words, NULL);
	CSLDestroy(words);
	int wrong = 0;
	GDALDatasetH warped = options ? GDALWarp("", NULL, 1, &dataset, options, &wrong) : NULL;
	if (options)
		GDALWarpAppOptionsFree(options);
	if (!warped || wrong) {
		failure_gdal(why, _("cannot be aligned with the first raster"), name);
		GDALClose(warped ? warped : dataset);
		if (warped)
			GDALClose(dataset);
		return NULL;
	}
	*under = dataset;
	return warped;
}

/* GDAL warps onto north-up grids; a south-up first grid can therefore not be the goal. */
static bool grid_place(sources *all, const grid *found, const char *name, bool *other, failure *why)
{
	*other = false;
	if (!all->placed) {
		all->whole = grid_copy(found);
		all->cut = (window){0, 0, found->width, found->height};
		all->placed = true;
		return true;
	}
	char text[1024];
	if (!grid_differs(&all->whole, all->files[0].name, found, name, text, sizeof text))
		return true;
	if (!all->how.align)
		return failure_set(why, _("grids differ: %s; --align nearest (or bilinear, average, mode) brings them to the first"), text);
	if (all->whole.transform[5] > 0)
		return failure_set(why, _("%s: the first raster runs from south to north, others cannot be aligned with it; put a north-up raster first"),
			all->files[0].name);
	*other = true;
	return true;
}

static void band_describe(const sources *all, GDALDatasetH dataset, size_t file, int number, source_band *band)
{
	GDALRasterBandH handle = GDALGetRasterBand(dataset, number);
	*band = (source_band){.file = file, .band = number, .type = GDALGetRasterDataType(handle), .how = all->how};
	int has = 0;
	double missing = GDALGetRasterNoDataValue(handle, &has);
	band->has_missing = has && !isnan(missing);
	band->missing = missing;
	band->masked = (GDALGetMaskFlags(handle) & (GMF_PER_DATASET | GMF_ALPHA)) != 0;
	const char *kind = GDALGetMetadataItem(handle, "PIXELTYPE", "IMAGE_STRUCTURE");
	band->signed_byte = band->type == GDT_Byte && kind && strcmp(kind, "SIGNEDBYTE") == 0;
	band->name = all->files[file].bands > 1 ? text_format(_("%s band %d"), all->files[file].name, number) : text_copy(all->files[file].name);
}

static bool band_allowed(GDALDatasetH dataset, int number, const char *name, failure *why)
{
	if (GDALDataTypeIsComplex(GDALGetRasterDataType(GDALGetRasterBand(dataset, number))))
		return failure_set(why, _("%s band %d: holds complex numbers (%s); whole or real numbers are needed"), name, number,
			GDALGetDataTypeName(GDALGetRasterDataType(GDALGetRasterBand(dataset, number))));
	return true;
}

static bool files_remember(sources *all, GDALDatasetH dataset, const char *name, failure *why)
{
	char **paths = GDALGetFileList(dataset);
	bool fine = true;
	for (char **path = paths; fine && path && *path; path++)
		fine = digest_add(all->files_read, *path, why);
	(void)name;
	CSLDestroy(paths);
	return fine;
}

static bool is_alpha(GDALDatasetH dataset, int number)
{
	return GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, number)) == GCI_AlphaBand;
}

static bool bands_append(sources *all, GDALDatasetH dataset, size_t file, int only, range *added, failure *why)
{
	source_file *into = &all->files[file];
	if (only > into->bands)
		return failure_usage(why, _("%s: has %d bands, there is no band %d"), into->name, into->bands, only);
	*added = (range){all->band_count, 0};
	for (int number = only ? only : 1; number <= (only ? only : into->bands); number++) {
		if (!only && is_alpha(dataset, number))
			continue;
		if (!band_allowed(dataset, number, into->name, why))
			return false;
		all->bands = memory_grow(all->bands, all->band_count + 1, sizeof *all->bands);
		band_describe(all, dataset, file, number, &all->bands[all->band_count++]);
		added->count++;
	}
	return added->count > 0 || failure_set(why, _("%s: holds nothing but an alpha band"), into->name);
}

/* A file named again has its blocks found already: of many bands they are many thousands. */
static void plain_share(source_file *file, const source_file *first)
{
	size_t planes = first->pixel_interleaved ? 1 : (size_t)first->bands, blocks = planes * (size_t)first->down * (size_t)first->across;
	int descriptor = fcntl(first->descriptor, F_DUPFD_CLOEXEC, 0);
	if (descriptor < 0)
		return; /* GDAL reads it as well */
	file->plain = true;
	file->descriptor = descriptor;
	file->pixel_interleaved = first->pixel_interleaved;
	file->deflated = first->deflated;
	file->differences = first->differences;
	file->across = first->across;
	file->down = first->down;
	file->offsets = memory_new(blocks, sizeof *file->offsets);
	memcpy(file->offsets, first->offsets, blocks * sizeof *file->offsets);
	if (first->sizes) {
		file->sizes = memory_new(blocks, sizeof *file->sizes);
		memcpy(file->sizes, first->sizes, blocks * sizeof *file->sizes);
	}
}

bool source_add(sources *all, GDALDatasetH dataset, const char *name, int band, range *added, failure *why)
{
	if (GDALGetRasterCount(dataset) == 0)
		return no_bands(dataset, name, why);
	grid found;
	bool other = false;
	bool fine = grid_of(dataset, name, &found, why) && grid_place(all, &found, name, &other, why) && files_remember(all, dataset, name, why);
	grid_free(&found);
	if (!fine)
		return false;
	GDALRasterBandH first = GDALGetRasterBand(dataset, band && band <= GDALGetRasterCount(dataset) ? band : 1);
	all->files = memory_grow(all->files, all->file_count + 1, sizeof *all->files);
	source_file *file = &all->files[all->file_count];
	*file = (source_file){.name = text_copy(name), .other_grid = other, .bands = GDALGetRasterCount(dataset), .same = all->file_count, .descriptor = -1};
	for (size_t i = all->file_count; i-- > 0;)
		if (strcmp(all->files[i].name, name) == 0)
			file->same = i;
	all->files[file->same].sharing++;
	GDALGetBlockSize(first, &file->block_width, &file->block_height);
	file->compressed = GDALGetMetadataItem(dataset, "COMPRESSION", "IMAGE_STRUCTURE") != NULL;
	all->file_count++;
	if (!bands_append(all, dataset, all->file_count - 1, band, added, why))
		return false;
	/* The one value a GeoTIFF declares holds for all its bands; a mask takes GDAL's way. */
	const source_band *sample = &all->bands[added->first];
	file = &all->files[all->file_count - 1];
	if (other || sample->masked || all->how.zero_is_missing)
		return true;
	if (all->files[file->same].plain && file->same != all->file_count - 1)
		plain_share(file, &all->files[file->same]);
	else
		plain_find(file, dataset, sample->type);
	return true;
}

bool sources_add(sources *all, const char *name, int band, range *added, failure *why)
{
	GDALDatasetH under, dataset = source_open(all, name, false, &under, why);
	if (!dataset)
		return false;
	bool fine = source_add(all, dataset, name, band, added, why);
	GDALClose(dataset);
	return fine;
}

const grid *sources_grid(const sources *all)
{
	return &all->whole;
}

void sources_cut(sources *all, window cut)
{
	all->cut = cut;
}

void sources_blocks(const sources *all, int *width, int *height)
{
	*width = *height = 1;
	for (size_t i = 0; i < all->file_count; i++) {
		if (all->files[i].block_width > *width && all->files[i].compressed)
			*width = all->files[i].block_width;
		if (all->files[i].block_height > *height)
			*height = all->files[i].block_height;
	}
}

size_t sources_bytes(const sources *all)
{
	size_t bytes = 0;
	for (size_t i = 0; i < all->file_count; i++)
		if (all->files[i].plain && all->files[i].pixel_interleaved && all->files[i].sharing > 1)
			bytes += 2 * (size_t)all->files[i].bands;
	return bytes;
}

const char *sources_band_name(const sources *all, size_t band)
{
	return all->bands[band].name;
}

bool sources_real(const sources *all, range which)
{
	for (size_t i = which.first; i < which.first + which.count; i++)
		if (GDALDataTypeIsFloating(all->bands[i].type))
			return true;
	return false;
}

range sources_everything(const sources *all)
{
	return (range){0, all->band_count};
}

void sources_piece(const sources *all, range which, window part, window *piece)
{
	enum { CACHE = 512 << 10 };
	int right = part.x + part.width, bottom = part.y + part.height, wide = part.width;
	piece->width = right - piece->x;
	piece->height = bottom - piece->y;
	for (size_t i = which.first; i < which.first + which.count; i++) {
		const source_file *file = &all->files[all->bands[i].file];
		if (!file->plain || file->deflated || all->bands[i].how.scale != 0 || all->bands[i].members)
			return;
		wide = file->block_width < wide ? file->block_width : wide;
	}
	int column = wide - (all->cut.x + piece->x) % wide; /* up to the edge of its block */
	piece->width = column < piece->width ? column : piece->width;
	int64_t rows = CACHE / ((int64_t)wide * (int64_t)which.count * (int64_t)sizeof(int16_t));
	piece->height = rows < 1 ? 1 : rows < piece->height ? (int)rows : piece->height;
}

bool sources_open(sources *all, int workers, failure *why)
{
	(void)why;
	all->workers = workers;
	all->handles = memory_new((size_t)workers * all->file_count, sizeof *all->handles);
	all->under = memory_new((size_t)workers * all->file_count, sizeof *all->under);
	all->kept = memory_new((size_t)workers * all->file_count, sizeof *all->kept);
	return true;
}

GDALDatasetH source_handle(sources *all, int worker, size_t file, failure *why)
{
	size_t index = (size_t)worker * all->file_count + all->files[file].same;
	if (!all->handles[index])
		all->handles[index] = source_open(all, all->files[file].name, all->files[file].other_grid, &all->under[index], why);
	return all->handles[index];
}
