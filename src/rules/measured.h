/* What satellites show of a pledge: the measured hectares of its sites, brought together into one value with its interval. From measurement
 * records (kind measurement); everything is pure, strings are borrowed from the records. Hectares; points in time as in day.h; NaN: unknown. */
#pragma once

#include "rules/land.h"
#include "rules/promise.h"
#include "rules/trend.h"

typedef enum measured_area {
	AREA_IMPROVED, AREA_STABLE, AREA_DEGRADED, AREA_UNKNOWN, AREA_DISTURBED, AREA_RECOVERING, AREA_RECOVERED,
	MEASURED_AREAS
} measured_area;
extern const char *const measured_area_ids[MEASURED_AREAS]; /* terms of measured-quantities */

typedef enum measured_say {
	SAY_NOTHING,   /* the record has no such row */
	SAY_TOO_SMALL, /* a row without a value: too small, or too uncertain, to tell */
	SAY_VALUE
} measured_say;

typedef struct measured_hectares {
	measured_say say;
	double value, low, high; /* low and high: 95 per cent range, NaN where the record gives none */
	gboolean approximate;    /* an overlap was taken off that is approximate (land_share) */
} measured_hectares;

/* A row of results; what is in another unit says nothing of hectares: too small to tell. */
measured_hectares measured_hectares_read(const json_t *row);
/* Adds what says a value; a sum without one says what its parts say. TRUE if it was a value. */
gboolean measured_hectares_add(measured_hectares *sum, measured_hectares h);

typedef struct cover_changes cover_changes; /* rules/cover.h */

/* One measurement of one site, as far as areas go. */
typedef struct site_measurement {
	const char *site, *id;
	double from, at; /* begin and end of the period measured */
	double known;    /* end of the day it was computed; NaN */
	const char *boundary; /* SHA-256 of the boundary that was measured; NULL */
	measured_hectares areas[MEASURED_AREAS];
	trend_say trend; /* of its vegetation */
	const cover_changes *covers; /* of its land cover; NULL unless whoever read it set them (cover_changes_read) */
} site_measurement;

/* Reads a record's body; FALSE if it names no site or no period. Of several rows of one quantity the one for the newest year counts. */
gboolean site_measurement_read(const json_t *body, const char *id, site_measurement *out);
/* Sorts by site, then time, then day of computation, then id: the order pledge_measured needs. */
void site_measurements_sort(site_measurement *list, gsize n);

/* Which measured areas together answer a metric, the best answer first. The table is what "measured" means for a promise. */
typedef struct metric_answer {
	const char *metric; /* term of pledge-metrics */
	unsigned areas;     /* bit 1 << measured_area of each that counts */
	const char *means;  /* a msgid */
} metric_answer;
extern const metric_answer metric_answers[];
extern const gsize metric_answers_count;

/* What one measurement says of a metric: SAY_VALUE with the sum of the areas that answer; SAY_TOO_SMALL; SAY_NOTHING. answer may be NULL. */
measured_hectares site_measurement_answer(const site_measurement *m, const char *metric, const metric_answer **answer);

/* All measurements that are known on a day, and the land they lie on. */
typedef struct measuring_facts {
	const site_measurement *list; /* sorted, of any sites */
	gsize n;
	const land_register *land;    /* NULL: nothing is known of overlaps */
	double today;                 /* a point in time: what was computed later is not known yet */
} measuring_facts;

/* A site of a set with its newest measurement, and what of its land no site of the set that was measured later covers. A hectare is counted once: where
 * measured sites overlap, the newest measurement speaks for the land (of the same age: the one computed last, then the first by id), and of the areas
 * that older ones give, the share goes off that their overlap is of their land. Their lower end loses all of the overlap; their upper end cannot exceed what is left. */
typedef struct site_shown {
	const char *site;
	const site_measurement *m;
	land_share share;
} site_shown;

/* Those of the sites that were measured until a time, each once, the newest first. Free with g_array_unref. */
GArray *sites_shown(const measuring_facts *f, const char *const *sites, gsize n, double at);
/* Hectares of such a site with the overlap taken off. */
measured_hectares site_shown_less(const site_shown *s, measured_hectares h);

/* What all sites of a pledge show together for a target, at the end of one year. */
typedef struct measured_value {
	gsize target;      /* from 1 */
	double at;         /* end of the newest period that went in */
	double oldest;     /* end of the oldest one: by then everything counted here was seen */
	double value, low, high; /* in the target's unit; value NaN: nothing but "too small to tell" */
	guint sites, told, too_small; /* of the pledge; of those with a value; of those measured without one */
	const char *measurement; /* id of the newest that went in */
	const char *means;       /* msgid: what was counted; NULL if sites were answered in different ways */
	gboolean approximate;    /* an overlap that was taken off is approximate */
} measured_value;
#define MEASURED_NOTHING {.at = NAN, .oldest = NAN, .value = NAN, .low = NAN, .high = NAN}

/* The values of a target, oldest first: one for each time at which a site of the pledge was measured, each with the newest measurement of every
 * site until then, every hectare once. Free with g_array_unref. */
GArray *promise_measured(const json_t *pledge, const promise *p, const measuring_facts *f);

/* The values of all targets of a pledge, target by target. Free with g_array_unref. */
GArray *pledge_measured(const json_t *pledge, const measuring_facts *f);

typedef enum measured_state {
	MEASURED_NO_ANSWER, /* no measured quantity answers the promise */
	MEASURED_UNMAPPED,  /* the pledge names no site */
	MEASURED_NOT,       /* none of its sites was measured */
	MEASURED_TOO_SMALL, /* measured, and too small to tell */
	MEASURED_PART,      /* some of its sites: at least this much */
	MEASURED_WHOLE,     /* every site */
	MEASURED_STATES
} measured_state;

typedef struct measured_state_word {
	const char *id, *label; /* label: a msgid */
	const char *means;      /* one sentence; a msgid */
} measured_state_word;
extern const measured_state_word measured_state_words[MEASURED_STATES];

/* newest: the value known, or NULL. */
measured_state promise_measured_state(const json_t *pledge, const promise *p, const measured_value *newest);

/* Was the boundary redrawn since it was measured? site: the body of the site as it stands. Unknown without a checksum or a boundary. */
typedef enum boundary_state { BOUNDARY_UNKNOWN, BOUNDARY_SAME, BOUNDARY_REDRAWN } boundary_state;
boundary_state site_boundary_state(const json_t *site, const char *measured_sha256);
