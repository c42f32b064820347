/* A compiled template, shared by the compiler and the renderer only. */
#pragma once

#include "base/mustache.h"

#define MUSTACHE_DEPTH 64               /* sections within sections; partials within partials */
#define MUSTACHE_OUTPUT (16u << 20)     /* bytes */
#define MUSTACHE_NODES (1u << 18)       /* of one template */

typedef enum node_type { NODE_TEXT, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL, NODE_PARENT, NODE_BLOCK } node_type;

/* Nodes stand in one array in reading order: the children of i are i+1 up to (not including) nodes[i].end. */
typedef struct node {
	node_type type;
	gboolean dynamic;    /* partial, parent: the name is looked up in the view */
	gboolean standalone; /* partial, parent, block: stood alone on its line, so every line of what comes there is indented */
	guint end;
	const char *text;    /* text; name of a partial, parent or block */
	gsize length;
	const char *const *parts; /* dotted name; none for "." */
	guint n_parts;
	gsize first;              /* length of its first part */
	const char *member;       /* that part as a list last had it, of any thread: most entries are told by this pointer */
	const char *indent;
} node;

struct mustache {
	GStringChunk *strings;
	GPtrArray *names; /* of the dotted names, freed with the template */
	GArray *nodes;
};

#define MUSTACHE_LIST ((json_type)(JSON_NULL + 1)) /* a type that jansson does not know: it leaves such a value alone */

typedef struct entry {
	struct entry *next;
	mustache_cell cells[];
} entry;

struct mustache_list {
	json_t json; /* of that type, and never counted */
	pool *pool;
	const char *const *members;
	guint n_members, size;
	entry *first, **end;
};
