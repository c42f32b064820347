/* What the pages that show cases share. */
#pragma once

#include "web/pages/row.h"
#include "web/response.h"

/* One result as a fact; FALSE: it has no value, or does not say of what. */
gboolean case_fact_of(const request *r, const json_t *result, list_fact *fact);
/* Adds a row; the hit must have its brief. Its figure is the case's lead (record/kinds/case.c). */
list_row case_row(mustache_list *rows, const request *r, const store_hit *hit);
/* "Canada, Ontario"; lasts until the answer is made. */
const char *case_place(const request *r, const json_t *body);
/* Cases nearest by what they share, best first, at most limit: [{title, href, shared}]. A practice counts three, a commodity and the country
 * two, a mine type one; ties by title. Looks at most at the newest 200 cases for each thing shared. */
json_t *case_related(const request *r, const record *rec, guint limit, GError **error);
/* Sets "sections" of the view: what satellites show on the sites that it names, if it names any. FALSE with an error of the store. */
gboolean case_land(json_t *view, const request *r, const record *rec, GError **error);
/* Draws the results of a case that share a unit; FALSE if fewer than three do. The chart's texts are set as members "title", "alt" and "table". */
gboolean case_has_chart(const json_t *body);
GBytes *case_chart(const request *r, const record *rec, const drawing_form *form, GError **error);
json_t *case_chart_view(const request *r, const record *rec);
/* How to cite it, in a sentence. */
char *case_citation(const request *r, const record *rec);

/* Citations as programs read them: BibTeX, RIS, CSL-JSON. */
#define CITATION_FORMATS (FORMAT_BIB | FORMAT_RIS | FORMAT_CSL)
typedef struct citing {
	const request *r;
	GString *text;
	json_t *items;
} citing;
citing citing_begin(const request *r);
void citing_add(citing *c, const record *rec);
/* Answers with them, as a file of that name; frees what c holds. */
void citing_end(citing *c, response *out, const char *name);
