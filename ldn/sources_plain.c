/* GeoTIFF of int16 on a local disk, stored as it is or with DEFLATE: its blocks are read without GDAL's cache. */
#include "sources_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libdeflate.h>

static bool is_plain(source_file *file, GDALDatasetH dataset, GDALDataType type)
{
	const char *driver = GDALGetDriverShortName(GDALGetDatasetDriver(dataset));
	const char *packing = GDALGetMetadataItem(dataset, "COMPRESSION", "IMAGE_STRUCTURE"), *predictor = GDALGetMetadataItem(dataset, "PREDICTOR", "IMAGE_STRUCTURE");
	struct stat found;
	file->deflated = packing && strcmp(packing, "DEFLATE") == 0;
	file->differences = predictor && strcmp(predictor, "2") == 0;
	if (type != GDT_Int16 || strcmp(driver, "GTiff") != 0 || (packing && !file->deflated) || (predictor && !file->differences) || stat(file->name, &found) != 0 || !S_ISREG(found.st_mode))
		return false;
	/* A compressed block is held whole: what is larger than this is left to GDAL. */
	enum { BLOCK_MAX = 64 << 20 };
	size_t side_by_side = (size_t)file->bands * (size_t)file->block_width * (size_t)file->block_height * sizeof(int16_t);
	if (file->deflated && side_by_side > BLOCK_MAX)
		return false;
	for (int b = 1; b <= file->bands; b++)
		if (GDALGetRasterDataType(GDALGetRasterBand(dataset, b)) != GDT_Int16)
			return false;
	return true;
}

/* A number that GDAL knows of a block ("BLOCK_OFFSET", "BLOCK_SIZE"); false for a hole in a sparse file, which is GDAL's to fill. */
static bool block_number(GDALRasterBandH band, const char *what, int x, int y, uint64_t *out)
{
	char key[64];
	snprintf(key, sizeof key, "%s_%d_%d", what, x, y);
	const char *text = GDALGetMetadataItem(band, key, "TIFF");
	*out = text ? strtoull(text, NULL, 10) : 0;
	return text != NULL;
}

static bool blocks_find(source_file *file, GDALDatasetH dataset)
{
	size_t planes = file->pixel_interleaved ? 1 : (size_t)file->bands, plane = (size_t)file->down * (size_t)file->across, blocks = planes * plane;
	if (blocks >= (size_t)1 << 24)
		return false;
	file->offsets = memory_new(blocks, sizeof *file->offsets);
	file->sizes = file->deflated ? memory_new(blocks, sizeof *file->sizes) : NULL;
	for (size_t i = 0; i < blocks; i++) {
		int x = (int)(i % (size_t)file->across), y = (int)(i / (size_t)file->across % (size_t)file->down);
		GDALRasterBandH band = GDALGetRasterBand(dataset, (int)(i / plane) + 1);
		if (!block_number(band, "BLOCK_OFFSET", x, y, &file->offsets[i]) || (file->deflated && !block_number(band, "BLOCK_SIZE", x, y, &file->sizes[i])))
			return false;
	}
	return true;
}

static bool is_little_endian(int descriptor)
{
	char mark[2];
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && pread(descriptor, mark, 2, 0) == 2 && memcmp(mark, "II", 2) == 0;
}

void plain_find(source_file *file, GDALDatasetH dataset, GDALDataType type)
{
	if (!is_plain(file, dataset, type))
		return;
	const char *order = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
	file->pixel_interleaved = file->bands > 1 && order && strcmp(order, "PIXEL") == 0;
	file->across = (GDALGetRasterXSize(dataset) + file->block_width - 1) / file->block_width;
	file->down = (GDALGetRasterYSize(dataset) + file->block_height - 1) / file->block_height;
	file->descriptor = open(file->name, O_RDONLY | O_CLOEXEC);
	file->plain = file->descriptor >= 0 && is_little_endian(file->descriptor) && blocks_find(file, dataset);
	if (file->plain)
		return;
	if (file->descriptor >= 0)
		close(file->descriptor);
	free(file->offsets);
	free(file->sizes);
	file->offsets = file->sizes = NULL;
}

static bool bytes_read(const source_file *file, void *into, size_t size, uint64_t offset, failure *why)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = pread(file->descriptor, (char *)into + done, size - done, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failure_system(why, _("cannot be read"), file->name);
		if (got == 0)
			return failure_set(why, _("%s: is truncated: %zu bytes are missing at offset %llu; get it again"), file->name, size - done,
				(unsigned long long)(offset + done));
		done += (size_t)got;
	}
	return true;
}

/* `count` bands side by side in each cell become `count` rows; few cells at a time, so that they stay in the nearest cache. */
static void cells_part(const int16_t *cells, size_t bands, size_t count, size_t n, int16_t *out, size_t stride)
{
	for (size_t from = 0; from < n; from += 64) {
		size_t some = n - from < 64 ? n - from : 64;
		for (size_t k = 0; k < count; k++) {
			const int16_t *in = cells + from * bands + k;
			int16_t *to = out + k * stride + from;
			for (size_t i = 0; i < some; i++)
				to[i] = in[i * bands];
		}
	}
}

