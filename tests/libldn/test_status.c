#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/status.h"

static void every_status_has_a_sentence_of_its_own(void **state)
{
	(void)state;
	for (int a = LDN_OK; a <= LDN_ERROR_DOMAIN; a++) {
		assert_true(strlen(ldn_status_text((ldn_status)a)) > 3);
		for (int b = LDN_OK; b < a; b++)
			assert_string_not_equal(ldn_status_text((ldn_status)a), ldn_status_text((ldn_status)b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_a_sentence_of_its_own),
	};
	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
