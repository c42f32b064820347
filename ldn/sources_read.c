#include "sources_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/status.h"

static bool band_fetch(sources *all, int worker, const source_band *band, window part, GDALDataType type, void *out, failure *why)
{
	GDALDatasetH dataset = source_handle(all, worker, band->file, why);
	if (!dataset)
		return false;
	CPLErrorReset();
	if (GDALRasterIO(GDALGetRasterBand(dataset, band->band), GF_Read, part.x, part.y, part.width, part.height, out, part.width, part.height, type, 0,
			0) != CE_None)
		return failure_gdal(why, _("cannot be read (truncated or damaged?)"), band->name);
	return true;
}

/* hidden[i] = 1 where a mask, an alpha band or a cell of zeros says missing; NULL when nothing of the kind applies. */
static bool hidden_find(sources *all, int worker, const source_band *band, window part, unsigned char **hidden, failure *why)
{
	const source_file *file = &all->files[band->file];
	size_t n = (size_t)part.width * (size_t)part.height;
	*hidden = NULL;
	bool warped = file->other_grid;
	if (!band->masked && !warped && !band->how.zero_is_missing)
		return true;
	GDALDatasetH dataset = source_handle(all, worker, band->file, why);
	if (!dataset)
		return false;
	unsigned char *mask = memory_new(n, 1);
	bool fine = true;
	if (band->masked || warped) {
		/* A warped raster carries an alpha band, which says where there is anything. */
		GDALRasterBandH from = warped ? GDALGetRasterBand(dataset, GDALGetRasterCount(dataset)) : GDALGetMaskBand(GDALGetRasterBand(dataset, band->band));
		fine = GDALRasterIO(from, GF_Read, part.x, part.y, part.width, part.height, mask, part.width, part.height, GDT_Byte, 0, 0) == CE_None ||
			failure_gdal(why, _("its mask cannot be read"), band->name);
		for (size_t i = 0; i < n; i++)
			mask[i] = mask[i] == 0;
	}
	if (fine && band->how.zero_is_missing) {
		unsigned char *zero = memory_new(n, 1);
		double *values = memory_new(n, sizeof *values);
		memset(zero, 1, n);
		for (int b = 1; fine && b <= file->bands; b++) {
			source_band each = {.file = band->file, .band = b, .name = band->name};
			fine = band_fetch(all, worker, &each, part, GDT_Float64, values, why);
			for (size_t i = 0; fine && i < n; i++)
				zero[i] &= values[i] == 0;
		}
		for (size_t i = 0; i < n; i++)
			mask[i] |= zero[i];
		free(values);
		free(zero);
	}
	*hidden = mask;
	if (!fine) {
		free(mask);
		*hidden = NULL;
	}
	return fine;
}

static void int16_clean(int16_t *values, size_t n, bool has, double missing, const unsigned char *hidden)
{
	if (has && missing != LDN_NODATA && missing >= INT16_MIN && missing <= INT16_MAX && missing == floor(missing)) {
		int16_t gone = (int16_t)missing;
		for (size_t i = 0; i < n; i++)
			values[i] = values[i] == gone ? LDN_NODATA : values[i];
	}
	for (size_t i = 0; hidden && i < n; i++)
		values[i] = hidden[i] ? LDN_NODATA : values[i];
}

static bool double_fetch(sources *all, int worker, const source_band *band, window part, double *out, failure *why);

/* The mean of a year's bands, over those that have a value. */
static bool mean_fetch(sources *all, int worker, const source_band *band, window part, double *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree double *values = memory_grow(NULL, n, sizeof *values);
	autofree uint32_t *count = memory_new(n, sizeof *count);
	memset(out, 0, n * sizeof *out);
	for (size_t k = 0; k < band->member_count; k++) {
		if (!double_fetch(all, worker, &band->members[k], part, values, why))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!isnan(values[i])) {
				out[i] += values[i];
				count[i]++;
			}
	}
	for (size_t i = 0; i < n; i++)
		out[i] = count[i] ? out[i] / count[i] : NAN;
	return true;
}

