/* Coordinate reference systems that interfaces speak beside longitude and latitude: WGS 84 in the order of EPSG (latitude first), Web
 * Mercator and the UTM zones of WGS 84. All rest on the same datum, so that no grids are needed; PROJ computes, without network.
 *
 * Source of the names: OGC 18-058r1 (OGC API Features, Part 2), 6.2: http://www.opengis.net/def/crs/{authority}/{version}/{code}. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct crs crs;

#define CRS_84 "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

/* The system of that name; NULL: it is not offered. Lives as long as the program. */
const crs *crs_by_uri(const char *uri);
/* All of them, CRS84 first; NULL behind the last. */
const crs *crs_numbered(guint number);
const char *crs_uri(const crs *c);
/* "EPSG:32648" */
const char *crs_code(const crs *c);
/* Is the first axis latitude? */
gboolean crs_is_latitude_first(const crs *c);
/* In degrees, not in metres? */
gboolean crs_is_geographic(const crs *c);

/* n points of longitude and latitude in degrees into the system's own axes, in place, and back. FALSE: some point lies outside of where the
 * system gives coordinates; it is NaN. Any thread. */
gboolean crs_project(const crs *c, double *xy, gsize n);
gboolean crs_unproject(const crs *c, double *xy, gsize n);
/* A rectangle of the system (least first, least second, greatest first, greatest second axis) as the west, south, east and north that enclose it;
 * west > east where it crosses the antimeridian. FALSE: it has none. */
gboolean crs_unproject_box(const crs *c, const double box[4], double lonlat[4]);

/* A GeoJSON geometry with its coordinates so changed; new reference. NULL: a point lies outside of where the system gives coordinates, or it is no
 * geometry. */
json_t *crs_project_geometry(const crs *c, const json_t *geometry);
json_t *crs_unproject_geometry(const crs *c, const json_t *geometry);
