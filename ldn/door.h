/* The front door for vector files from strangers: what a file is goes by its bytes, never by its name; archives are unpacked here, within
 * bounds; what could make a reader recurse, fetch or run something is refused before GDAL sees a byte.
 *
 * Pure: bytes in, bytes out, no files. A fuzz target. */
#pragma once

#include <stdint.h>

#include "failure.h"

typedef enum door_form { FORM_GEOJSON, FORM_KML, FORM_GPKG, FORM_SHAPEFILE, FORM_CSV } door_form;

extern const char *const form_names[];   /* "GeoJSON", ... for people */
extern const char *const form_drivers[]; /* GDAL's driver of each */

enum { DOOR_MEMBERS_MOST = 8, DOOR_DEPTH_MOST = 64 };
#define DOOR_INPUT_MOST ((uint64_t)256 << 20)    /* bytes of a file */
#define DOOR_UNPACKED_MOST ((uint64_t)512 << 20) /* bytes of an archive, unpacked */

typedef struct door_member {
	const char *ending; /* "shp", "dbf" ...: a constant */
	unsigned char *bytes;
	size_t size;
} door_member;

typedef struct door {
	door_form form;
	bool packed;    /* came out of a zip */
	char name[256]; /* of the file inside the archive, or "" */
	door_member members[DOOR_MEMBERS_MOST]; /* the first is what GDAL opens */
	size_t count;
} door;

/* Looks at the bytes of a file called `name` (only its ending is used, to notice one that contradicts the contents). `layer`: name of the
 * shapefile or other file wanted from an archive that holds several, or NULL. Takes nothing: members are copies; free with door_close.
 * Fails (OUTCOME_FAILED) for everything that is not one vector file of a known form. */
bool door_open(const char *name, const unsigned char *bytes, size_t size, const char *layer, door *out, failure *why);
/* Adds a file beside a bare .shp (ending "dbf", "shx", "prj", "cpg"; others are passed over). Takes the bytes. */
void door_add(door *d, const char *ending, unsigned char *bytes, size_t size);
void door_close(door *d);

/* The checks by form, each over the whole bytes. */
bool door_json(const char *name, const unsigned char *bytes, size_t size, failure *why);
bool door_kml(const char *name, const unsigned char *bytes, size_t size, failure *why);
bool door_csv(const char *name, const unsigned char *bytes, size_t size, failure *why);
bool door_shape(const char *name, const unsigned char *bytes, size_t size, failure *why);
/* An SQLite file whose schema holds nothing but tables, indexes, the triggers of the standard and R-trees; a write-ahead log is switched off
 * in the bytes. */
bool door_gpkg(const char *name, unsigned char *bytes, size_t size, failure *why);
