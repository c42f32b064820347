/* The geometry doctor: a table of ailments, each with a test and where possible a remedy, over one feature at a time.
 *
 * Repair goes through the table in its order, mending as it goes, again and again until a pass changes nothing; so it is deterministic, and
 * repairing what was repaired changes nothing. Where a shape will not come to rest within PASSES_MOST it stays as it was given, and says so. */
#pragma once

#include <jansson.h>

#include "outlines.h"
#include "shape.h"

typedef enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } severity;
extern const char *const severity_names[]; /* "note", "warning", "error" */

/* What the reader saw on the way to a shape. */
typedef enum trait {
	TRAIT_HEIGHT = 1 << 0,     /* Z or M values, dropped */
	TRAIT_CURVE = 1 << 1,      /* arcs, made straight */
	TRAIT_POINTS = 1 << 2,     /* has points */
	TRAIT_LINES = 1 << 3,      /* has lines */
	TRAIT_LOOPS = 1 << 4,      /* closed lines, taken as polygons */
	TRAIT_EMPTY = 1 << 5,      /* no geometry, or an empty one */
	TRAIT_UNREADABLE = 1 << 6, /* coordinates that cannot be brought to WGS 84 */
	TRAIT_LATIN = 1 << 7,      /* text that was not UTF-8, read as Latin-1 */
	TRAIT_CUT = 1 << 8         /* text longer than the limit, cut */
} trait;

enum { PLACES_MOST = 8 };

typedef struct place {
	double x, y;
	size_t part, ring, vertex; /* in the shape as it was given, from 1; 0: unknown */
} place;

typedef struct ailment ailment;

typedef struct finding {
	const ailment *what;
	char detail[256]; /* particulars in words, or "" */
	place places[PLACES_MOST];
	size_t count; /* how often; may be more than places */
	bool mended;
} finding;

typedef struct patient {
	size_t number;        /* of the feature in its file, from 1 */
	unsigned traits;
	double point[2];      /* the first point, where TRAIT_POINTS */
	shape given, mended;  /* degrees, WGS 84 */
	finding *findings;
	size_t count;
	double area_given, area_mended; /* square metres */
	bool invalid;         /* by the rules of OGC Simple Features, as given */
	bool usable;          /* has an area, and nothing of severity error is left */
	const struct patient *same; /* an earlier feature with the same shape, or NULL */
} patient;

typedef struct doctor {
	const outlines *countries; /* may be NULL: nothing is said about countries and sea */
	const char *country;       /* ISO 3166-1 alpha-3 that features are said to lie in, or NULL */
	double pixel;              /* side of the cells it is to be measured with, in metres; 0: nothing is said */
	bool repair;               /* else `mended` is as given */
} doctor;

/* What an ailment's functions work on. */
typedef struct exam {
	const doctor *by;
	patient *of;
	shape now;       /* the shape as far as it is mended */
	const ailment *what;
	bool first;      /* the pass whose findings are told */
	bool placeless;  /* its coordinates are no longitudes and latitudes: what lies where is not asked */
	int valid;       /* of `now`, by GEOS: 1 yes, 0 no, -1 not asked since it changed; 1 of a tangle too */
	bool polar;      /* a ring goes round the earth: it is not cut at the date line */
	finding *open;   /* the finding of this ailment, or NULL */
} exam;

struct ailment {
	const char *id;
	severity severity;
	const char *says;   /* what is the matter, in words */
	const char *remedy; /* what is done about it, or what to do */
	bool invalid;       /* makes a polygon invalid by OGC Simple Features */
	void (*look)(exam *e); /* NULL: of the file as a whole, noted by the reader */
	bool (*mend)(exam *e); /* changes e->now; false: it could not. NULL: nobody can but the author */
};

extern const ailment ailments[]; /* ended by one without an id */
const ailment *ailment_named(const char *id);

/* Note the ailment being looked for, at a place (NAN: the feature as a whole); and particulars. */
void exam_found(exam *e, double x, double y);
void exam_detail(exam *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Examine and mend: fills mended, findings, areas, invalid, usable from traits, point and given. */
void doctor_see(const doctor *d, patient *p);
void patient_free(patient *p);

/* {"ailment","severity","says","remedy","count","places":[...],"mended"}; new reference. */
json_t *finding_json(const finding *f);

/* Is the shape as it is now valid by OGC Simple Features? Asked of GEOS once until something is mended. */
bool exam_valid(exam *e);
/* A point that stands for where it lies: the middle of its largest part, or the point it is. False: it is nowhere. */
bool exam_where(const exam *e, double *x, double *y);

/* The functions of the table's rows, by subject. */
#define LOOK(name) void look_##name(exam *e);
#define MEND(name) bool mend_##name(exam *e);
/* doctor_rings.c */
LOOK(not_finite) MEND(not_finite) LOOK(unclosed) MEND(unclosed) LOOK(repeated) MEND(repeated) LOOK(spike) MEND(spike) LOOK(few) MEND(few) LOOK(flat) MEND(flat)
LOOK(winding) MEND(winding) LOOK(range) LOOK(many) LOOK(coarse) LOOK(precise)
/* doctor_parts.c */
LOOK(twice) MEND(twice) LOOK(tangled) LOOK(crossing) MEND(valid) LOOK(touching) LOOK(hole_outside) MEND(hole_outside) LOOK(hole_nested) MEND(hole_nested) LOOK(hole_crossing) LOOK(broken)
LOOK(nested) LOOK(overlapping) LOOK(adjoining) MEND(united) LOOK(sliver) MEND(sliver) LOOK(gap) MEND(gap)
/* doctor_globe.c */
LOOK(metres) LOOK(swapped) MEND(swapped) LOOK(pole) LOOK(antimeridian) MEND(antimeridian)
/* doctor_place.c */
LOOK(null_island) LOOK(unknown_country) LOOK(wrong_country) LOOK(sea) LOOK(centroid) LOOK(circle) LOOK(rectangle) LOOK(huge) LOOK(tiny) LOOK(pixels) LOOK(same)
/* doctor_exam.c */
LOOK(empty) LOOK(unreadable) LOOK(point) LOOK(line) LOOK(loop) LOOK(mixed) LOOK(height) LOOK(curve) LOOK(latin) LOOK(cut)
#undef LOOK
#undef MEND
