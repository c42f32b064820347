#include "ldn/profile.h"
#include "ldn/productivity.h"

#include <math.h>
#include <string.h>

/* Trends.Earth gee/stats.py get_kendall_coef, as it stands: every entry is two below the exact one-sided value, and from n = 7 on the 99 %
 * column is that of n + 1. */
const int16_t ldn_te_kendall[LDN_TE_KENDALL_LAST - LDN_TE_KENDALL_FIRST + 1][3] = {
	{4, 4, 6}, /* 4 */
	{6, 6, 8}, /* 5 */
	{7, 9, 11}, /* 6 */
	{9, 11, 18}, /* 7 */
	{10, 14, 22}, /* 8 */
	{12, 16, 25}, /* 9 */
	{15, 19, 29}, /* 10 */
	{17, 21, 34}, /* 11 */
	{18, 24, 38}, /* 12 */
	{22, 26, 41}, /* 13 */
	{23, 31, 47}, /* 14 */
	{27, 33, 50}, /* 15 */
	{28, 36, 56}, /* 16 */
	{32, 40, 61}, /* 17 */
	{35, 43, 65}, /* 18 */
	{37, 47, 70}, /* 19 */
	{40, 50, 76}, /* 20 */
	{42, 54, 81}, /* 21 */
	{45, 59, 87}, /* 22 */
	{49, 63, 92}, /* 23 */
	{52, 66, 98}, /* 24 */
	{56, 70, 105}, /* 25 */
	{59, 75, 111}, /* 26 */
	{61, 79, 116}, /* 27 */
	{66, 84, 124}, /* 28 */
	{68, 88, 129}, /* 29 */
	{73, 93, 135}, /* 30 */
	{75, 97, 142}, /* 31 */
	{80, 102, 150}, /* 32 */
	{84, 106, 155}, /* 33 */
	{87, 111, 163}, /* 34 */
	{91, 115, 170}, /* 35 */
	{94, 120, 176}, /* 36 */
	{98, 126, 183}, /* 37 */
	{103, 131, 191}, /* 38 */
	{107, 137, 198}, /* 39 */
	{110, 142, 206}, /* 40 */
	{114, 146, 213}, /* 41 */
	{119, 151, 221}, /* 42 */
	{123, 157, 228}, /* 43 */
	{128, 162, 236}, /* 44 */
	{132, 168, 245}, /* 45 */
	{135, 173, 253}, /* 46 */
	{141, 179, 260}, /* 47 */
	{144, 186, 268}, /* 48 */
	{150, 190, 277}, /* 49 */
	{153, 197, 285}, /* 50 */
	{159, 203, 294}, /* 51 */
	{162, 208, 302}, /* 52 */
	{168, 214, 311}, /* 53 */
	{173, 221, 319}, /* 54 */
	{177, 227, 328}, /* 55 */
	{182, 232, 336}, /* 56 */
	{186, 240, 345}, /* 57 */
	{191, 245, 355}, /* 58 */
	{197, 251, 364}, /* 59 */
	{202, 258, INT16_MAX}, /* 60 */
};

/* Rows of a class table: trend -1, 0, 1; in a row state -1, 0, 1, each with performance -1 then 0. */
const int8_t ldn_lpd5_table[LDN_COMBINATIONS] = {
	1, 1, 1, 1, 1, 1,
	1, 2, 3, 4, 4, 4,
	2, 5, 5, 5, 5, 5,
};
const int8_t ldn_lpd3_table[LDN_COMBINATIONS] = {
	-1, -1, -1, -1, -1, -1,
	-1, -1,  0,  0,  0,  0,
	-1,  1,  1,  1,  1,  1,
};
const int8_t ldn_gpg1_table[LDN_COMBINATIONS] = {
	-1, -1, -1, -1, -1, -1,
	-1,  0,  0,  0,  0,  0,
	-1,  1,  1,  1,  1,  1,
};
const int8_t ldn_gpg2_table[LDN_COMBINATIONS] = {
	-1, -1, -1,  0, -1, -1,
	-1,  0, -1,  0,  0,  0,
	-1,  1,  1,  1,  1,  1,
};

