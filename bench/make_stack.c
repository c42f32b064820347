/* Rasters to measure and test with, the same on every machine: a stack of years, or the maps an indicator is made of.
 * usage: make_stack series|maps OUT WIDTH HEIGHT BANDS [pixel|band] [none|deflate|cog]
 * maps: 1 LPD-5, 2 and 3 land cover 1-7, 4 and 5 carbon stocks, 6 LPD-5, 7 and 8 classes -1..1, 9 and 10 people, 11 zones. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>

/* A number from where and when: no state, so that rows can be made in any order. */
static uint32_t noise(uint32_t x, uint32_t y, uint32_t k)
{
	uint32_t h = x * 0x9E3779B1u ^ y * 0x85EBCA77u ^ (k + 1) * 0xC2B2AE3Du;
	h = (h ^ h >> 15) * 0x2C1B3C6Du;
	h = (h ^ h >> 12) * 0x297A2D39u;
	return h ^ h >> 15;
}

static int16_t series_value(int x, int y, int k)
{
	uint32_t r = noise((uint32_t)x, (uint32_t)y, (uint32_t)k);
	if (r % 250 == 0)
		return -32768;
	int field = (x / 61 + y / 47) % 7 - 3, level = 2500 + (x / 9 + y / 11) % 3500;
	return (int16_t)(level + field * 28 * k + (int)(r >> 8) % 1100 - 550);
}

/* Maps come in patches, like land: fields of 23 x 19 cells, changes in pieces of 7 x 5, what is missing in spots of 31 x 13; people are scattered. */
static int16_t map_value(int x, int y, int k)
{
	uint32_t patch = noise((uint32_t)x / 23, (uint32_t)y / 19, (uint32_t)k), piece = noise((uint32_t)x / 7, (uint32_t)y / 5, 100u + (uint32_t)k);
	uint32_t field = noise((uint32_t)x / 23, (uint32_t)y / 19, 1), soil = noise((uint32_t)x / 53, (uint32_t)y / 41, 3);
	if (noise((uint32_t)x / 31, (uint32_t)y / 13, 200u + (uint32_t)k) % 97 == 0)
		return -32768;
	switch (k) {
	case 0:
	case 5:
		return (int16_t)(1 + patch % 5);
	case 1:
		return (int16_t)(1 + field % 7);
	case 2:
		return (int16_t)(1 + (piece % 9 == 0 ? piece / 9 : field) % 7);
	case 3:
		return (int16_t)(20 + soil % 90);
	case 4:
		return (int16_t)(20 + soil % 90 - (piece % 9 == 0 ? 12 : 0));
	case 8:
	case 9:
		return (int16_t)(noise((uint32_t)x, (uint32_t)y, (uint32_t)k) % 40);
	case 10:
		return (int16_t)(x / 400 + 10 * (y / 400));
	default:
		return (int16_t)((int)(patch % 3) - 1);
	}
}

static bool rows_write(GDALDatasetH to, int width, int height, int bands, bool maps)
{
	enum { ROWS = 256 };
	int16_t *values = calloc((size_t)bands * ROWS, (size_t)width * sizeof *values);
	bool fine = values != NULL;
	for (int y = 0; fine && y < height; y += ROWS) {
		int rows = height - y < ROWS ? height - y : ROWS;
		size_t at = 0;
		for (int k = 0; k < bands; k++)
			for (int row = y; row < y + rows; row++)
				for (int x = 0; x < width; x++)
					values[at++] = maps ? map_value(x, row, k) : series_value(x, row, k);
		fine = GDALDatasetRasterIO(to, GF_Write, 0, y, width, rows, values, width, rows, GDT_Int16, bands, NULL, 0, 0, 0) == CE_None;
	}
	free(values);
	return fine;
}

static GDALDatasetH create(const char *path, int width, int height, int bands, bool pixel, bool deflate)
{
	char **options = CSLSetNameValue(NULL, "TILED", "YES");
	options = CSLSetNameValue(options, "INTERLEAVE", pixel ? "PIXEL" : "BAND");
	options = CSLSetNameValue(options, "COMPRESS", deflate ? "DEFLATE" : "NONE");
	GDALDatasetH made = GDALCreate(GDALGetDriverByName("GTiff"), path, width, height, bands, GDT_Int16, options);
	CSLDestroy(options);
	if (!made)
		return NULL;
	double transform[6] = {28.0, 0.0025, 0, -11.0, 0, -0.0025};
	OGRSpatialReferenceH reference = OSRNewSpatialReference(NULL);
	OSRImportFromEPSG(reference, 4326);
	OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER);
	GDALSetSpatialRef(made, reference);
	OSRRelease(reference);
	GDALSetGeoTransform(made, transform);
	for (int k = 0; k < bands; k++) {
		char name[16];
		snprintf(name, sizeof name, "%d", 2001 + k);
		GDALSetRasterNoDataValue(GDALGetRasterBand(made, k + 1), -32768);
		GDALSetDescription(GDALGetRasterBand(made, k + 1), name);
	}
	return made;
}

int main(int count, char **arguments)
{
	if (count < 6) {
		fputs("usage: make_stack series|maps OUT WIDTH HEIGHT BANDS [pixel|band] [none|deflate|cog]\n", stderr);
		return 2;
	}
	int width = (int)strtol(arguments[3], NULL, 10), height = (int)strtol(arguments[4], NULL, 10), bands = (int)strtol(arguments[5], NULL, 10);
	bool pixel = count < 7 || strcmp(arguments[6], "pixel") == 0;
	const char *storage = count > 7 ? arguments[7] : "none";
	if (width < 1 || height < 1 || bands < 1 || width > 1 << 20 || height > 1 << 20 || bands > 200)
		return 2;
	GDALAllRegister();
	bool cog = strcmp(storage, "cog") == 0;
	char plain[4096];
	snprintf(plain, sizeof plain, "%s%s", arguments[2], cog ? ".plain.tif" : "");
	GDALDatasetH made = create(plain, width, height, bands, pixel, strcmp(storage, "deflate") == 0);
	bool fine = made && rows_write(made, width, height, bands, strcmp(arguments[1], "maps") == 0);
	if (fine && cog) {
		char *options[] = {(char *)(size_t)"COMPRESS=DEFLATE", (char *)(size_t)"NUM_THREADS=ALL_CPUS", NULL};
		GDALDatasetH copy = GDALCreateCopy(GDALGetDriverByName("COG"), arguments[2], made, FALSE, options, NULL, NULL);
		fine = copy != NULL;
		if (copy)
			GDALClose(copy);
	}
	if (made)
		GDALClose(made);
	if (cog)
		remove(plain);
	return fine ? 0 : 3;
}
