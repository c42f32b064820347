/* The three ways of computing SDG 15.3.1 that this library knows, as data.
 *
 * A kernel reads the rule it needs from the profile and never asks which profile it is. A user who wants something in between copies a
 * profile, changes a field and passes the copy.
 *
 *   prais4  the default: UNCCD's reporting manual of 2026 (PRAIS 4), in exact arithmetic
 *   te      Trends.Earth with its quirks, so that its published maps can be reproduced
 *   gpg2    z-scores and look-up of the Good Practice Guidance 15.3.1, version 2
 *
 * Field comments name the rule and where the profiles differ; docs/method.md says why.
 */
#ifndef LDN_PROFILE_H
#define LDN_PROFILE_H

#include <stdbool.h>

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the trend is tested. */
typedef enum ldn_trend_test {
	LDN_TREND_EXACT, /* two-sided p of S: exact without ties up to 60 years, else normal with ties and continuity correction */
	LDN_TREND_TABLE, /* |S| against a table of thresholds, one row per number of years asked for */
	LDN_TREND_TAU_Z  /* Z = tau_b * 3 * sqrt(n(n-1)) / sqrt(2(2n+5)), no continuity correction */
} ldn_trend_test;

typedef struct ldn_trend_rule {
	ldn_trend_test test;
	int valid_years_min;        /* fewer valid years: no data. prais4 4, te 1 (one valid year is "stable": a fault), gpg2 2 */
	double limits[3];           /* levels 1, 2, 3. EXACT: p at or below; TAU_Z: |Z| above (infinity: no such level) */
	const int16_t (*table)[3];  /* TABLE: |S| at or above, levels 1, 2, 3; row 0 is table_first years */
	int table_first, table_last;
	int s_years_max;            /* only that many first years enter S; 0: all. te 50 */
	bool sign_of_slope;         /* te: the class takes the slope's sign, even where S has the other; else the sign of S */
	bool first_limit_is_stable; /* te: |S| equal to the level-1 threshold is stable */
	double stable_slope;        /* |slope| at or below is stable whatever S; negative: no such rule. te 10 (0.001 NDVI a year) */
	bool years_asked_in_z;      /* TAU_Z: n is the number of years asked for (SEPAL), not of the valid ones. gpg2 */
	int significant_level;      /* the level from which the 3-class trend leaves 0: 2 */
} ldn_trend_rule;

/* How the state is classed. */
typedef enum ldn_state_test {
	LDN_STATE_PERCENTILES, /* change of decile class between the baseline mean and the recent mean */
	LDN_STATE_Z            /* Z of the recent mean against the baseline's mean and population standard deviation */
} ldn_state_test;

typedef enum ldn_percentile {
	LDN_PERCENTILE_LINEAR, /* type 7: between the neighbours of position (m - 1) q */
	LDN_PERCENTILE_LOWER   /* the value at or below that position */
} ldn_percentile;

typedef struct ldn_state_rule {
	ldn_state_test test;
	ldn_percentile percentile;
	int margin_divisor;        /* before percentiles are taken the list gets two more values, range / this beyond either end: 20 (5 %) */
	int same_mean;             /* means this near each other (NDVI x 10000) are no change: 100 */
	int class_change;          /* a change of this many classes is degradation or improvement: 2 */
	double z_limits[2];        /* |Z| above: levels 1 and 2 */
	bool missing_is_unchanged; /* te: a pixel without a baseline value has change 0 (a fault); else no data */
	bool flat_is_nodata;       /* Z with zero deviation: no data (SEPAL); else stable when the means agree, else the sign. false in all */
} ldn_state_rule;

typedef struct ldn_performance_rule {
	double quantile;                /* of the unit's means, type 7: 0.9 */
	double ratio_limit;             /* mean / quantile at or below is degraded: 0.5 */
	bool negative_unit_is_nodata;   /* a unit whose quantile is below 0 (all water or snow) has no answer: prais4, gpg2 */
} ldn_performance_rule;

