/* The profiles as data: prais4 is te with the changes that docs/method.md lists, and no other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/profile.h"

static void prais4_is_te_with_these_rules_changed_and_no_other(void **state)
{
	const ldn_profile *prais4 = ldn_profile_get(LDN_PRAIS4);
	ldn_profile mended;

	(void)state;
	memcpy(&mended, ldn_profile_get(LDN_TE), sizeof mended); /* with what lies between the members */
	mended.id = LDN_PRAIS4;
	mended.name = prais4->name;
	mended.title = prais4->title;
	/* a real two-sided p, of the valid years, whose sign is that of what was tested */
	mended.trend.test = LDN_TREND_EXACT;
	mended.trend.valid_years_min = 4;
	mended.trend.limits[0] = 0.10;
	mended.trend.limits[1] = 0.05;
	mended.trend.limits[2] = 0.01;
	mended.trend.table = NULL;
	mended.trend.table_first = mended.trend.table_last = 0;
	mended.trend.s_years_max = 0;
	mended.trend.sign_of_slope = false;
	mended.trend.first_limit_is_stable = false;
	mended.trend.stable_slope = -1;
	/* no data is handled */
	mended.state.missing_is_unchanged = false;
	mended.performance.negative_unit_is_nodata = true;
	mended.indicator.unknown_status_passes = false;
	/* the manual's words: more than 10 %, and a climate that is not known */
	mended.carbon.limits_inclusive = false;
	mended.carbon.truncate_percent = false;
	mended.carbon.two_dates_whole = false;
	mended.carbon.lowest_percent = -INFINITY;
	mended.carbon.zone0_factor = NAN;
	mended.drought.lowest = INT16_MIN;
	memset(mended.drought.limit_is_milder, 0, sizeof mended.drought.limit_is_milder);
	/* faults */
	mended.people.degraded_is_negative = mended.people.missing_wraps = false;
	mended.drought.period_years_used = 4;
	mended.drought.missing_spoils_period = false;
	mended.zone.centres_closed = false;

	assert_true(isnan(prais4->carbon.zone0_factor));
	mended.carbon.zone0_factor = prais4->carbon.zone0_factor;
	assert_memory_equal(&mended, prais4, sizeof mended);
}

static void gpg2_is_prais4_but_for_trend_state_and_look_up(void **state)
{
	const ldn_profile *prais4 = ldn_profile_get(LDN_PRAIS4), *gpg2 = ldn_profile_get(LDN_GPG2);

	(void)state;
	assert_int_equal(gpg2->trend.test, LDN_TREND_TAU_Z);
	assert_int_equal(gpg2->state.test, LDN_STATE_Z);
	assert_ptr_not_equal(gpg2->productivity.lpd3, prais4->productivity.lpd3);
	assert_ptr_equal(gpg2->productivity.lpd5, prais4->productivity.lpd5);
	assert_memory_equal(&gpg2->performance, &prais4->performance, sizeof gpg2->performance);
	assert_memory_equal(&gpg2->carbon, &prais4->carbon, sizeof gpg2->carbon);
	assert_memory_equal(&gpg2->indicator, &prais4->indicator, sizeof gpg2->indicator);
	assert_memory_equal(&gpg2->people, &prais4->people, sizeof gpg2->people);
	assert_memory_equal(&gpg2->drought, &prais4->drought, sizeof gpg2->drought);
	assert_memory_equal(&gpg2->zone, &prais4->zone, sizeof gpg2->zone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prais4_is_te_with_these_rules_changed_and_no_other),
		cmocka_unit_test(gpg2_is_prais4_but_for_trend_state_and_look_up),
	};
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