/* Values as doubles, NaN where missing. */
static bool double_fetch(sources *all, int worker, const source_band *band, window part, double *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (band->members)
		return mean_fetch(all, worker, band, part, out, why);
	unsigned char *hidden;
	if (!hidden_find(all, worker, band, part, &hidden, why))
		return false;
	bool fine = band_fetch(all, worker, band, part, GDT_Float64, out, why);
	/* A value declared for Float32 is compared as the file holds it. */
	double missing = band->type == GDT_Float32 ? (double)(float)band->missing : band->missing;
	double also = band->type == GDT_Float32 ? (double)(float)band->how.missing : band->how.missing;
	for (size_t i = 0; fine && i < n; i++) {
		double value = band->signed_byte && out[i] > 127 ? out[i] - 256 : out[i];
		bool gone = (band->has_missing && value == missing) || (band->how.has_missing && value == also) || (hidden && hidden[i]);
		out[i] = gone ? NAN : value;
	}
	free(hidden);
	return fine;
}

static bool whole_convert(const source_band *band, window part, size_t i, double value, double low, double high, double *whole,
	failure *why)
{
	double scaled = band->how.scale != 0 ? nearbyint(value * band->how.scale) : value;
	/* Means of whole numbers are rounded; means of real ones need their scale like the numbers themselves. */
	if (band->members && !GDALDataTypeIsFloating(band->type))
		scaled = nearbyint(scaled);
	int column = part.x + (int)(i % (size_t)part.width), row = part.y + (int)(i / (size_t)part.width);
	if (scaled != floor(scaled))
		return failure_set(why, _("%s: value %.9g at column %d, row %d is not a whole number; --scale 10000 turns an index of -1..1 into the whole "
		                          "numbers the method counts in"), band->name, value, column, row);
	if (!(scaled >= low && scaled <= high))
		return failure_set(why, _("%s: value %.9g at column %d, row %d does not fit %.0f..%.0f; declare it missing with --no-data, or rescale"), band->name,
			value, column, row, low, high);
	*whole = scaled;
	return true;
}

static window window_within(const sources *all, window part)
{
	part.x += all->cut.x;
	part.y += all->cut.y;
	return part;
}

static bool int16_band(sources *all, int worker, const source_band *band, window part, int16_t *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if ((band->type == GDT_Int16 || (band->type == GDT_Byte && !band->signed_byte)) && band->how.scale == 0 && !band->members) {
		unsigned char *hidden;
		if (!hidden_find(all, worker, band, part, &hidden, why))
			return false;
		bool fine = band_fetch(all, worker, band, part, GDT_Int16, out, why);
		if (fine && band->how.has_missing)
			int16_clean(out, n, true, band->how.missing, NULL);
		if (fine)
			int16_clean(out, n, band->has_missing, band->missing, hidden);
		free(hidden);
		return fine;
	}
	double *values = memory_grow(NULL, n, sizeof *values);
	bool fine = double_fetch(all, worker, band, part, values, why);
	for (size_t i = 0; fine && i < n; i++) {
		double whole = LDN_NODATA;
		/* Infinity is what divisions by zero leave in real rasters: no value. */
		if (isfinite(values[i]))
			fine = whole_convert(band, part, i, values[i], INT16_MIN, INT16_MAX, &whole, why);
		out[i] = (int16_t)whole;
	}
	free(values);
	return fine;
}

/* How many bands from `first` follow each other in one plain file, so that they are read in one go. */
static size_t plain_run(const sources *all, size_t first, size_t end)
{
	const source_band *bands = all->bands;
	if (!all->files[bands[first].file].plain || bands[first].how.scale != 0 || bands[first].members)
		return 0;
	size_t run = 1;
	while (first + run < end && !bands[first + run].members && bands[first + run].file == bands[first].file && bands[first + run].band == bands[first].band + (int)run)
		run++;
	return run;
}

/* One or few bands of a plain file with bands side by side, several of whose bands are used: the window is taken apart once for all of them. */
static bool kept_read(sources *all, int worker, const source_band *band, size_t run, window part, int16_t *out, size_t stride, failure *why)
{
	const source_file *file = &all->files[band->file];
	size_t n = (size_t)part.width * (size_t)part.height, first = file->same;
	if (!file->pixel_interleaved || all->files[first].sharing < 2)
		return plain_read(file, band->band - 1, run, part, out, stride, why);
	source_kept *kept = &all->kept[(size_t)worker * all->file_count + first];
	if (!kept->values || memcmp(&kept->part, &part, sizeof part) != 0) {
		if (kept->room < n * (size_t)file->bands) {
			free(kept->values);
			kept->room = n * (size_t)file->bands;
			kept->values = memory_grow(NULL, kept->room, sizeof *kept->values);
		}
		kept->part = (window){0};
		if (!plain_read(file, 0, (size_t)file->bands, part, kept->values, n, why))
			return false;
		kept->part = part;
	}
	for (size_t k = 0; k < run; k++)
		memcpy(out + k * stride, kept->values + ((size_t)band->band - 1 + k) * n, n * sizeof *out);
	return true;
}

