/* What pledges add up to, without adding what cannot be added: each row is one metric in one unit; promised, reported and measured stand
 * apart; duty, beyond duty, offset and unknown stand apart, and so do the classes of land; shares and ratios are counted, never summed. Promised and reported are
 * gross: what two pledges both promise in words is in both. Measured is not: a site counts once, however many pledges name it, and a hectare once, however many
 * sites cover it (measured.h, site_shown). */
#pragma once

#include "rules/duty.h"
#include "rules/status.h"

/* One pledge with what its judging needs. */
typedef struct pledge_entry {
	const char *id;
	pledge_facts facts;
} pledge_entry;

typedef struct total_figure {
	double value; /* sum, in the base unit */
	guint n;      /* targets that gave it; of what was measured: sites */
	double low, high; /* of what was measured: its range; NaN where a part has none */
	gboolean approximate; /* of what was measured: an overlap that was taken off is approximate */
} total_figure;

typedef struct pledge_total {
	const char *metric; /* term of pledge-metrics */
	const char *unit;   /* base unit */
	gboolean adds;      /* FALSE: a share, ratio or statement, counted but not summed */
	guint targets;      /* of this metric and unit */
	total_figure promised, reported, measured;
	total_figure promised_by_duty[DUTY_CLASSES];
	total_figure promised_by_land[LAND_CLASSES];
} pledge_total;

typedef struct pledge_sums {
	GArray *rows; /* pledge_total, the largest promise first within a unit, hectares first */
	guint pledges, targets;
	guint with_figure;     /* targets that name a figure */
	guint with_hectares;   /* pledges of which at least one target is in hectares with a figure */
	guint reported_hectares; /* of those, how many report hectares that answer it */
	guint measured_hectares;
	guint with_deadline, with_sites; /* pledges */
	guint states[PLEDGE_STATES];
	total_figure hectares_promised, hectares_reported, hectares_measured; /* all metrics in hectares: gross, each dated by its report */
	GHashTable *measured_sites; /* while adding: metric -> set of the sites of which it is asked */
	double reported_from, reported_until; /* span of the reports in hectares_reported; NaN if none */
	guint made_from, made_until; /* years in which the pledges in hectares_promised were made; 0: not known */
} pledge_sums;

void pledge_sums_init(pledge_sums *sums);
void pledge_sums_add(pledge_sums *sums, const pledge_entry *entry, const char *today);
/* Orders the rows and adds up what was measured. Call once after the last pledge. */
void pledge_sums_finish(pledge_sums *sums, const measuring_facts *measured);
void pledge_sums_clear(pledge_sums *sums);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(pledge_sums, pledge_sums_clear)
