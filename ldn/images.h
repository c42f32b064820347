/* The images of a place over time: which file and band holds what of which day, and reading a window of one.
 *
 * An image is annual ("2014.tif") or of a day ("20190104_B04.tif", 2019-01-04, 2019004). Its bands are bands of one file, or files of their own, or the layers of
 * one date in files that hold one band each ("red.tif", with a list of their dates); a *role* says what a band is for. Values are read as they are stored; DN * scale + offset is reflectance, or the index itself. What is missing is NaN: the declared no-data
 * value, and the largest value of an unsigned type (saturated, or fill). */
#pragma once

#include "digest.h"
#include "grid.h"
#include "ldn/spectral.h"
#include "option.h"
#include "quality.h"
#include "season.h"

/* The bands of spectral.h come first. */
enum { ROLE_INDEX = LDN_BANDS, ROLE_QUALITY, ROLE_COVER, ROLES };
extern const char *const role_names[ROLES];

typedef struct image_band {
	const char *path; /* NULL: the image has no such band */
	int band;
} image_band;

typedef struct image {
	int year, month, day; /* month 0: of the whole year */
	image_band bands[ROLES];
} image;

typedef struct images {
	image *items; /* by date */
	size_t count;
	bool has[ROLES]; /* in any image */
	bool dense;      /* images of days */
	grid grid;       /* of the first file but for maps of land cover: others are brought onto it, each cell taking the value at its centre */
	double scale, offset;
	season season;
} images;

/* How files say what they hold. */
typedef struct images_source {
	const text_list *files;
	const char *bands;  /* "red=B04,nir=B08,quality=SCL": a part of the file's name; "red=3,nir=4": a band's number; NULL: from the bands' own descriptions, or the
	                     * index itself */
	const char *years;  /* years of the layers of every file; NULL: from names, or from a list of dates among the files (layers.h) */
	const char *season; /* "MM-DD..MM-DD", may run over the turn of the year, whose images then count for the year in which it ends; NULL */
	double scale, offset;
} images_source;

/* Fails for a file without a date, two files for one band of one day, and a wrong option. Free with images_free. */
bool images_find(const images_source *from, images *all, digest *files, failure *why);
void images_free(images *all);

/* The year an image counts for; 0: it lies outside the season. */
int images_year(const images *all, const image *one);

/* Does an image hold a map of land cover and nothing else? */
bool images_cover_alone(const image *one);

/* One band over a window of the grid, row by row. False if the file cannot be read. An image without it gives NaN. */
bool image_read(const images *all, const image *one, int role, window part, double *out, failure *why);
