/* What the pages of sites share. */
#pragma once

#include "record/vocabulary.h"
#include "web/pages/pledge.h"

/* A site with what is known of it on the request's day. */
typedef struct site_case {
	const record *site;
	GPtrArray *measurements; /* record *, oldest first */
	GPtrArray *progress;     /* record *: reports about it */
} site_case;

/* FALSE with an error of the store. Free with site_case_clear in both cases. */
gboolean site_case_read(const request *r, const record *site, site_case *out, GError **error);
void site_case_clear(site_case *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(site_case, site_case_clear)
/* NULL: not measured. */
const record *site_case_newest(const site_case *c);

/* What it shows in a sentence or two; NULL: not measured, or it says nothing. */
char *site_sentence(const request *r, const record *measurement);
/* Definition, method, range and date of a measured quantity (a term of measured-quantities; NULL: of all of them), in the words of its record. */
json_t *site_explain(const request *r, const record *measurement, const term *quantity);
/* Measured areas with their range, for parts/tally; and the other results that are for the whole period, as a table (NULL: none). */
json_t *site_tally(const request *r, const record *measurement);
json_t *site_results_table(const request *r, const record *measurement);

/* Adds its pictures that a browser can show, for block's "pictures". of: only those of a year, with this name before them; NULL: all. */
void site_pictures(json_t *items, const record *measurement, const char *of);

/* ---- the recovery curve: the site's index against its reference area, year by year ---- */
gboolean site_has_curve(const record *measurement);
json_t *site_curve_view(const request *r, const site_case *c, const char *address);
GBytes *site_curve(const request *r, const site_case *c, GError **error);


/* ---- the map: its boundary and its reference area ---- */
gboolean site_has_map(const record *site);
GBytes *site_map(const request *r, const record *site, GError **error);
