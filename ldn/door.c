#include "door.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "zip.h"

const char *const form_names[] = {"GeoJSON", "KML", "GeoPackage", "shapefile", "CSV"};
const char *const form_drivers[] = {"GeoJSON", "LIBKML", "GPKG", "ESRI Shapefile", "CSV"};

/* What a name's ending promises. */
static const struct ending {
	const char *ending;
	door_form form;
	bool zip, main; /* an archive; what GDAL opens (the others go with a shapefile) */
} endings[] = {
	{"geojson", FORM_GEOJSON, false, true}, {"json", FORM_GEOJSON, false, true}, {"kml", FORM_KML, false, true}, {"kmz", FORM_KML, true, true},
	{"gpkg", FORM_GPKG, false, true}, {"shp", FORM_SHAPEFILE, false, true}, {"csv", FORM_CSV, false, true}, {"tsv", FORM_CSV, false, true},
	{"dbf", FORM_SHAPEFILE, false, false}, {"shx", FORM_SHAPEFILE, false, false}, {"prj", FORM_SHAPEFILE, false, false}, {"cpg", FORM_SHAPEFILE, false, false},
	{"zip", FORM_SHAPEFILE, true, false}};
static const char *const main_endings[] = {"geojson", "kml", "gpkg", "shp", "csv"};

static const struct ending *ending_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
		if (strcasecmp(dot + 1, endings[i].ending) == 0)
			return &endings[i];
	return NULL;
}

static size_t blank(const unsigned char *bytes, size_t size)
{
	size_t at = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	while (at < size && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n'))
		at++;
	return at;
}

/* The form of one file by its first bytes; false if none is known. */
static bool form_find(const char *name, const unsigned char *bytes, size_t size, door_form *out)
{
	static const unsigned char shape[] = {0, 0, 0x27, 0x0a};
	const struct ending *promised = ending_of(name);
	size_t at = blank(bytes, size);
	if (size >= 16 && memcmp(bytes, "SQLite format 3", 16) == 0)
		*out = FORM_GPKG;
	else if (size >= 4 && memcmp(bytes, shape, 4) == 0)
		*out = FORM_SHAPEFILE;
	else if (at < size && bytes[at] == '{')
		*out = FORM_GEOJSON;
	else if (at < size && bytes[at] == '<')
		*out = FORM_KML;
	else if (promised && promised->form == FORM_CSV)
		*out = FORM_CSV;
	else
		return false;
	return true;
}

static bool form_check(const char *name, door_form is, unsigned char *bytes, size_t size, failure *why)
{
	switch (is) {
	case FORM_GEOJSON:
		return door_json(name, bytes, size, why);
	case FORM_KML:
		return door_kml(name, bytes, size, why);
	case FORM_GPKG:
		return door_gpkg(name, bytes, size, why);
	case FORM_SHAPEFILE:
		return door_shape(name, bytes, size, why);
	case FORM_CSV:
		return door_csv(name, bytes, size, why);
	}
	return false;
}

static void member_put(door *d, const char *ending, unsigned char *bytes, size_t size)
{
	if (d->count < DOOR_MEMBERS_MOST)
		d->members[d->count++] = (door_member){ending, bytes, size};
	else
		free(bytes);
}

void door_add(door *d, const char *ending, unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (!endings[i].main && !endings[i].zip && strcasecmp(endings[i].ending, ending) == 0) {
			member_put(d, endings[i].ending, bytes, size);
			return;
		}
	free(bytes);
}

void door_close(door *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->members[i].bytes);
	*d = (door){0};
}

static bool unknown(const char *name, failure *why)
{
	return failure_set(why, _("%s: is none of GeoJSON, KML, KMZ, GeoPackage, shapefile (zipped), or CSV with the ending .csv; export it from your program as one of these"), name);
}

/* One file, out of an archive or alone: its form, checked, as the member that GDAL opens. Takes the bytes. */
static bool main_put(door *d, const char *name, unsigned char *bytes, size_t size, failure *why)
{
	const struct ending *promised = ending_of(name);
	bool fine = form_find(name, bytes, size, &d->form) || unknown(name, why);
	if (fine && promised && (promised->form != d->form || promised->zip))
		fine = failure_set(why, _("%s: the name says .%s, the contents are %s; give the file its right ending"), name, promised->ending, form_names[d->form]);
	if (fine && form_check(name, d->form, bytes, size, why)) {
		member_put(d, main_endings[d->form], bytes, size);
		return true;
	}
	free(bytes);
	return false;
}