static const ldn_profile profiles[] = {
	[LDN_PRAIS4] = {
		.id = LDN_PRAIS4,
		.name = "prais4",
		.title = "UNCCD reporting manual 2026 (PRAIS 4), exact arithmetic",
		.missing_also = 9999,
		.trend = {
			.test = LDN_TREND_EXACT,
			.valid_years_min = 4,
			.limits = {0.10, 0.05, 0.01},
			.stable_slope = -1,
			.significant_level = 2,
		},
		.state = {
			.test = LDN_STATE_PERCENTILES,
			.percentile = LDN_PERCENTILE_LINEAR,
			.margin_divisor = 20,
			.same_mean = 100,
			.class_change = 2,
			.z_limits = {1.28, 1.96},
		},
		.performance = {
			.quantile = 0.9,
			.ratio_limit = 0.5,
			.negative_unit_is_nodata = true,
		},
		.productivity = {.lpd3 = ldn_lpd3_table, .lpd5 = ldn_lpd5_table},
		.carbon = {
			.degraded_percent = -10,
			.improved_percent = 10,
			.lowest_percent = -INFINITY,
			.zone0_factor = NAN,
			.change_years = 20,
			.water_is_nodata = true,
		},
		.indicator = {.mode = LDN_STRICT},
		.drought = {.limits = {0, -1000, -1500, -2000}, .lowest = INT16_MIN, .period_years = 4, .period_years_used = 4},
	},
	[LDN_TE] = {
		.id = LDN_TE,
		.name = "te",
		.title = "Trends.Earth, quirks included",
		.missing_also = 9999,
		.trend = {
			.test = LDN_TREND_TABLE,
			.valid_years_min = 1,
			.table = ldn_te_kendall,
			.table_first = LDN_TE_KENDALL_FIRST,
			.table_last = LDN_TE_KENDALL_LAST,
			.s_years_max = 50,
			.sign_of_slope = true,
			.first_limit_is_stable = true,
			.stable_slope = 10,
			.significant_level = 2,
		},
		.state = {
			.test = LDN_STATE_PERCENTILES,
			.percentile = LDN_PERCENTILE_LINEAR,
			.margin_divisor = 20,
			.same_mean = 100,
			.class_change = 2,
			.z_limits = {1.28, 1.96},
			.missing_is_unchanged = true,
		},
		.performance = {
			.quantile = 0.9,
			.ratio_limit = 0.5,
		},
		.productivity = {.lpd3 = ldn_lpd3_table, .lpd5 = ldn_lpd5_table},
		.carbon = {
			.degraded_percent = -10,
			.improved_percent = 10,
			.limits_inclusive = true,
			.truncate_percent = true,
			.two_dates_whole = true,
			.lowest_percent = -101,
			.zone0_factor = 0,
			.change_years = 20,
			.water_is_nodata = true,
		},
		.indicator = {.mode = LDN_STRICT, .unknown_status_passes = true},
		.people = {.degraded_is_negative = true, .missing_wraps = true},
		.drought = {
			.limits = {0, -1000, -1500, -2000},
			.limit_is_milder = {true, true, true, true},
			.lowest = -30000,
			.period_years = 4,
			.period_years_used = 3,
			.missing_spoils_period = true,
		},
		.zone = {.centres_closed = true},
	},
	[LDN_GPG2] = {
		.id = LDN_GPG2,
		.name = "gpg2",
		.title = "Good Practice Guidance 15.3.1 version 2: z-scores and its look-up",
		.missing_also = 9999,
		.trend = {
			.test = LDN_TREND_TAU_Z,
			.valid_years_min = 2,
			.limits = {1.28, 1.96, INFINITY},
			.years_asked_in_z = true,
			.stable_slope = -1,
			.significant_level = 2,
		},
		.state = {
			.test = LDN_STATE_Z,
			.percentile = LDN_PERCENTILE_LINEAR,
			.margin_divisor = 20,
			.same_mean = 100,
			.class_change = 2,
			.z_limits = {1.28, 1.96},
		},
		.performance = {
			.quantile = 0.9,
			.ratio_limit = 0.5,
			.negative_unit_is_nodata = true,
		},
		.productivity = {.lpd3 = ldn_gpg2_table, .lpd5 = ldn_lpd5_table},
		.carbon = {
			.degraded_percent = -10,
			.improved_percent = 10,
			.lowest_percent = -INFINITY,
			.zone0_factor = NAN,
			.change_years = 20,
			.water_is_nodata = true,
		},
		.indicator = {.mode = LDN_STRICT},
		.drought = {.limits = {0, -1000, -1500, -2000}, .lowest = INT16_MIN, .period_years = 4, .period_years_used = 4},
	},
};

const ldn_profile *ldn_profile_get(ldn_profile_name name)
{
	if ((unsigned)name >= sizeof profiles / sizeof *profiles)
		return NULL;
	return &profiles[name];
}

const ldn_profile *ldn_profile_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof profiles / sizeof *profiles; i++)
		if (!strcmp(profiles[i].name, name))
			return &profiles[i];
	return NULL;
}