/* Sums along each row undo the differences of TIFF predictor 2; bands side by side have theirs apart. */
static void differences_undo(int16_t *cells, size_t across, size_t rows, size_t bands)
{
	for (size_t row = 0; row < rows; row++, cells += across * bands)
		for (size_t i = bands; i < across * bands; i++)
			cells[i] = (int16_t)(uint16_t)((uint16_t)cells[i] + (uint16_t)cells[i - bands]);
}

/* A compressed block, whole. GDAL's reader lets some damage pass (it stops when its buffer is full); here length and checksum must be right. */
static bool block_inflate(const source_file *file, size_t index, size_t bands, int16_t *buffer, size_t cells, int rows, failure *why)
{
	size_t packed_size = file->sizes[index], expected = cells * sizeof *buffer, got = 0;
	if (packed_size > 2 * expected + (1 << 16))
		return failure_set(why, _("%s: is damaged: block at offset %llu has an impossible size; get it again"), file->name,
			(unsigned long long)file->offsets[index]);
	autofree void *packed = memory_grow(NULL, packed_size, 1);
	if (!bytes_read(file, packed, packed_size, file->offsets[index], why))
		return false;
	struct libdeflate_decompressor *engine = libdeflate_alloc_decompressor();
	enum libdeflate_result result = engine ? libdeflate_zlib_decompress(engine, packed, packed_size, buffer, expected, &got) : LIBDEFLATE_BAD_DATA;
	libdeflate_free_decompressor(engine);
	if (result != LIBDEFLATE_SUCCESS || got % ((size_t)file->block_width * bands * sizeof *buffer) != 0 ||
		got < (size_t)rows * (size_t)file->block_width * bands * sizeof *buffer)
		return failure_set(why, _("%s: is damaged: block at offset %llu cannot be decompressed; get it again"), file->name,
			(unsigned long long)file->offsets[index]);
	if (file->differences)
		differences_undo(buffer, (size_t)file->block_width, (size_t)rows, bands);
	return true;
}

/* The part of a block (x, y) inside the window, of all planes asked for. */
static bool block_read(const source_file *file, int first, size_t count, window part, int x, int y, int16_t *buffer, int16_t *out, size_t stride,
	failure *why)
{
	int left = x * file->block_width, top = y * file->block_height;
	int from_x = part.x > left ? part.x : left, from_y = part.y > top ? part.y : top;
	int to_x = part.x + part.width < left + file->block_width ? part.x + part.width : left + file->block_width;
	int to_y = part.y + part.height < top + file->block_height ? part.y + part.height : top + file->block_height;
	size_t across = (size_t)file->block_width, wide = (size_t)(to_x - from_x), rows = (size_t)(to_y - from_y);
	size_t bands = file->pixel_interleaved ? (size_t)file->bands : 1, planes = file->pixel_interleaved ? 1 : count;
	for (size_t plane = 0; plane < planes; plane++) {
		size_t band = file->pixel_interleaved ? 0 : (size_t)first + plane;
		size_t index = (band * (size_t)file->down + (size_t)y) * (size_t)file->across + (size_t)x, skipped = 0;
		uint64_t offset = file->offsets[index] + (uint64_t)(from_y - top) * across * bands * sizeof *buffer;
		int16_t *to = out + plane * stride + (size_t)(from_y - part.y) * (size_t)part.width + (size_t)(from_x - part.x);
		if (!file->deflated && bands == 1 && wide == across && part.width == file->block_width) { /* stands in the file as it is wanted */
			if (!bytes_read(file, to, rows * across * sizeof *to, offset, why))
				return false;
			continue;
		}
		if (file->deflated) {
			if (!block_inflate(file, index, bands, buffer, across * (size_t)file->block_height * bands, to_y - top, why))
				return false;
			skipped = (size_t)(from_y - top) * across * bands;
		} else if (!bytes_read(file, buffer, rows * across * bands * sizeof *buffer, offset, why)) {
			return false;
		}
		const int16_t *in = buffer + skipped + (size_t)(from_x - left) * bands;
		for (size_t row = 0; row < rows; row++, in += across * bands, to += part.width) {
			if (bands > 1)
				cells_part(in + first, bands, count, wide, to, stride);
			else
				memcpy(to, in, wide * sizeof *to);
		}
	}
	return true;
}

bool plain_read(const source_file *file, int first, size_t count, window part, int16_t *out, size_t stride, failure *why)
{
	size_t bands = file->pixel_interleaved ? (size_t)file->bands : 1;
	/* Rows of a block that the window does not need are not read. */
	int rows = file->deflated || file->block_height < part.height ? file->block_height : part.height;
	int16_t *buffer = memory_grow(NULL, (size_t)file->block_width * (size_t)rows * bands, sizeof *buffer);
	bool fine = true;
	for (int y = part.y / file->block_height; fine && y * file->block_height < part.y + part.height; y++)
		for (int x = part.x / file->block_width; fine && x * file->block_width < part.x + part.width; x++)
			fine = block_read(file, first, count, part, x, y, buffer, out, stride, why);
	free(buffer);
	return fine;
}
