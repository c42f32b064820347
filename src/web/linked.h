/* What a page is about in the vocabulary of schema.org, as JSON-LD: for search engines and for programs that follow links. Which property says what of
 * a kind is a table (linked.c); an entity's id is the address of its page without language or day. */
#pragma once

#include "record/record.h"
#include "web/request.h"

/* The record as an entity; new reference. */
json_t *linked_record(const request *r, const record *rec);
/* A country; the site itself, with its search; the registry as a catalogue of datasets. */
json_t *linked_country(const request *r, const char *iso3);
json_t *linked_site(const request *r);
json_t *linked_catalogue(const request *r);

/* The page as JSON-LD: its title, description, breadcrumbs and "entity", as its view has them. Safe to stand in a script element. Free with g_free. */
char *linked_page(const request *r, const json_t *view);
