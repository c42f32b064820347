/* A vector file from anybody: read through the front door, brought to longitude and latitude, examined, written as GeoJSON with findings. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "doctor.h"
#include "door.h"
#include "failure.h"

enum { VECTOR_FEATURES_MOST = 100000, VECTOR_POINTS_MOST = 10000000, VECTOR_FIELDS_MOST = 500, VECTOR_TEXT_MOST = 65536, VECTOR_PARTS_MOST = 20000 };

typedef struct vector_wish {
	const char *layer;   /* only this one, or NULL: all */
	const char *crs;     /* takes the place of what the file says, or NULL */
	const char *fields;  /* names separated by commas, or NULL: all */
	const char *country_field; /* attributes, separated by commas, of which the first holds the ISO alpha-3 code of the country each lies in; or NULL */
} vector_wish;

typedef struct vector_feature {
	patient body;
	char *layer;        /* its layer, where the file has several; or NULL */
	json_t *properties;
	char country[4];    /* from country_field, or "" */
} vector_feature;

typedef struct vector_file {
	const char *form;   /* "GeoJSON" ... */
	char *reference;    /* name of the reference system taken, for people */
	vector_feature *features;
	size_t count, points;
	finding *findings;  /* of the file as a whole */
	size_t finding_count;
} vector_file;

/* GDAL with nothing but the drivers of the front door, without network, plugins and side files; with rasters, also their drivers and side files. Before the
 * sandbox is entered. It opens nothing: a database that PROJ held open here would be closed in the child under PROJ's hands. */
void vector_prepare(bool rasters);
/* Folders of tables that GDAL and PROJ read while they work, ended by NULL. */
const char *const *vector_readable(void);

/* Reads every feature of what came through the door. Free with vector_free, also after failure. */
bool vector_read(const char *name, door *d, const vector_wish *wish, vector_file *out, failure *why);
void vector_free(vector_file *v);

/* Examine every feature; `d` says how, its country is that of features without their own. */
void vector_examine(vector_file *v, const doctor *d);

/* In brief: counts, areas, what was found how often and where first. New reference. */
json_t *vector_digest(const vector_file *v, const char *name, const char *sha256);
/* The GeoJSON FeatureCollection, with the digest as its member "summary". */
void vector_write(const vector_file *v, const json_t *digest, FILE *out);
