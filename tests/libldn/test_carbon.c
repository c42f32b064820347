/* Classes of carbon stocks: whole numbers compared as whole numbers give what doubles give, at and around every limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "ldn/carbon.h"
#include "ldn/landcover.h"

static void whole_stocks_get_the_class_of_doubles(void **state)
{
	static const char *const names[] = {"prais4", "te", "gpg2"};
	static const int16_t around[] = {-2, -1, 0, 1, 2};
	(void)state;
	for (size_t p = 0; p < 4; p++) {
		ldn_carbon_rule rule = ldn_profile_find(names[p % 3])->carbon;
		if (p == 3)
			rule.degraded_percent = -7.5; /* not whole: compared as doubles */
		for (int start = -40; start < INT16_MAX; start += start < 700 ? 1 : 97)
			for (int limit = 0; limit < 3; limit++)
				for (size_t k = 0; k < sizeof around / sizeof *around; k++) {
					int end = start + (limit - 1) * start / 10 + around[k];
					if (end > INT16_MAX)
						continue;
					int16_t from = start == -40 ? LDN_NODATA : (int16_t)start, to = k == 0 && start % 7 == 0 ? LDN_NODATA : (int16_t)end, class, other;
					double stocks[2];
					uint8_t water = start % 11 == 0;
					ldn_carbon_from_int16(1, &from, stocks);
					ldn_carbon_from_int16(1, &to, stocks + 1);
					ldn_carbon_class_stocks(&rule, 1, stocks, stocks + 1, &water, &other);
					ldn_carbon_class_stocks_int16(&rule, 1, &from, &to, &water, &class);
					assert_int_equal(class, other);
				}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(whole_stocks_get_the_class_of_doubles)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
