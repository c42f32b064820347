/* Numbers' shortest digits, against printf and strtod. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "number.h"

/* The fewest of 15, 16 and 17 digits that read back, as the C library writes them. */
static void by_the_library(double number, char text[32])
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, 32, "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			return;
	}
}

static void number_is(double number)
{
	char text[32], expected[32];
	size_t length = number_text(number, text);
	by_the_library(number, expected);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(text));
}

static uint64_t chance(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state ^ *state >> 29;
}

static void digits_are_the_librarys_for_numbers_of_every_size(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int i = 0; i < 100000; i++) {
		double near_one = 1 + ldexp((double)(chance(&seed) >> 12), -52);
		number_is(ldexp(near_one, i % 90 - 30));
		number_is(-ldexp(near_one, i % 2000 - 1000));
	}
}

static void digits_are_the_librarys_for_short_decimals_sums_and_ties(void **state)
{
	(void)state;
	uint64_t seed = 2;
	for (int i = 0; i < 100000; i++) {
		double whole = (double)(chance(&seed) >> (20 + i % 44));
		number_is(whole / 1e4);                                         /* m2 as ha */
		number_is(whole / pow(10, i % 20));                             /* few digits */
		number_is(ldexp((double)(chance(&seed) >> 11 | 1), -(i % 66))); /* exact in binary: ties at the 17th digit */
	}
}

static void digits_are_right_at_the_edges(void **state)
{
	(void)state;
	for (int exponent = -320; exponent <= 308; exponent++)
		for (int k = -3; k <= 3; k++) {
			double ten = pow(10, exponent), near = ten;
			for (int step = 0; step < abs(k); step++)
				near = nextafter(near, k < 0 ? 0 : INFINITY);
			if (near > 0 && (near >= 1e15 || near != trunc(near)))
				number_is(near);
		}
	for (int power = -1022; power < 1023; power++)
		number_is(ldexp(1, power) < 1e15 && power >= 0 ? 0.5 + ldexp(1, power) : ldexp(1, power));
}

static void whole_numbers_have_no_point(void **state)
{
	(void)state;
	static const struct {
		double number;
		const char *text;
	} cases[] = {{0, "0"}, {-0.0, "-0"}, {7, "7"}, {-120, "-120"}, {1e6, "1000000"}, {999999999999999, "999999999999999"}, {1e15, "1e+15"}, {0.5, "0.5"}, {1e-4, "0.0001"}, {1e-5, "1e-05"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[32];
		number_text(cases[i].number, text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_the_librarys_for_numbers_of_every_size),
		cmocka_unit_test(digits_are_the_librarys_for_short_decimals_sums_and_ties),
		cmocka_unit_test(digits_are_right_at_the_edges),
		cmocka_unit_test(whole_numbers_have_no_point),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
