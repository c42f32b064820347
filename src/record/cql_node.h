/* A compiled filter, as the files of cql share it. */
#pragma once

#include "base/span.h"
#include "record/cql.h"

/* What values are: what can be compared with each other. */
typedef enum sort { SORT_TEXT, SORT_NUMBER, SORT_BOOLEAN, SORT_TIME, SORT_NONE } sort;

typedef struct value {
	sort sort;
	char *text; /* owned */
	double number; /* of booleans 0 and 1 */
	span time;
} value;

typedef enum fold { FOLD_CASE = 1, FOLD_ACCENTS = 2 } fold;

/* A literal, or a property, of which a record has none, one or several values. */
typedef struct operand {
	char *property; /* NULL: a literal */
	const field *f; /* NULL: one that every kind has */
	unsigned folds;
	sort sort;
	value literal;
} operand;

typedef enum node_type {
	NODE_CONSTANT, NODE_HOLDS, NODE_AND, NODE_OR, NODE_NOT, NODE_COMPARE, NODE_BETWEEN, NODE_IN, NODE_LIKE, NODE_NULL, NODE_SPATIAL, NODE_TEMPORAL, NODE_ARRAY
} node_type;

typedef enum comparison { COMPARE_EQUAL, COMPARE_UNEQUAL, COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_GREATER, COMPARE_GREATER_EQUAL } comparison;
typedef enum array_relation { ARRAY_CONTAINS, ARRAY_CONTAINED_BY, ARRAY_EQUALS, ARRAY_OVERLAPS } array_relation;

typedef struct node {
	node_type type;
	int relation;       /* comparison, shape_relation, span_relation, array_relation; of NODE_CONSTANT the answer */
	GPtrArray *parts;   /* node: of AND, OR, NOT */
	GPtrArray *operands; /* operand. COMPARE two, BETWEEN three, IN and ARRAY one and the list behind it, TEMPORAL two for each side: its ends (the same twice: one) */
	guint first;        /* ARRAY: how many of the operands are the first argument */
	shape *shapes[2];   /* SPATIAL; NULL: the place */
} node;

struct cql {
	node *root;
	GPtrArray *members; /* ended by NULL */
	gboolean needs_place;
	GArray *facets; /* cql_facet */
	gboolean boxed;
	double box[4];
};


/* The text folded as CASEI and ACCENTI say; free with g_free. */
char *cql_fold(const char *text, unsigned folds);
