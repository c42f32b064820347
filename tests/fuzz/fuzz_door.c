/* The front door for vector files: sniffing, archives, and the checks of each form. Input: a byte that chooses the file's name, then the file.
 * What comes through is of a known form, within its bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "door.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a.geojson", "a.kml", "a.kmz", "a.gpkg", "a.zip", "a.shp", "a.csv", "a"};
	door d;
	failure why = {0};
	if (size == 0)
		return 0;
	const char *layer = data[0] & 8 ? "sites" : NULL;
	bool opened = door_open(names[data[0] & 7], data + 1, size - 1, layer, &d, &why);
	require(opened == (why.code == OUTCOME_DONE));
	require(opened == (d.count > 0));
	uint64_t bytes = 0;
	for (size_t i = 0; i < d.count; i++) {
		require(d.members[i].bytes != NULL && d.members[i].ending != NULL);
		bytes += d.members[i].size;
	}
	require(bytes <= DOOR_UNPACKED_MOST && d.count <= DOOR_MEMBERS_MOST);
	if (!opened)
		require(why.text[0] != 0);
	door_close(&d);
	return 0;
}
