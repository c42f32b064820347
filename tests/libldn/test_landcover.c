/* Legends and matrices of any shape, from text; what is refused says where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/landcover.h"

static ldn_legend legend;
static ldn_matrix matrix;
static ldn_text_fault fault;

static ldn_status read_legend(const char *text)
{
	return ldn_legend_parse(text, strlen(text), &legend, &fault);
}

static ldn_status read_matrix(const char *text)
{
	return ldn_matrix_parse(text, strlen(text), &legend, &matrix, &fault);
}

static void the_default_legends_have_seven_classes_with_their_names(void **state)
{
	(void)state;
	ldn_legend_esa(&legend);
	assert_int_equal(legend.count, 7);
	for (int k = 0; k < 7; k++) {
		assert_int_equal(legend.classes[k].code, k + 1);
		assert_int_equal(legend.classes[k].unccd, k + 1);
		assert_true(legend.classes[k].name[0] != 0);
	}
	assert_string_equal(legend.classes[6].name, "Water body");
	ldn_legend_unccd(&legend);
	assert_int_equal(legend.count, 7);
	assert_int_equal(legend.position[7], 7);
	assert_int_equal(legend.position[8], 0);
}

static void a_legend_is_read_with_any_separator_quotes_ranges_and_order_of_columns(void **state)
{
	(void)state;
	assert_int_equal(read_legend("\xef\xbb\xbf# national map\r\nname;class;raw;unccd\r\n\"Larch; dense\";30;300-302;1\r\n;30;305;\r\nSteppe;10;100;2\r\nPit;20;-5;5\r\n;;9;\r\n"),
		LDN_OK);
	assert_int_equal(legend.count, 3);
	assert_int_equal(legend.classes[0].code, 10);
	assert_int_equal(legend.classes[2].code, 30);
	assert_string_equal(legend.classes[2].name, "Larch; dense");
	const int16_t raw[8] = {300, 301, 302, 305, 100, -5, 9, 303};
	const uint8_t expected[8] = {3, 3, 3, 3, 1, 2, 0, 0}, kinds[8] = {1, 1, 1, 1, 2, 5, 0, 0};
	uint8_t position[8], kind[8];
	ldn_landcover_nest(&legend, 8, raw, position);
	ldn_landcover_kind(&legend, 8, position, kind);
	assert_memory_equal(position, expected, sizeof expected);
	assert_memory_equal(kind, kinds, sizeof kinds);
}

static void a_legend_without_classes_makes_every_code_a_class_up_to_a_hundred(void **state)
{
	(void)state;
	assert_int_equal(read_legend("raw\tname\n200-299\n"), LDN_OK);
	assert_int_equal(legend.count, 100);
	assert_int_equal(legend.position[200], 1);
	assert_int_equal(legend.position[299], 100);
	assert_int_equal(legend.classes[0].unccd, 0);
	assert_int_equal(ldn_transition_multiplier(legend.count), 100);
	const uint8_t from[2] = {100, 100}, to[2] = {100, 1};
	int16_t code[2];
	ldn_landcover_transition(100, 2, from, to, code);
	assert_int_equal(code[0], 10100);
	assert_int_equal(code[1], 10001);
	assert_int_equal(read_legend("raw\n200-300\n"), LDN_ERROR_ARGUMENT);
	assert_int_equal(legend.count, 0);
}

static void a_faulty_legend_says_line_column_and_what(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t line, column;
	} faults[] = {
		{"", 0, 1}, {"code,class\n1,1\n", 1, 1}, {"raw,class\n", 2, 1}, {"raw,class\n1,1\n1,2\n", 3, 1}, {"raw,class\n5,1\n3-6,2\n", 3, 1},
		{"raw,class\n1,one\n", 2, 3}, {"raw,class\n40000,1\n", 2, 1}, {"raw,class\n6-3,1\n", 2, 1}, {"raw,class\n1-2-3,1\n", 2, 1},
		{"raw,raw\n1,1\n", 1, 5}, {"raw,class,unccd\n1,1,8\n", 2, 5}, {"raw,class,unccd\n1,1,2\n2,1,3\n", 3, 5},
		{"raw,class,name\n1,1,\"open\n", 2, 6}, {"raw,class\n1,\xff\n", 2, 3}, {"raw,class\n99999999999999999999,1\n", 2, 1},
		{"raw,class,name\n1,1,aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg\n", 2, 5},
	};
	for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
		if (read_legend(faults[k].text) != LDN_ERROR_ARGUMENT || !fault.what)
			fail_msg("legend %zu was taken", k);
		if (k > 0 && k != 2 && (fault.line != faults[k].line || fault.column != faults[k].column))
			fail_msg("legend %zu: line %zu, column %zu (%s)", k, fault.line, fault.column, fault.what);
	}
	assert_int_equal(ldn_legend_parse("raw\n1\n\0", 7, &legend, NULL), LDN_ERROR_ARGUMENT);
}

static void a_matrix_is_read_as_a_square_or_as_a_list_and_both_say_the_same(void **state)
{
	(void)state;
	ldn_matrix square;
	read_legend("raw,class,name\n1,1,wood\n2,2,pit\n3,3,lake\n");
	assert_int_equal(read_matrix("from\\to,wood,pit,lake\nwood,0,-,S\npit,I,0,\nlake,0,-1,+1\n"), LDN_OK);
	square = matrix;
	assert_int_equal(read_matrix("initial,final,meaning\n1,1,0\nwood,pit,D\n1,3,0\n2,wood,+\n2,2,0\n3,1,S\n3,2,-\n3,3,1\n"), LDN_OK);
	assert_memory_equal(square.meaning, matrix.meaning, sizeof matrix.meaning);
	assert_int_equal(matrix.meaning[2][3], LDN_MEANING_NONE);
	const uint8_t from[6] = {1, 2, 2, 3, 0, 200}, to[6] = {2, 1, 3, 3, 1, 1};
	const int16_t expected[6] = {-1, 1, LDN_NODATA, 1, LDN_NODATA, LDN_NODATA};
	int16_t classes[6];
	ldn_landcover_degradation(&matrix, 6, from, to, classes);
	assert_memory_equal(classes, expected, sizeof expected);
}

static void the_default_matrix_is_what_its_text_says(void **state)
{
	(void)state;
	ldn_matrix built;
	ldn_legend_unccd(&legend);
	ldn_matrix_unccd(&built);
	assert_int_equal(read_matrix(",1,2,3,4,5,6,7\n1,0,-,-,-,-,-,0\n2,+,0,+,-,-,-,0\n3,+,-,0,-,-,-,0\n4,-,-,-,0,-,-,0\n5,+,+,+,+,0,+,0\n"
			     "6,+,+,+,+,-,0,0\n7,0,0,0,0,0,0,0\n"), LDN_OK);
	assert_int_equal(built.count, matrix.count);
	assert_memory_equal(built.meaning, matrix.meaning, sizeof matrix.meaning);
}

static void a_faulty_matrix_says_line_and_column(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t line, column;
	} faults[] = {
		{",1,2\n1,0,x\n", 2, 5}, {",1,9\n1,0,0\n", 1, 4}, {",1,1\n", 1, 4}, {",1,2\n1,0,0\n1,0,0\n", 3, 3}, {",1,2\n9,0,0\n", 2, 1},
		{",1,2\n1,0,0,0\n", 2, 7}, {"initial,final,meaning\n1,2\n", 2, 4}, {"initial,final,meaning\n1,2,0\n1,2,0\n", 3, 5}, {"from,to,meaning\n1,8,0\n", 2, 3},
	};
	ldn_legend_unccd(&legend);
	for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
		if (read_matrix(faults[k].text) != LDN_ERROR_ARGUMENT || !fault.what)
			fail_msg("matrix %zu was taken", k);
		if (fault.line != faults[k].line || fault.column != faults[k].column)
			fail_msg("matrix %zu: line %zu, column %zu (%s)", k, fault.line, fault.column, fault.what);
	}
	assert_int_equal(read_matrix(" \n# nothing\n"), LDN_ERROR_ARGUMENT);
}

static void too_many_years_are_refused(void **state)
{
	(void)state;
	uint8_t cover = 1, scratch;
	assert_int_equal(ldn_landcover_changes(1, 0, &cover, NULL, NULL, &scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_landcover_changes(0, 40000, &cover, NULL, NULL, &scratch), LDN_ERROR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_legends_have_seven_classes_with_their_names),
		cmocka_unit_test(a_legend_is_read_with_any_separator_quotes_ranges_and_order_of_columns),
		cmocka_unit_test(a_legend_without_classes_makes_every_code_a_class_up_to_a_hundred),
		cmocka_unit_test(a_faulty_legend_says_line_column_and_what),
		cmocka_unit_test(a_matrix_is_read_as_a_square_or_as_a_list_and_both_say_the_same),
		cmocka_unit_test(the_default_matrix_is_what_its_text_says),
		cmocka_unit_test(a_faulty_matrix_says_line_and_column),
		cmocka_unit_test(too_many_years_are_refused),
	};
	return cmocka_run_group_tests_name("land cover", tests, NULL, NULL);
}
