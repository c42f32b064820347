/* Views: the JSON that templates render, made from records by what their kinds declare, in the reader's language. Page families in pages/
 * put these together; they hold no HTML and no SQL. Every json_t * given back is a new reference; every char * is freed with g_free.
 * docs/design.md lists which part of templates/parts/ reads which view. */
#pragma once

#include "base/mustache.h"
#include "publish/drawing.h"
#include "rules/gap.h"
#include "web/request.h"

/* ---- texts ---- */

/* A message with {name} replaced, in pairs of name and text ended by NULL: view_message(language_text(l, "{n} of {total}"), "n", a, ...). */
char *view_message(const char *message, ...) G_GNUC_NULL_TERMINATED;
/* "38 cases" for a message pair with {n}, by the language's plural. */
char *view_count(const language *l, const char *one, const char *many, guint64 n);
/* Sets a member; NULL becomes null, so that a template does not find a member of the same name further out. take: frees text. */
void view_put(json_t *object, const char *name, const char *text);
void view_take(json_t *object, const char *name, char *text);
/* A text of malloc's as one that lasts until the answer is made, for cells of lists (base/mustache.h); frees it; and a copy of one. NULL stays NULL. */
const char *view_own(const request *r, char *text);
const char *view_copy(const request *r, const char *text);
/* A whole number as the language writes it, likewise. */
const char *view_number(const request *r, double value);
/* A title shortened after so many characters, at a word, with an ellipsis. */
char *view_shorten(const char *text, glong characters);

/* ---- addresses ---- */

/* An address of this site ("/cases"), with the language's prefix and the day of an as-of view kept. */
char *view_address(const request *r, const char *path);
/* The page of a record: "/cases/giant-mine". */
char *view_record_address(const request *r, const kind *k, const char *id);
/* The published title of a record, or its id when there is none. */
char *view_record_title(const request *r, const char *kind_name, const char *id);

/* ---- values of a record ---- */

/* A value as text in the reader's language: terms and countries by their label, references by title, dates and numbers as the language
 * writes them, yes and no in words. NULL for groups and geometries. */
char *view_value(const request *r, const field *f, const json_t *value);
/* The same of a facet's value, which the store gives as text; lasts until the answer is made. */
const char *view_facet_label(const request *r, const field *f, const char *value);
/* Where a value leads: the list filtered by it (facets of kind k), its country, its record, its own address. NULL: nowhere. */
char *view_value_address(const request *r, const kind *k, const char *path, const json_t *value);
/* All values at a path as one text, joined as the language joins; NULL if there is none. */
char *view_values(const request *r, const record *rec, const char *path);
/* The same of what a hit has in brief; lasts until the answer is made. */
const char *view_brief_values(const request *r, const store_hit *hit, const char *path);
/* A number as a source states it, and what it says of its unit: unit_as_stated wins over unit. */
typedef struct view_amount {
	double value; /* NaN: none */
	const char *unit, *unit_as_stated, *currency; /* NULL: not said */
} view_amount;
view_amount view_amount_of(const json_t *group, const char *value_name);
/* The value (NULL: there is none) and *unit (or NULL), which last until the answer is made. */
const char *view_amount_text(const request *r, const view_amount *amount, const char **unit);
/* The same of a group: {value, unit}; unit may be null. For sentences, charts and rows of lists whose figures are explained together. */
json_t *view_quantity(const request *r, const json_t *group, const char *value_name);
/* The same with its explanation: {value, unit, explain}; explain is null where there is no value. */
json_t *view_figure(const request *r, const record *rec, const json_t *group, const char *value_name, const char *what);

/* What a figure counts with its year ("area limed, 2010"), unless the words name the year themselves; year 0: none. Lasts until the answer is made. */
const char *view_dated(const request *r, const char *what, gint64 year);

/* A text in pieces: [{text, ref}], [n] becoming ref n. */
json_t *view_pieces(const char *text);
/* {paragraphs: [{pieces}]} */
json_t *view_prose(const char *text);
/* A store's snippet in pieces: [{text, hit}], text and the match that follows it. */
mustache_list *view_marked(const request *r, const char *snippet);

/* The record: {id, address, kind, title, summary, f: {NAME: ...}}. A text becomes {label, paragraphs}, a repeated text {label, items:
 * [{pieces}]}, any other simple field {label, text, values: [{text, href, last}]}; absent fields are null; groups are left to the page. */
json_t *view_record(const request *r, const record *rec);
/* Key facts for parts/facts: one entry for each path; where the record is silent, "not reported" if the path starts with "+", else none. */
json_t *view_facts(const request *r, const record *rec, const char *const *paths);
/* For parts/sources. */
json_t *view_sources(const request *r, const json_t *body);
/* For parts/breadcrumbs: pairs of label and address (NULL for the last, which is shortened). */
json_t *view_breadcrumbs(const char *label, ...) G_GNUC_NULL_TERMINATED;

/* ---- explain this number ----
 * A figure stands on a page with its explanation: in its own cell or row (`explain`), or, where many figures are of one sort, once before the
 * table or list they stand in (`explains`). tests/web/explained.py walks all pages for figures that have neither. */

