/* Rows of lists, as templates/parts/row.mustache draws them. */
#pragma once

#include "web/view.h"

/* A row under way: its texts are set by what follows, and last until the answer is made. */
typedef struct list_row {
	const request *r;
	mustache_cell *cells;
} list_row;

/* A figure that something is remembered by; its texts last until the answer is made (view_own), unit may be NULL. */
typedef struct list_fact {
	const char *value, *unit, *label;
} list_fact;
/* Is it too long to be written as large as others? */
gboolean list_fact_is_long(const list_fact *fact);

/* No rows yet. */
mustache_list *list_rows(const request *r);
/* A new row: title, kicker and snippet or summary; no figure, no tags. kicker lasts until the answer is made; NULL: none. */
list_row list_row_add(mustache_list *rows, const request *r, const store_hit *hit, const char *kicker);
/* One more tag, which lasts as long. NULL: none. */
void list_row_tag(list_row row, const char *text);
/* Sets the figure. An empty one leaves its place empty, where without it stands that none is reported. */
void list_row_fact(list_row row, list_fact fact);
#define LIST_NO_FACT ((list_fact){ "", NULL, "" })
/* Sets what stands under the title in place of a summary; nothing where a snippet does. */
void list_row_text(list_row row, const char *text);
/* Sets a status, for parts/status. */
void list_row_status(list_row row, mustache_list *status);
/* Offers a box to tick, to compare it with others. */
void list_row_compare(list_row row);
