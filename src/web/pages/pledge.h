/* What the pages that show pledges share. */
#pragma once

#include "web/board_case.h"
#include "rules/shown.h"
#include "web/pages/sheet.h"

/* "100,000 ha", "30 % of stewarded land and water"; the unit as the pledge states it where it says more. NULL for an unknown value. */
char *pledge_amount(const request *r, double value, const char *unit, const char *unit_as_stated);
/* A unit's label; "" without one. */
char *pledge_unit(const request *r, const char *unit);
/* The year a point in time stands for: the end of 2030 is "2030". "" if unknown. */
char *pledge_year(double at);
/* The verdict of a rule with its numbers, in a sentence. */
char *pledge_verdict(const request *r, const pledge_judgement *j);
/* Does it stand so badly that its status is drawn in the colour of alarm? */
gboolean pledge_is_loud(const pledge_judgement *j);
/* For parts/status: {glyph, label, loud, good, verdict}. */
mustache_list *pledge_status(const request *r, const pledge_judgement *j);
/* Why it stands where it stands: the rule that held. */
json_t *pledge_explain_status(const request *r, const pledge_judgement *j);
/* Where the figure of a target was promised; index from 0. */
json_t *pledge_explain_promised(const request *r, const json_t *pledge, gsize index);
/* Adds a row to a list; the hit must hold its record. b: the board of the request's day. */
#define PLEDGE_ROW_FIGURES (EXPLAINS(FIGURE_PROMISED) | EXPLAINS(FIGURE_STATUS)) /* what such a row shows */
void pledge_row(mustache_list *rows, const request *r, const store_hit *hit, const board *b);
/* The board of the request's day; NULL with an error of the store. */
board *pledge_board(const request *r, GError **error);

/* Does anything in it add up: is there a row with an amount promised. NULL: no. */
gboolean pledge_sums_add_up(const pledge_sums *sums);
/* What stands behind totals, as folds of a section: a table by metric, and hectares promised by what obliges to them and by class of land, each counted by itself. */
json_t *pledge_totals_folds(const request *r, const pledge_sums *sums);
/* "Counted apart: 301 ha a legal duty and 2,000 ha beyond duty."; "" where no hectares are promised. */
char *pledge_duty_text(const request *r, const pledge_sums *sums);
/* The figures in hectares that are never added to each other, for parts/tally: {tally: [...]}: promised, reported and measured; after the first a row
 * on mapped land (of land_tally_row; taken), NULL: none. */
json_t *pledge_tally(const request *r, const pledge_sums *sums, json_t *mapped);
/* Counts by state, in words: "20 silent, 5 overdue ...". */
char *pledge_states_text(const request *r, const pledge_sums *sums);

/* ---- charts of one target: "gap" (promised, mapped, reported, measured) and "burn-up" (promised path, reports, measurements) ---- */

typedef enum pledge_chart_kind { PLEDGE_GAP, PLEDGE_BURN_UP } pledge_chart_kind;

/* Can it be drawn: a figure is promised; for a burn-up also a line or two reports. */
gboolean pledge_has_chart(const pledge_facts *facts, gsize target, pledge_chart_kind asked);
/* The burn-up for parts/chart; address: that of the pledge's page. The gap bar stands in the page itself; as a picture it is for other places. */
json_t *pledge_chart_view(const request *r, const board_case *known, gsize target, const char *address);
GBytes *pledge_chart(const request *r, const board_case *known, gsize target, pledge_chart_kind asked, const drawing_form *form, GError **error);

/* ---- sections of a pledge's page ---- */
void pledge_sections_promise(json_t *view, const request *r, const record *rec);
void pledge_sections_standing(json_t *view, const request *r, const record *rec, const board_case *known, const shown_land *shown, const char *address);
void pledge_sections_sites(json_t *view, const request *r, const board *b, const board_case *known, const char *address);
/* What satellites show on its sites together. */
shown_land pledge_shown(const board *b, const board_case *known, cover_sum *covers);
void pledge_sections_pictures(json_t *view, const request *r, const board_case *known);
void pledge_sections_account(json_t *view, const request *r, const board_case *known);
void pledge_sections_findings(json_t *view, const request *r, const record *rec, const board_case *known);
void pledge_sections_alignment(json_t *view, const request *r, const record *rec, const board_case *known);
gboolean pledge_sections_timeline(json_t *view, const request *r, const record *rec, const board_case *known, GError **error);
void pledge_sections_rest(json_t *view, const request *r, const record *rec, const board_case *known);

/* ---- does a pledge count towards an LDN target ---- */

/* The answers; target NULL: the claim names none that is known. */
void pledge_alignment(const request *r, const board_case *known, const record *target, alignment_finding findings[static ALIGNMENT_QUESTIONS]);
extern const char *const alignment_verdict_words[]; /* a sentence for each alignment_answer; msgids */

/* ---- the land account, for pledges and organisations ---- */

/* The account that reports about one site make; free with land_account_clear. */
void account_read(const GPtrArray *reports, land_account *out);
/* Adds what does not balance or connect as bullets, with the site's name. */
void account_faults(json_t *bullets, const request *r, const char *name, const land_account *a);
/* A section with the newest year, the years before folded away, and what does not balance; nothing without a year. faults: bullets
 * ([{pieces}], taken); sites: of how many. */
void account_section(json_t *view, const request *r, const land_account *sum, json_t *faults, guint sites);

/* ---- the map of its sites ---- */
gboolean pledge_map_places(const board_case *known);
GBytes *pledge_map(const request *r, const board_case *known, GError **error);