static const char *base_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	return slash ? slash + 1 : name;
}

/* Files that systems put beside the real ones. */
static bool is_litter(const char *name)
{
	return base_of(name)[0] == '.' || strncmp(name, "__MACOSX/", 9) == 0;
}

static bool is_wanted(const zip_entry *entry, const char *layer)
{
	const struct ending *e = ending_of(entry->name);
	const char *base = base_of(entry->name);
	if (!e || !e->main || e->zip || is_litter(entry->name))
		return false;
	return !layer || (strlen(base) == strlen(layer) + 1 + strlen(e->ending) && strncmp(base, layer, strlen(layer)) == 0);
}

/* The one vector file of the archive; of a KMZ its doc.kml, or the first KML. */
static const zip_entry *wanted_find(const char *name, const zip *archive, const char *layer, failure *why)
{
	const zip_entry *found = NULL, *again = NULL;
	const struct ending *promised = ending_of(name);
	bool kmz = promised && promised->zip && promised->form == FORM_KML;
	for (size_t i = 0; i < archive->count; i++) {
		const zip_entry *entry = &archive->entries[i];
		if (!is_wanted(entry, layer))
			continue;
		if (kmz && strcasecmp(entry->name, "doc.kml") == 0)
			return entry;
		if (!found)
			found = entry;
		else if (!again)
			again = entry;
	}
	if (!found && layer)
		return wanted_find(name, archive, NULL, why); /* the layer may be inside the one file there is */
	if (!found)
		failure_set(why, _("%s: the archive holds no shapefile (.shp), KML, GeoJSON, GeoPackage or CSV; archives within archives are not opened"), name);
	else if (again && !kmz)
		failure_set(why, _("%s: the archive holds several vector files (%s, %s); choose one with --layer NAME, or pack one alone"), name, base_of(found->name), base_of(again->name));
	return again && !kmz ? NULL : found;
}

/* Of a shapefile what goes with it: the same name, another ending. */
static bool beside_put(door *d, const char *name, const zip *archive, const zip_entry *shape, failure *why)
{
	size_t stem = strlen(shape->name) - 3;
	for (size_t i = 0; i < archive->count; i++) {
		const zip_entry *entry = &archive->entries[i];
		const struct ending *e = ending_of(entry->name);
		if (!e || e->main || e->zip || strlen(entry->name) != stem + 3 || strncasecmp(entry->name, shape->name, stem) != 0)
			continue;
		unsigned char *bytes = zip_unpack(archive, entry, name, why);
		if (!bytes)
			return false;
		door_add(d, e->ending, bytes, entry->unpacked);
	}
	return true;
}

static bool zip_put(door *d, const char *name, const unsigned char *bytes, size_t size, const char *layer, failure *why)
{
	zip archive;
	const struct ending *promised = ending_of(name);
	if (promised && !promised->zip)
		return failure_set(why, _("%s: the name says .%s, the contents are a zip archive; give the file its right ending"), name, promised->ending);
	if (!zip_open(name, bytes, size, DOOR_UNPACKED_MOST, &archive, why))
		return false;
	const zip_entry *wanted = wanted_find(name, &archive, layer, why);
	unsigned char *unpacked = wanted ? zip_unpack(&archive, wanted, name, why) : NULL;
	bool fine = unpacked && main_put(d, wanted->name, unpacked, wanted->unpacked, why);
	if (fine && d->form == FORM_SHAPEFILE)
		fine = beside_put(d, name, &archive, wanted, why);
	if (fine)
		memcpy(d->name, wanted->name, sizeof wanted->name);
	d->packed = true;
	zip_close(&archive);
	return fine;
}

bool door_open(const char *name, const unsigned char *bytes, size_t size, const char *layer, door *out, failure *why)
{
	*out = (door){0};
	if (size == 0)
		return failure_set(why, _("%s: is empty"), name);
	if (size > DOOR_INPUT_MOST)
		return failure_set(why, _("%s: is larger than %llu MiB; split it"), name, (unsigned long long)(DOOR_INPUT_MOST >> 20));
	bool fine;
	if (size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0)) {
		fine = zip_put(out, name, bytes, size, layer, why);
	} else {
		unsigned char *copy = memory_new(size + 1, 1);
		memcpy(copy, bytes, size);
		fine = main_put(out, name, copy, size, why);
	}
	if (!fine)
		door_close(out);
	return fine;
}
