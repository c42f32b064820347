/* A vector file from the front door through GDAL and the doctor to GeoJSON. Input: a byte that chooses the file's name, then the file. What comes
 * out is GeoJSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>
#include <gdal.h>

#include "vector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a.geojson", "a.kml", "a.kmz", "a.gpkg", "a.zip", "a.shp", "a.csv", "a"};
	static bool prepared;
	if (!prepared) {
		CPLSetErrorHandler(CPLQuietErrorHandler);
		GDALAllRegister();
		vector_prepare(false);
		prepared = true;
	}
	door d;
	failure why = {0};
	vector_file v = {0};
	if (size == 0 || !door_open(names[data[0] & 7], data + 1, size - 1, NULL, &d, &why))
		return 0;
	if (vector_read("a", &d, &(vector_wish){0}, &v, &why)) {
		char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);
		vector_examine(&v, &(doctor){.pixel = 30, .repair = true});
		json_t *digest = vector_digest(&v, "a", "");
		vector_write(&v, digest, out);
		fclose(out);
		json_t *read = json_loadb(text, length, 0, NULL);
		require(json_array_size(json_object_get(read, "features")) == v.count);
		json_decref(read);
		json_decref(digest);
		free(text);
	} else {
		require(why.code != OUTCOME_DONE && why.text[0]);
	}
	vector_free(&v);
	door_close(&d);
	return 0;
}
