/* Spectral indices of surface reflectance: a table, and one function that computes any of them.
 *
 * Bands are arrays of reflectance, 0..1, missing NaN. No result is clamped; a division by zero gives what IEEE 754 says.
 *
 * Sources: the papers named in the table; names and constants as in Montero et al. 2023, Scientific Data 10:197 (Awesome Spectral Indices).
 */
#ifndef LDN_SPECTRAL_H
#define LDN_SPECTRAL_H

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ldn_band {
	LDN_BLUE = 0,
	LDN_GREEN,
	LDN_RED,
	LDN_NIR,
	LDN_SWIR1,
	LDN_SWIR2
} ldn_band;
#define LDN_BANDS 6

/* Letters of the formulas: "B", "G", "R", "N", "S1", "S2"; and the words "blue", "green", "red", "nir", "swir1", "swir2". */
LDN_API extern const char *const ldn_band_letters[LDN_BANDS];
LDN_API extern const char *const ldn_band_words[LDN_BANDS];

typedef struct ldn_index {
	const char *name;      /* "NDVI" */
	const char *title;     /* "normalised difference vegetation index" */
	const char *formula;   /* in the bands' letters */
	const char *source;    /* author, year, journal */
	unsigned bands;        /* bit 1 << band for each band it needs */
	int disturbance_sign;  /* -1: falls when vegetation is lost; 1: rises */
} ldn_index;

#define LDN_INDICES 18
LDN_API extern const ldn_index ldn_indices[LDN_INDICES];

/* The index of that name, capitals or not; NULL if there is none. */
LDN_API const ldn_index *ldn_index_find(const char *name);

/* out[i] of n pixels. bands[b] may be NULL for bands the index does not need. out must not overlap a band. LDN_ERROR_ARGUMENT: an
 * index that is not a row of ldn_indices, or a needed band that is NULL. */
LDN_API ldn_status ldn_index_compute(const ldn_index *index, const double *const bands[LDN_BANDS], size_t n, double *out);

/* Writes NaN into all given bands of pixels that are 0 in every one of them: how many composites mark missing pixels, whatever no-data
 * value they declare. NULL bands are passed over; with fewer than two bands nothing is done. */
LDN_API void ldn_bands_mark_missing(double *const bands[LDN_BANDS], size_t n);

#ifdef __cplusplus
}
#endif
#endif
