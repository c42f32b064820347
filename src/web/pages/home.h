/* What the home page and its map share. */
#pragma once

#include "publish/map.h"
#include "rules/totals.h"
#include "web/data.h"
#include "web/view.h"

/* Sums over all pledges, or over those that lie in one country alone (iso3). FALSE with an error if the store fails. */
gboolean home_sums(const request *r, const char *iso3, pledge_sums *sums, GError **error);
/* What satellites show where they show no hectares: how many sites are measured, and the course of their vegetation. */
char *home_course(const request *r);
/* A row of the tally: the land that pledges map, net of overlap. NULL with an error if the store fails. */
json_t *home_mapped(const request *r, GError **error);
/* Up to three measured sites with their curves: [{title, href, where, still ...}]. NULL with an error if the store fails. */
json_t *home_land(const request *r, GError **error);
typedef struct home_tint {
	const char *iso3; /* interned */
	double hectares;  /* pledged in that country alone */
	double share;     /* of the strongest tint: by the square root */
} home_tint;

/* Countries by hectares pledged in them alone: home_tint, the largest first. Free with g_array_unref. */
GArray *home_tints(const request *r, GError **error);
/* The most places a map draws: as many as a list in another form holds. */
#define PLACES_MOST DATA_PAGE
/* A sentence that says how many a map draws where there are more; "" where it draws all. Free with g_free. */
char *places_drawn(const language *l, guint total);
/* A map of what a query places, PLACES_MOST of them: SVG as the request's form asks. */
GBytes *picture_of_places(const request *r, const store_query *q, const char *title, const map_tint *tints, gsize n_tints, GError **error);
