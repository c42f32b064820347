/* Land cover: legends, transitions, degradation.
 *
 * A legend has up to 100 classes in ascending order of code; a class is known by its *position* 1, 2, 3 ... in that order, 0 is no data.
 * Raw codes of a product (ESA CCI: 10, 11, 12 ...) are nested into positions by a table of 65536 bytes, so that a block costs one load
 * a cell. Any transition matrix of positions is allowed; the default is the UNCCD's (Trends.Earth
 * land_cover_transition_matrix_unccd.json; processes in table 9 of the PRAIS4 manual).
 *
 * Functions that go cell by cell may write onto an input of the same type; ldn_landcover_changes may not.
 */
#ifndef LDN_LANDCOVER_H
#define LDN_LANDCOVER_H

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_LEGEND_CLASSES 100
#define LDN_LEGEND_NAME 64

/* The seven classes of the UNCCD, which the carbon factors and the water rule speak of. */
typedef enum ldn_unccd_class {
	LDN_COVER_NONE = 0,
	LDN_COVER_TREE,
	LDN_COVER_GRASS,
	LDN_COVER_CROP,
	LDN_COVER_WETLAND,
	LDN_COVER_ARTIFICIAL,
	LDN_COVER_OTHER,
	LDN_COVER_WATER
} ldn_unccd_class;

typedef struct ldn_land_class {
	int16_t code;
	uint8_t unccd;              /* which of the seven it counts as; 0: none, its carbon is unknown */
	char name[LDN_LEGEND_NAME]; /* UTF-8, ends with 0; may be empty */
} ldn_land_class;

typedef struct ldn_legend {
	size_t count;
	ldn_land_class classes[LDN_LEGEND_CLASSES]; /* [position - 1], codes ascending */
	uint8_t position[65536];                    /* [(uint16_t)raw code] */
} ldn_legend;

/* meaning[from][to] by position: LDN_DEGRADED, LDN_STABLE, LDN_IMPROVED, or LDN_MEANING_NONE (row and column 0, pairs left out). */
#define LDN_MEANING_NONE ((int8_t)-128)
typedef struct ldn_matrix {
	size_t count;
	int8_t meaning[LDN_LEGEND_CLASSES + 1][LDN_LEGEND_CLASSES + 1];
} ldn_matrix;

/* Where a text was refused: line and column count from 1, what is a sentence with static storage. */
typedef struct ldn_text_fault {
	size_t line, column;
	const char *what;
} ldn_text_fault;

/* ESA CCI 300 m codes nested into the seven classes; the same with the codes 1..7 themselves as raw codes. */
LDN_API void ldn_legend_esa(ldn_legend *legend);
LDN_API void ldn_legend_unccd(ldn_legend *legend);
LDN_API void ldn_matrix_unccd(ldn_matrix *matrix);

/* A legend from text: comma-, semicolon- or tab-separated lines, '#' begins a comment line, the first line names the columns.
 *   raw    a code or a range "60-62", -32767..32767; required, each once
 *   class  the code of the class it belongs to; the column may be missing, then every raw code is a class of its own
 *   name   of the class (the first one given stands)
 *   unccd  1..7; the column may be missing: then a class counts as its own code if every class code is 1..7, else as none
 * Rows whose class is -32768 or empty say that the code is no data. "esa_code,unccd_code" as column names mean raw,class.
 * The text need not end with 0. LDN_ERROR_ARGUMENT with *fault filled (fault may be NULL). */
LDN_API ldn_status ldn_legend_parse(const char *text, size_t length, ldn_legend *legend, ldn_text_fault *fault);

/* A matrix over the codes of the legend, as a square (first line: a corner cell, then codes or names; each line: from, then one meaning for
 * each "to") or as a list with the columns initial,final,meaning. Meanings: -1 0 1, - 0 +, or D S I. A pair left out has no meaning
 * (no data); a pair given twice, an unknown class or a class given twice is a fault. */
LDN_API ldn_status ldn_matrix_parse(const char *text, size_t length, const ldn_legend *legend, ldn_matrix *matrix, ldn_text_fault *fault);

/* 10 for up to 10 classes, 100 above (Trends.Earth schemas, land_cover.py get_multiplier). */
LDN_API int ldn_transition_multiplier(size_t classes);

/* Raw codes to positions (0: no data). ldn_landcover_kind then gives the UNCCD class 0..7 of each position. */
LDN_API void ldn_landcover_nest(const ldn_legend *legend, size_t n, const int16_t *raw, uint8_t *position);
LDN_API void ldn_landcover_kind(const ldn_legend *legend, size_t n, const uint8_t *position, uint8_t *kind);

/* multiplier * from + to; LDN_NODATA where either date is no data. */
LDN_API void ldn_landcover_transition(int multiplier, size_t n, const uint8_t *from, const uint8_t *to, int16_t *code);

/* The transition code with persistence shown as the class alone: 11 -> 1 ... 77 -> 7, other codes keep theirs. */
LDN_API void ldn_landcover_persistence(int multiplier, size_t n, const uint8_t *from, const uint8_t *to, int16_t *code);

/* Degraded, stable, improved by the matrix; LDN_NODATA where either date is no data or the matrix says nothing. */
LDN_API void ldn_landcover_degradation(const ldn_matrix *matrix, size_t n, const uint8_t *from, const uint8_t *to, int16_t *classes);

/* What a comparison of the first and the last year cannot see. cover is year-major [years * n]; missing years are skipped, a change is
 * dated to the first year that shows the new class. changes[i]: their number, LDN_NODATA where no year is valid. since[i]: years from
 * the last change to the last year of the series, LDN_NODATA where there was none. Either output may be NULL. scratch: n bytes.
 * LDN_ERROR_ARGUMENT: years 0 or above 32767. */
LDN_API ldn_status ldn_landcover_changes(size_t n, size_t years, const uint8_t *cover, int16_t *changes, int16_t *since, uint8_t *scratch);

#ifdef __cplusplus
}
#endif
#endif
