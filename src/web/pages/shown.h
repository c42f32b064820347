/* What satellites show on a set of sites together: areas improved, stable, degraded, as figures and as a land balance. Of one site, a pledge, a country, an
 * organisation. */
#pragma once

#include "rules/shown.h"
#include "web/board.h"
#include "web/view.h"

/* The areas of one measurement, as of a set of one site. */
shown_land shown_of(const record *measurement);

/* Is there a gain or a loss that could be drawn? */
gboolean shown_has_balance(const shown_land *s);
/* Losses left, gains right, the net as a tick. */
GBytes *shown_balance(const request *r, const shown_land *s, GError **error);
/* For parts/chart; address: that of the page, of which the picture is ?chart=balance. */
json_t *shown_balance_view(const request *r, const shown_land *s, const char *address);

/* A section "What the land shows": how many sites are measured, their areas with range and explanation, the balance, and what became of their land cover
 * (covers: NULL or empty: nothing). address: NULL if the page has no pictures. Nothing if there is no site. */
void shown_section(json_t *view, const request *r, const shown_land *s, const cover_sum *covers, const char *title, const char *address);
/* "Their vegetation: rising on 1, no trend on 10 and too few years to tell on 21."; NULL where no measurement says. */
char *shown_course(const request *r, const shown_land *s);
/* The same as data. */
json_t *shown_data(const shown_land *s);
