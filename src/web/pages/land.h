/* Land on pages: gross, net and contested side by side, each hectare counted once. */
#pragma once

#include "web/board.h"
#include "web/view.h"

/* A row of parts/tally: the land that pledges map, net of overlap, with what is gross and contested in its small print. b: for the date. */
json_t *land_tally_row(const request *r, const land_totals *land);

/* A table for a section: all mapped sites, those that pledges name, and by duty. */
json_t *land_table(const request *r, const board *b, const board_area *area);
/* The sentence that stands beside every area that is approximate (land_totals, land_overlap). */
const char *land_approximate(const request *r);
/* What stands over it: how many sites are mapped, and where the overlaps are listed. */
char *land_note(const request *r, const board_area *area);
/* Adds the section "land" with both to a sheet, if any site is known. */
void land_section(json_t *view, const request *r, const board *b, const board_area *area, const char *title);

/* {all: {sites, mapped, gross, net, contested, approximate}, pledged: ..., by_duty: {duty: ...}}, in hectares; area NULL: null. */
json_t *land_data(const board_area *area);
