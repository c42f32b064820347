/* A stack of yearly images as series of spectral indices; or a stack that holds an index already. */
#pragma once

#include "ldn/spectral.h"
#include "ldn/state.h"
#include "session.h"

typedef struct spectra_settings {
	const char *years, *bands, *index;
	int64_t band;
	double factor, offset;
	bool as_is; /* cells that are 0 in every band, and divisions by zero, count as values */
} spectra_settings;

/* The rows of the option table; `member` is the spectra_settings in the command's settings. */
#define SPECTRA_OPTIONS(type, member) \
	{"years", 'y', OPTION_TEXT, offsetof(type, member.years), "LIST", "years of the files (or bands), e.g. 2002-2011; default: from names and metadata"}, \
	{"index", 'i', OPTION_TEXT, offsetof(type, member.index), "NAME,...", "spectral indices, the first one the main one: NBR (default), NDVI, NDMI, TCW ..."}, \
	{"bands", 0, OPTION_TEXT, offsetof(type, member.bands), "LIST", "what the bands of each file are, in order: B,G,R,N,S1,S2, - for others; default: from their names"}, \
	{"band", 'b', OPTION_WHOLE, offsetof(type, member.band), "N", "the files hold the index itself, in this band", NULL, 1, 65536}, \
	{"factor", 0, OPTION_NUMBER, offsetof(type, member.factor), "NUMBER", "stored values times this are reflectance, or the index (0.0001; default 1)"}, \
	{"offset", 0, OPTION_NUMBER, offsetof(type, member.offset), "NUMBER", "added after --factor (default 0)"}

typedef struct spectra {
	spectra_settings settings;
	int years[YEARS_MAX];
	size_t year_count;
	bool images;                           /* else the stack holds the index itself */
	range bands[LDN_BANDS], index_band;
	unsigned needed;                       /* bit 1 << band */
	const ldn_index *indices[LDN_INDICES]; /* NULL for an index that only has a name */
	char names[LDN_INDICES][32];
	size_t count;
} spectra;

/* Adds the stack to the session's inputs. Images are told from an index by --bands, or by bands called blue, green, red, nir, swir1, swir2. */
bool spectra_open(const spectra_settings *settings, session *run, const text_list *files, spectra *out, failure *why);

/* Series of a window over some of the years: index i, row k at out[(i * rows.count + k) * cells], missing NaN. */
bool spectra_read(const spectra *which, session *run, int worker, window part, ldn_span rows, double *out, failure *why);

/* Bytes a cell that reading needs besides `out`. */
size_t spectra_bytes(void);

/* -1: disturbance lowers the index; 1: raises it. */
int spectra_sign(const spectra *which, size_t index);

void spectra_cite(const spectra *which, session *run);
