#include "spectra.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernel.h"

/* The words of a list, one after the other; false at its end. */
static bool list_next(const char **at, char word[32])
{
	if (!*at)
		return false;
	size_t length = strcspn(*at, ",");
	snprintf(word, 32, "%.*s", (int)length, *at);
	*at = (*at)[length] ? *at + length + 1 : NULL;
	return true;
}

static int band_named(const char *name)
{
	for (int b = 0; b < LDN_BANDS; b++)
		if (strcasecmp(name, ldn_band_letters[b]) == 0 || strcasecmp(name, ldn_band_words[b]) == 0)
			return b;
	return -1;
}

/* Where each spectral band stands in a file, from 1; 0: nowhere. */
static bool positions_listed(const char *list, int position[LDN_BANDS], failure *why)
{
	char word[32];
	for (int k = 1; list_next(&list, word); k++) {
		int b = band_named(word);
		if (b < 0 && strcmp(word, "-") != 0)
			return failure_usage(why, _("--bands: %s is not B, G, R, N, S1, S2, blue, green, red, nir, swir1, swir2, or - for a band to pass over"), word);
		if (b >= 0 && position[b])
			return failure_usage(why, _("--bands: %s is there twice"), word);
		if (b >= 0)
			position[b] = k;
	}
	return true;
}

/* The same from the names of the bands of a file; a file that cannot be opened is reported when it is added. */
static void positions_found(const char *file, int position[LDN_BANDS])
{
	CPLPushErrorHandler(CPLQuietErrorHandler);
	GDALDatasetH dataset = GDALOpenEx(file, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
	CPLPopErrorHandler();
	for (int k = 1; dataset && k <= GDALGetRasterCount(dataset); k++) {
		int b = band_named(GDALGetDescription(GDALGetRasterBand(dataset, k)));
		if (b >= 0 && !position[b])
			position[b] = k;
	}
	if (dataset)
		GDALClose(dataset);
}

static bool indices_choose(spectra *out, failure *why)
{
	const char *list = out->settings.index ? out->settings.index : out->images ? "NBR" : "index";
	char word[32];
	while (list_next(&list, word)) {
		const ldn_index *index = ldn_index_find(word);
		if (out->images && !index)
			return failure_usage(why, _("--index: there is no index %s; known are NDVI, NBR, NDMI, GNDVI, NBR2, MSI, SAVI, OSAVI, EVI, EVI2, MSAVI, BAI, GCI, ARVI, "
			                            "WDRVI, GEMI, TCW, TCG"), word);
		if (!out->images && (out->count || !word[0] || word[strcspn(word, ".,;:\"'")]))
			return failure_usage(why, _("--index: the files hold one index; give one name"));
		for (size_t k = 0; k < out->count; k++)
			if (index == out->indices[k])
				return failure_usage(why, _("--index: %s is there twice"), word);
		out->indices[out->count] = index;
		snprintf(out->names[out->count++], sizeof *out->names, "%s", index ? index->name : word);
		out->needed |= index ? index->bands : 0;
	}
	return true;
}

static bool images_add(spectra *out, session *run, const text_list *files, const int position[LDN_BANDS], failure *why)
{
	for (int b = 0; b < LDN_BANDS; b++) {
		stack one;
		if (!(out->needed & 1u << b))
			continue;
		if (!position[b])
			return failure_usage(why, _("%s: the index needs band %s (%s), which the files do not have; say what their bands are with --bands B,G,R,N,S1,S2"),
				files->items[0], ldn_band_words[b], ldn_band_letters[b]);
		if (!session_stack(run, ldn_band_words[b], files, position[b], out->settings.years, &one, why))
			return false;
		out->bands[b] = one.bands;
		out->year_count = one.bands.count;
		memcpy(out->years, one.years, sizeof out->years);
	}
	return true;
}

bool spectra_open(const spectra_settings *settings, session *run, const text_list *files, spectra *out, failure *why)
{
	int position[LDN_BANDS] = {0};
	*out = (spectra){.settings = *settings};
	if (files->count == 0)
		return failure_usage(why, _("name the rasters of the stack, one a year"));
	if (settings->bands && settings->band)
		return failure_usage(why, _("give --bands (the files are images) or --band (they hold the index), not both"));
	if (settings->bands && !positions_listed(settings->bands, position, why))
		return false;
	if (!settings->bands && !settings->band)
		positions_found(files->items[0], position);
	for (int b = 0; b < LDN_BANDS; b++)
		out->images = out->images || position[b];
	if (!indices_choose(out, why))
		return false;
	if (out->images)
		return images_add(out, run, files, position, why);
	stack one;
	if (!session_stack(run, out->names[0], files, (int)settings->band, settings->years, &one, why))
		return false;
	out->index_band = one.bands;
	out->year_count = one.bands.count;
	memcpy(out->years, one.years, sizeof out->years);
	return true;
}

static void infinite_to_missing(double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = isfinite(values[i]) ? values[i] : (double)NAN;
}

static bool band_read(session *run, int worker, window part, range bands, size_t row, double *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (!sources_read_double(session_sources(run), worker, (range){bands.first + row, 1}, part, out, n, why))
		return false;
	infinite_to_missing(out, n);
	return true;
}

static void band_scale(const spectra *which, double *band, size_t n)
{
	double factor = which->settings.factor, offset = which->settings.offset;
	for (size_t i = 0; (factor != 1 || offset != 0) && i < n; i++)
		band[i] = band[i] * factor + offset;
}

/* One year's image, all indices of it. */
static bool image_read(const spectra *which, session *run, int worker, window part, size_t row, double *image, double *out, size_t stride, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	double *bands[LDN_BANDS] = {NULL};
	for (int b = 0, k = 0; b < LDN_BANDS; b++) {
		if (!(which->needed & 1u << b))
			continue;
		bands[b] = image + (size_t)k++ * n;
		if (!band_read(run, worker, part, which->bands[b], row, bands[b], why))
			return false;
	}
	if (!which->settings.as_is)
		ldn_bands_mark_missing(bands, n);
	for (int b = 0; b < LDN_BANDS; b++)
		if (bands[b])
			band_scale(which, bands[b], n);
	for (size_t k = 0; k < which->count; k++) {
		ldn_status status = ldn_index_compute(which->indices[k], (const double *const *)bands, n, out + k * stride);
		if (status != LDN_OK)
			return kernel_failed(status, which->names[k], why);
		if (!which->settings.as_is)
			infinite_to_missing(out + k * stride, n);
	}
	return true;
}

bool spectra_read(const spectra *which, session *run, int worker, window part, ldn_span rows, double *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree double *image = memory_grow(NULL, n * LDN_BANDS, sizeof *image);
	for (size_t k = 0; k < rows.count; k++) {
		bool fine = which->images ? image_read(which, run, worker, part, rows.first + k, image, out + k * n, rows.count * n, why)
			: band_read(run, worker, part, which->index_band, rows.first + k, out + k * n, why);
		if (!fine)
			return false;
		if (!which->images)
			band_scale(which, out + k * n, n);
	}
	return true;
}

size_t spectra_bytes(void)
{
	return sizeof(double) * (LDN_BANDS + 2);
}

int spectra_sign(const spectra *which, size_t index)
{
	return which->indices[index] ? which->indices[index]->disturbance_sign : -1;
}

void spectra_cite(const spectra *which, session *run)
{
	for (size_t k = 0; k < which->count; k++) {
		if (!which->indices[k])
			continue;
		autofree char *citation = text_format("%s = %s: %s", which->names[k], which->indices[k]->formula, which->indices[k]->source);
		session_cite(run, citation);
	}
}