bool sources_read_int16(sources *all, int worker, range which, window part, int16_t *out, size_t stride, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height, end = which.first + which.count;
	part = window_within(all, part);
	for (size_t b = which.first; b < end;) {
		size_t run = plain_run(all, b, end);
		int16_t *to = out + (b - which.first) * stride;
		const source_band *band = &all->bands[b];
		if (!run) {
			if (!int16_band(all, worker, band, part, to, why))
				return false;
			b++;
			continue;
		}
		const reading *how = &band->how;
		if (!kept_read(all, worker, band, run, part, to, stride, why))
			return false;
		for (size_t k = 0; k < run; k++) {
			if (how->has_missing)
				int16_clean(to + k * stride, n, true, how->missing, NULL);
			int16_clean(to + k * stride, n, band[k].has_missing, band[k].missing, NULL);
		}
		b += run;
	}
	return true;
}

/* Small whole numbers come by the int16 way, which for plain files does not pass through GDAL. */
static bool is_small(const sources *all, range which)
{
	for (size_t i = which.first; i < which.first + which.count; i++) {
		const source_band *band = &all->bands[i];
		if ((band->type != GDT_Int16 && band->type != GDT_Byte) || band->signed_byte || band->how.scale != 0)
			return false;
	}
	return true;
}

static int16_t *small_read(sources *all, int worker, range which, window part, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	int16_t *values = memory_grow(NULL, n * which.count, sizeof *values);
	if (sources_read_int16(all, worker, which, part, values, n, why))
		return values;
	free(values);
	return NULL;
}

bool sources_read_int32(sources *all, int worker, range which, window part, int32_t *out, size_t stride, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (is_small(all, which)) {
		autofree int16_t *small = small_read(all, worker, which, part, why);
		for (size_t b = 0; small && b < which.count; b++)
			for (size_t i = 0; i < n; i++)
				out[b * stride + i] = small[b * n + i];
		return small != NULL;
	}
	part = window_within(all, part);
	double *values = memory_grow(NULL, n, sizeof *values);
	bool fine = true;
	for (size_t b = 0; fine && b < which.count; b++) {
		const source_band *band = &all->bands[which.first + b];
		fine = double_fetch(all, worker, band, part, values, why);
		for (size_t i = 0; fine && i < n; i++) {
			double whole = LDN_NODATA;
			if (isfinite(values[i]))
				fine = whole_convert(band, part, i, values[i], INT32_MIN, INT32_MAX, &whole, why);
			out[b * stride + i] = (int32_t)whole;
		}
	}
	free(values);
	return fine;
}

bool sources_read_double(sources *all, int worker, range which, window part, double *out, size_t stride, failure *why)
{
	part = window_within(all, part);
	for (size_t b = 0; b < which.count; b++)
		if (!double_fetch(all, worker, &all->bands[which.first + b], part, out + b * stride, why))
			return false;
	return true;
}

bool sources_read_float(sources *all, int worker, range which, window part, float *out, size_t stride, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (is_small(all, which)) {
		autofree int16_t *small = small_read(all, worker, which, part, why);
		for (size_t b = 0; small && b < which.count; b++)
			for (size_t i = 0; i < n; i++)
				out[b * stride + i] = small[b * n + i] == LDN_NODATA ? NAN : (float)small[b * n + i];
		return small != NULL;
	}
	double *values = memory_grow(NULL, n, sizeof *values);
	bool fine = true;
	for (size_t b = 0; fine && b < which.count; b++) {
		fine = sources_read_double(all, worker, (range){which.first + b, 1}, part, values, n, why);
		for (size_t i = 0; i < n; i++)
			out[b * stride + i] = (float)values[i];
	}
	free(values);
	return fine;
}
