/* Standard words for what collected records say in the words of their sources, from content/collected/ and the vocabularies. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The id of the standard term for a raw text of a list ("indicators", "units", "biomes", "post-mining-uses"), or of the vocabulary of that
 * name if it matches there; NULL if nobody knows it. */
const char *words_term(const char *list, const char *raw);

/* Ids of the organisations that a phrase names ("Vale and BHP"), by the record it stands in; NULL if nobody knows it. Borrowed. */
const json_t *words_organisations(const char *record_id, const char *raw);

/* What was read out of the text of a collected record by hand: practices of a case (a list of lists), details of a pledge; NULL if nothing. */
const json_t *words_case_practices(const char *record_id);
const json_t *words_pledge_details(const char *record_id);

/* A shipped organisation or practice by its id, and its id by one of its names; NULL if there is none. Borrowed. */
const json_t *words_shipped(const char *kind_name, const char *id);
const char *words_shipped_id(const char *kind_name, const char *name);
