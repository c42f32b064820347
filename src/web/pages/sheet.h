/* The sheet of one record, and lists of records: what most page families share. A sheet is a head, sections in order and key facts;
 * templates/sheet.mustache draws it. A family's file adds the sections that only it has. */
#pragma once

#include "web/pages/row.h"
#include "web/query.h"
#include "web/response.h"

/* The record of a kind that the address names; NULL when the answer (404, 500) is already given. */
record *sheet_find(const request *r, response *out, const char *kind_name);

/* A new view: title, description, breadcrumbs (home of the family, the record), record, facts of these paths, sources, history; no sections
 * yet. list: address of the family's list ("/policies"), which is also the navigation entry. NULL with an error of the store. */
json_t *sheet_new(const request *r, const record *rec, const char *list, const char *list_label, const char *const *facts, GError **error);

/* The record's public revisions up to this one, the oldest first: array of record *. NULL with an error of the store. */
GPtrArray *history_revisions(const request *r, const record *rec, GError **error);
/* The same for parts/history, the newest first: [{label, text, hash, changes: [{label, before, after, redrawn}], more, proof, data}]. NULL with an
 * error of the store. */
json_t *history_view(const request *r, const record *rec, GError **error);
/* What one revision changed against another: [{label, before, after}], the first of them, and boundaries in any case; how many more there are. positions: of
 * a boundary that is told in hectares, with "redrawn" as in history_view (redrawn.h); larger ones are only named. */
json_t *history_changes(const request *r, const record *before, const record *after, guint positions, gsize *hidden);

/* Adds a section at the end: borrowed, all its members null. Set with json_object_set_new: "note" (text), "prose" ({paragraphs}), "bullets"
 * ([{pieces}]), "table", "tally" ({tally}), "list" ({rows}), "briefs" ([{title, href, text}]), "charts" ([...]), "checklist", "events", "pair", "more". */
json_t *sheet_section(json_t *view, const char *id, const char *title);
/* Sets a section's list of rows (row.h), and explains the sorts of figures in them: EXPLAINS(...). */
void sheet_rows(json_t *section, const request *r, mustache_list *rows, unsigned figures);
/* Sets a section's table, which is taken: of one that is longer the first rows, and the rest in a fold. one, many: msgids, "{n} more sites". */
void sheet_table(json_t *section, const request *r, json_t *table, gsize keep, const char *one, const char *many);
/* A section for a text field of the record, if it says something. */
void sheet_prose(json_t *view, const request *r, const record *rec, const char *field_name);
/* A section with the record's figures, if it has any. */
void sheet_figures(json_t *view, const request *r, const record *rec, const char *group, const char *what, const char *title);
/* Adds what a query finds, at most its limit, to a list of briefs; text: path of the value shown with each, or NULL. *more (may be NULL): how many there are in all where
 * that is more, else 0. FALSE with an error of the store. */
gboolean sheet_brief_items(json_t *items, const request *r, const store_query *q, const char *text, guint *more, GError **error);
/* A section of links to records that a query finds, at most its limit; text: path of the value shown with each, or NULL. Nothing if there
 * are none. all: address of the whole list, or NULL. FALSE with an error of the store. */
gboolean sheet_briefs(json_t *view, const request *r, const char *id, const char *title, const store_query *q, const char *text, const char *all,
	GError **error);

/* A brief: {title, href, text}; takes text. */
json_t *brief_new(const request *r, const kind *k, const char *id, const char *title, char *text);

/* ---- lists ---- */

typedef struct list_shape {
	const char *kind, *address;  /* "policy", "/policies" */
	const char *title, *sentence; /* msgids */
	const char *placeholder;      /* of the search box */
	const char *one, *many;       /* "{n} policy", "{n} policies" */
	const char *empty;            /* when there is none at all */
	const char *const *facets;    /* as view_facets takes them */
	const char *const *sorts;     /* pairs of value and label (msgid), NULL-terminated; the first is the default */
	void (*row)(mustache_list *rows, const request *r, const store_hit *hit); /* adds a row (row.h) */
	unsigned figures;             /* EXPLAINS(...) of what rows show; 0: none */
	const char *compare;          /* address that compares; NULL: none */
	const char *compare_hint;
} list_shape;

/* Answers with a list: search, facets, order, rows, paging. view: what the family adds (stolen), or NULL: "sentence", "above" ({sections}),
 * "lead" ({text, href, label}: a line under the head that leads elsewhere). */
void list_answer(const request *r, response *out, const list_shape *shape, json_t *view);
/* The query of a list as the address asks for it, with facets and bodies; as query_parse. */
gboolean list_query(const request *r, response *out, const list_shape *shape, guint per_page, guint most, query *q);
/* Sets what every list's view has, from a result; computed: a facet that stands before the others, or NULL. */
void list_view(json_t *view, const request *r, const list_shape *shape, const store_query *q, const store_result *result, const view_facet *computed);
#define LIST_PAGE 20 /* rows of a page, and the most that ?per-page= may ask for */
#define LIST_MOST 100