typedef struct ldn_productivity_rule {
	/* Index ((trend + 1) * 3 + state + 1) * 2 + performance + 1 with trend, state -1 0 1 and performance -1 0. */
	const int8_t *lpd3;             /* -1, 0, 1; te and prais4 by LPD-5, gpg2 by the look-up of version 2 */
	const int8_t *lpd5;             /* 1 declining, 2 moderate decline, 3 stressed, 4 stable, 5 increasing */
} ldn_productivity_rule;

typedef struct ldn_carbon_rule {
	double degraded_percent;        /* -10 */
	double improved_percent;        /* 10 */
	bool limits_inclusive;          /* te: exactly -10 and 10 count; prais4: only beyond */
	bool truncate_percent;          /* te: percent change truncated toward zero to int16 before it is classed */
	bool two_dates_whole;           /* te: the two-date variant rounds the stock to whole t/ha and the percent change from that */
	double lowest_percent;          /* te: below -101 the value is left as it is, not coded; else -infinity */
	double zone0_factor;            /* f of climate zone 0: te 0 (stock falls to zero on cropland); NaN: no data */
	int change_years;               /* a change of land cover acts in so many yearly steps: 20 */
	bool water_is_nodata;           /* water in the initial land cover: no data */
} ldn_carbon_rule;

typedef enum ldn_one_out_mode {
	LDN_STRICT,        /* a missing sub-indicator makes the indicator missing, even where another is degraded */
	LDN_ANY_DEGRADED,  /* degraded where any known sub-indicator is; missing only where nothing known is degraded and one is missing */
	LDN_ALONE_DEGRADED /* SEPAL: beside a missing one, degraded only where nothing known is stable or improved */
} ldn_one_out_mode;

typedef struct ldn_indicator_rule {
	ldn_one_out_mode mode;          /* strict in all */
	bool unknown_status_passes;     /* te: a status outside 1..7 passes into the simple status as it is; else no data */
} ldn_indicator_rule;

typedef struct ldn_people_rule {
	bool degraded_is_negative;      /* te: people on degraded land are written as negative numbers in the map */
	bool missing_wraps;             /* te: missing people on degraded land become +32768 in that map */
} ldn_people_rule;

typedef struct ldn_drought_rule {
	int16_t limits[4];              /* SPI x 1000: none, mild, moderate, severe end here, extreme below the last: 0, -1000, -1500, -2000 */
	bool limit_is_milder[4];        /* whether a value equal to the limit belongs to the milder class */
	int16_t lowest;                 /* below it the value is left as it is, not coded (te -30000) */
	int period_years;               /* length of a period's maps: 4 */
	int period_years_used;          /* te 3: every fourth year is ignored; else 4 */
	bool missing_spoils_period;     /* te: one missing year makes the whole period missing */
} ldn_drought_rule;

typedef struct ldn_zone_rule {
	bool centres_closed;            /* te: cell centres on a level lower edge of a polygon are inside too (GDAL's filling) */
} ldn_zone_rule;

typedef struct ldn_profile {
	ldn_profile_name id;
	const char *name;               /* "prais4", "te", "gpg2" */
	const char *title;              /* a line for people */
	int16_t missing_also;           /* annual values equal to this are missing as well as LDN_NODATA: 9999 */
	ldn_trend_rule trend;
	ldn_state_rule state;
	ldn_performance_rule performance;
	ldn_productivity_rule productivity;
	ldn_carbon_rule carbon;
	ldn_indicator_rule indicator;
	ldn_people_rule people;
	ldn_drought_rule drought;
	ldn_zone_rule zone;
} ldn_profile;

/* The profile of that name, static storage; NULL for a value outside the enumeration. */
LDN_API const ldn_profile *ldn_profile_get(ldn_profile_name name);

/* The profile called "prais4", "te" or "gpg2"; NULL if there is none. */
LDN_API const ldn_profile *ldn_profile_find(const char *name);

/* Trends.Earth's own thresholds of S, n = 4..60, columns 90, 95, 99 %; INT16_MAX where the peer has none (n = 60, 99 %). */
#define LDN_TE_KENDALL_FIRST 4
#define LDN_TE_KENDALL_LAST 60
LDN_API extern const int16_t ldn_te_kendall[LDN_TE_KENDALL_LAST - LDN_TE_KENDALL_FIRST + 1][3];

#ifdef __cplusplus
}
#endif
#endif
