/* The gap bar of a target: promised, mapped, net of overlap, reported, measured. Five figures side by side, never added to each other; each with
 * its date, where it comes from, and whether it is known at all. Pure. */
#pragma once

#include "rules/status.h"

/* The kinds of figure that pages show, with what each can say about itself: the text behind "explain this number". */
typedef enum figure_kind {
	FIGURE_PROMISED, FIGURE_MAPPED, FIGURE_NET, FIGURE_REPORTED, FIGURE_MEASURED, /* the gap bar, in its order */
	FIGURE_GROSS, FIGURE_CONTESTED, FIGURE_EXPECTED, FIGURE_COMPLETENESS, FIGURE_STATUS, FIGURE_ACCOUNT, FIGURE_DIFFERENCE, FIGURE_COVER, FIGURE_STATED,
	FIGURES
} figure_kind;
#define GAP_FIGURES (FIGURE_MEASURED + 1)

typedef struct figure_words {
	const char *id;    /* "promised" */
	const char *label; /* msgids from here on */
	const char *definition, *method, *uncertainty;
} figure_words;
extern const figure_words figures_explained[FIGURES];

/* What stands behind one figure. */
typedef enum figure_origin { ORIGIN_NONE, ORIGIN_PLEDGE, ORIGIN_SITES, ORIGIN_PROGRESS, ORIGIN_MEASUREMENT } figure_origin;

typedef struct gap_figure {
	gboolean known;
	double value, low, high; /* in the target's unit; low and high NaN where there is no range */
	double at;               /* the figure is for this point in time; NaN */
	figure_origin origin;
	gsize progress;          /* ORIGIN_PROGRESS: index into the facts' reports */
	const char *record;      /* ORIGIN_MEASUREMENT: id */
	guint n, of;             /* sites mapped or measured, of those named; 0 of 0: does not apply */
	gboolean at_least;       /* there may be more: some sites are missing, or yearly figures were added up */
	const char *why;         /* a msgid: why it is unknown, or what limits it; NULL */
} gap_figure;

/* Target index (from 0) as of a day. land: of the pledge's sites, or NULL where areas are not computed. */
void promise_gap(const pledge_facts *f, gsize index, const land_totals *land, const char *today, gap_figure out[static GAP_FIGURES]);