/* For parts/explain, beside a figure: what it is, its source (with an address, or NULL), method, uncertainty and date, from the rules' own words.
 * source and date may be NULL: then nothing is said of them. */
json_t *view_explain(const request *r, const figure_words *words, const char *source, const char *source_href, const char *date);
/* The same of a figure that is computed of many records: where such come from, as of the day the page shows. */
json_t *view_explain_kind(const request *r, figure_kind kind_of);
/* The same of a figure that a source states: a group of the record (a result, a cost, a target's figure) with what it counts. */
json_t *view_explain_stated(const request *r, const record *rec, const json_t *group, const char *what);

#define EXPLAINS(kind_of) (1u << (kind_of))
/* For parts/explains: the sorts of figures that stand in an object (a table, a list, a page), as EXPLAINS(...) | EXPLAINS(...); 0: none. */
void view_explains(json_t *object, const request *r, unsigned figures);
/* One more, of view_explain, which is taken. */
void view_explains_add(json_t *object, json_t *explain);
/* A measured or computed value as pages write it: two significant figures below 100, three above; NULL for an unknown one. */
char *view_significant(const request *r, double value);

/* ---- large figures ---- */

/* A value drawn beside its figure: all bars of a tally have one scale, that ends at `to`. */
typedef struct view_bar {
	double value, low, high, to; /* low, high: NaN where there is no range */
} view_bar;

/* A row of parts/tally. Texts are taken (g_free), labels and sentences copied. */
typedef struct view_tally {
	const trust *mark;      /* NULL: none */
	const char *label, *none; /* none: the sentence that stands for a missing value */
	char *value, *unit;
	char *exact;            /* tooltip; NULL */
	char *when;             /* date, range and how many: a line of small print */
	json_t *explain;        /* of view_explain, taken; NULL where there is no value */
	const view_bar *bar;    /* the value as a bar in the mark of its trust; NULL: none */
} view_tally;
json_t *view_tally_row(view_tally row);

/* ---- tables ---- */

/* {caption, columns: [], rows: [], compact: false} for parts/table. compact: few narrow columns, stays a table on a phone. */
json_t *view_table(const char *caption);
/* A table of figures of these sorts (view_explains), which are explained before it. */
json_t *view_figure_table(const request *r, const char *caption, unsigned figures);
void view_table_column(json_t *table, const char *label, gboolean numeric);

typedef struct view_cell {
	const char *text, *href, *unit, *note;
	gboolean head;     /* names its row */
	gboolean code;     /* what one types: an address, a name, a command */
	const trust *mark; /* draws the square of trust before it */
	json_t *explain;   /* of view_explain; taken */
} view_cell;

/* Adds a row of cells, one for each column. */
void view_table_row(json_t *table, const view_cell *cells, gsize n);
/* A table of figures: results, figures and costs of a record (groups with value or amount, year and source). NULL if there is none. */
json_t *view_figures(const request *r, const record *rec, const char *group, const char *what, const char *caption);

/* ---- lists ---- */

/* Asks for counts of the first values of these facets (paths as view_facets takes them), and of all values of the one that the reader wants
 * whole ("more"). */
void view_facets_ask(store_query *q, const request *r, const char *const *paths);
/* A facet; its texts and lists last until the answer is made. */
typedef struct view_facet {
	const char *name, *label; /* name: of the parameter */
	gboolean open;            /* lies open even where none of its values is chosen */
	guint chosen;             /* values */
	mustache_list *values;
	mustache_list *rest;      /* {text, href}: the way to more of them; NULL: none */
	const char *answered;     /* what is said of its counts */
} view_facet;
/* For parts/facets: the facets of these paths ("!" before one that lies open), in this order, after one that the page computes (NULL: none); a
 * result without counts gives none. Sets "facets", "facets_chosen", "clear_href", "chips" and "chips_shown" of the view. */
void view_facets(json_t *view, const request *r, const kind *k, const store_result *result, const char *const *paths, const view_facet *computed);
/* The values of one facet, a list for parts/facets, and one more of them; the texts last until the answer is made. */
mustache_list *view_facet_values(const request *r);
void view_facet_value(mustache_list *values, const request *r, const char *label, guint count, const char *href, gboolean active);
/* For parts/paging: "paging"; null when everything fits. offset, limit and total as of the query. */
void view_paging(json_t *view, const request *r, guint offset, guint limit, guint total);
/* [{name, value}] for hidden inputs: every parameter of the request but the ones named (NULL-terminated). */
json_t *view_kept(const request *r, const char *const *but);
/* {options: [{value, label, active}]} for an order of a list: pairs of value and label, ended by NULL; the first is the default. */
json_t *view_sort(const request *r, const char *value, ...) G_GNUC_NULL_TERMINATED;

/* ---- pictures ---- */

/* A picture made by the program in four forms, for parts/picture: "still", "still_dark", "still_narrow", "still_narrow_dark"; the address
 * (its query kept) with the ending .svg, what is asked of it ("chart=map"; NULL: nothing), "scheme=dark" and "width=narrow". */
void view_picture(json_t *view, const char *address, const char *asked);
/* For parts/chart: such a picture, loaded when it comes into sight. alt: what it says in a sentence; table: its numbers, taken. */
json_t *view_chart(const char *address, const char *asked, const char *alt, json_t *table);
