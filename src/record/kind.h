/* Record kinds, each declared once (src/record/kinds/NAME.c). From the declaration follow validation, form, JSON Schema, CSV columns,
 * data dictionary, diff labels, search, facets and the map. A new field is one line in its kind's table; a new kind is one file and one
 * line in kinds.c. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum field_type {
	FIELD_LINE,     /* one line of text, trimmed, no control characters */
	FIELD_TEXT,     /* paragraphs of text; [n] in it refers to source n */
	FIELD_TERM,     /* id of a term of a vocabulary */
	FIELD_REF,      /* id of a record of another kind */
	FIELD_YEAR,     /* 1000..2200 */
	FIELD_DATE,     /* YYYY, YYYY-MM or YYYY-MM-DD: as exact as the source is */
	FIELD_TIME,     /* HH:MM, a time of day */
	FIELD_NUMBER,   /* a finite number */
	FIELD_COUNT,    /* a whole number from 0 */
	FIELD_YESNO,    /* true, false; absent is "not reported" */
	FIELD_URL,      /* absolute http or https address */
	FIELD_SHA256,   /* a SHA-256 in 64 digits, 0 to 9 and a to f */
	FIELD_SOURCE,   /* number `n` of one of the record's own sources */
	FIELD_GEOMETRY, /* a GeoJSON geometry (RFC 7946) */
	FIELD_GROUP     /* fields of its own */
} field_type;

typedef enum field_flags {
	FIELD_REQUIRED = 1 << 0, /* must be there; a repeated one must have at least one entry */
	FIELD_REPEATED = 1 << 1, /* a list, in order */
	FIELD_FACET = 1 << 2,    /* readers filter by it, with counts; TERM, REF, YEAR, YESNO */
	FIELD_SORT = 1 << 3,     /* lists can be sorted by it */
	FIELD_UNIQUE = 1 << 4,   /* in a repeated field: no entry twice */
	FIELD_BRIEF = 1 << 5     /* rows of lists show it: kept where they find it without reading the record (record_brief) */
} field_flags;

/* How much a word in the field weighs in a search. */
typedef enum search_weight { SEARCH_NONE = 0, SEARCH_BODY, SEARCH_SUMMARY, SEARCH_TITLE } search_weight;

typedef struct field field;
struct field {
	const char *name;  /* JSON member, snake_case */
	const char *label; /* for people; a msgid */
	field_type type;
	unsigned flags; /* field_flags */
	const char *help; /* what it means and how to fill it; a msgid; becomes the dictionary's definition */
	const char *of;   /* TERM: the vocabulary; REF: the kind */
	const char *unit; /* NUMBER, COUNT: fixed unit, if it has one ("ha", "%", "deg") */
	double minimum, maximum; /* NUMBER, COUNT, YEAR: bounds where maximum > minimum */
	search_weight search;
	const field *fields; /* GROUP: its fields, ended by one without a name */
};

#define FIELDS_END { .name = NULL }

/* One fault of a record: where (JSON pointer, RFC 6901), what is wrong, what to do. */
typedef struct fault {
	char *pointer;
	char *message;
	char *remedy;
} fault;

/* Adds a fault to a list made by faults_new. The strings are copied. */
GPtrArray *faults_new(void);
void fault_add(GPtrArray *faults, const char *pointer, const char *message, const char *remedy);

/* A rule over several fields of one body: adds what it finds. */
typedef struct check {
	const char *says; /* the rule in a sentence, for the dictionary */
	void (*run)(const json_t *body, GPtrArray *faults);
} check;

typedef struct kind {
	const char *name;   /* "case" */
	const char *plural; /* "cases": also its address, /cases/ID */
	const char *label, *label_plural; /* "Case study", "Case studies"; msgids */
	const char *help;
	const field *fields; /* ended by FIELDS_END */
	const check *checks; /* ended by one without a function; may be NULL */
	const char *title;   /* name of the field that names the record */
	const char *summary; /* field that sums it up in a sentence or paragraph; may be NULL */
	const char *longitude, *latitude; /* fields that place it on the map; NULL if none */
	const char *geometry;             /* FIELD_GEOMETRY field, or NULL */
	const char *country;              /* path of its country or countries, or NULL */
	/* A repeated group of which rows of lists show one entry, the first of those that rank highest (below 0: not shown at all); NULL if none. */
	const char *lead;
	int (*lead_rank)(const json_t *entry);
} kind;

/* All kinds, in the order of product.md. */
extern const kind *const kinds[];
extern const gsize kinds_count;

const kind *kind_by_name(const char *name);     /* "case"; NULL if there is none */
const kind *kind_by_plural(const char *plural); /* "cases" */

/* The field at a dotted path ("results.indicator"), or NULL. */
const field *kind_field(const kind *k, const char *path);

/* The entry of its lead that stands for a body in lists; NULL if it has none. Borrowed. */
const json_t *kind_lead(const kind *k, const json_t *body);

/* Calls visit for every field, a group before its members, with its dotted path. */
void kind_each_field(const kind *k, void (*visit)(const char *path, const field *f, gpointer data), gpointer data);

/* All values at a dotted path of a body, repeated groups and lists flattened, in order: borrowed json_t *. Free the array. */
GPtrArray *body_values(const json_t *body, const char *path);
/* Calls visit for each of them. */
void body_each_value(const json_t *body, const char *path, void (*visit)(const json_t *value, gpointer data), gpointer data);
