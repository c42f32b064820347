#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "leaves_match.h"

static double double_of_bits(guint64 bits)
{
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

/* RFC 8785, appendix B. */
static void numbers_are_written_as_rfc_8785_appendix_b_lists_them(void **state)
{
	(void)state;
	static const struct {
		guint64 bits;
		const char *text;
	} samples[] = {
		{ 0x0000000000000000, "0" },
		{ 0x8000000000000000, "0" },
		{ 0x0000000000000001, "5e-324" },
		{ 0x8000000000000001, "-5e-324" },
		{ 0x7fefffffffffffff, "1.7976931348623157e+308" },
		{ 0xffefffffffffffff, "-1.7976931348623157e+308" },
		{ 0x4340000000000000, "9007199254740992" },
		{ 0xc340000000000000, "-9007199254740992" },
		{ 0x4430000000000000, "295147905179352830000" },
		{ 0x44b52d02c7e14af5, "9.999999999999997e+22" },
		{ 0x44b52d02c7e14af6, "1e+23" },
		{ 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
		{ 0x444b1ae4d6e2ef4e, "999999999999999700000" },
		{ 0x444b1ae4d6e2ef4f, "999999999999999900000" },
		{ 0x444b1ae4d6e2ef50, "1e+21" },
		{ 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
		{ 0x3eb0c6f7a0b5ed8d, "0.000001" },
		{ 0x41b3de4355555553, "333333333.3333332" },
		{ 0x41b3de4355555554, "333333333.33333325" },
		{ 0x41b3de4355555555, "333333333.3333333" },
		{ 0x41b3de4355555556, "333333333.3333334" },
		{ 0x41b3de4355555557, "333333333.33333343" },
		{ 0xbecbf647612f3696, "-0.0000033333333333333333" },
		{ 0x43143ff3c1cb0959, "1424953923781206.2" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
		char buffer[32];
		gsize length = canonical_number(double_of_bits(samples[i].bits), buffer);
		assert_string_equal(buffer, samples[i].text);
		assert_int_equal(length, strlen(samples[i].text));
	}
}

static void every_number_reads_back_as_itself(void **state)
{
	(void)state;
	g_autoptr(GRand) random = g_rand_new_with_seed(8785);
	for (int i = 0; i < 20000; i++) {
		guint64 bits = ((guint64)g_rand_int(random) << 32) | g_rand_int(random);
		double value = double_of_bits(bits);
		char buffer[32];
		if (value != value || value - value != 0)
			continue;
		canonical_number(value, buffer);
		assert_true(g_ascii_strtod(buffer, NULL) == value);
	}
}

static void assert_canonical(const char *json, const char *expected)
{
	json_auto_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	assert_non_null(value);
	gsize length;
	g_autofree char *text = canonical_text(value, &length, NULL);
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
}

/* RFC 8785, 3.2.2 and 3.2.3. */
static void members_are_sorted_by_utf16_code_units_and_strings_escaped_minimally(void **state)
{
	(void)state;
	assert_canonical("{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"
	                 "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"literals\":[null,true,false]}",
	    "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
	    "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
	assert_canonical("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
	                 "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
	    "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\","
	    "\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
	assert_canonical("{\"a\":{},\"\":[],\"aa\":1,\"A\":-0.0}", "{\"\":[],\"A\":0,\"a\":{},\"aa\":1}");
}

static void what_no_double_can_hold_is_refused_with_a_remedy(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	json_auto_t *big = json_integer(9007199254740993);
	assert_null(canonical_text(big, NULL, &error));
	assert_non_null(strstr(error->message, "9007199254740993"));
	json_auto_t *edge = json_integer(-9007199254740992);
	g_autofree char *text = canonical_text(edge, NULL, NULL);
	assert_string_equal(text, "-9007199254740992");
}

/* FIPS 180-4, "abc". */
static void hashes_are_sha256_of_the_canonical_bytes(void **state)
{
	(void)state;
	g_autofree char *abc = sha256_hex("abc", 3);
	assert_string_equal(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	json_auto_t *one = json_loads("{\"b\":1,\"a\":2.0}", 0, NULL), *other = json_loads(" {\"a\":2, \"b\":1.0e0} ", 0, NULL);
	g_autofree char *first = canonical_hash(one, NULL), *second = canonical_hash(other, NULL), *expected = sha256_hex("{\"a\":2,\"b\":1}", 13);
	assert_string_equal(first, second);
	assert_string_equal(first, expected);
}

static json_t *random_value(GRand *dice, guint depth)
{
	static const char *const texts[] = { "", "soil", "\"quoted\" \\ back", "line\nbreak\ttab\r\b\f", "\xD0\x9D\xD3\xA9\xD1\x85\xD3\xA9\xD0\xBD", "\xE7\x9F\xBF\xE5\x8C\xBA", "\x01" };
	switch (g_rand_int_range(dice, 0, depth > 4 ? 6 : 8)) {
	case 0: return json_string(texts[g_rand_int_range(dice, 0, G_N_ELEMENTS(texts) - (g_rand_int_range(dice, 0, 50) != 0))]);
	case 1: return json_integer(g_rand_int_range(dice, -1000000, 1000000));
	case 2: return json_real(g_rand_double_range(dice, -1, 1) * (g_rand_boolean(dice) ? 1e25 : 100));
	case 3: return json_boolean(g_rand_boolean(dice));
	case 4: return json_null();
	case 5: return json_string(texts[1]);
	default: break;
	}
	json_t *value = g_rand_boolean(dice) ? json_array() : json_object();
	for (gint n = g_rand_int_range(dice, 0, 5); n > 0; n--) {
		if (json_is_array(value))
			json_array_append_new(value, random_value(dice, depth + 1));
		else
			json_object_set_new(value, texts[g_rand_int_range(dice, 0, 6)], random_value(dice, depth + 1));
	}
	return value;
}

static void the_quick_reader_reads_what_the_general_one_reads_or_leaves_it_to_it(void **state)
{
	(void)state;
	GRand *dice = g_rand_new_with_seed(8);
	pool *p = pool_new();
	guint read = 0;
	for (guint i = 0; i < 4000; i++) {
		json_t *value = random_value(dice, 0);
		gsize length;
		g_autofree char *bytes = canonical_text(value, &length, NULL);
		json_decref(value);
		json_t *general = bytes ? json_loadb(bytes, length, JSON_DECODE_ANY, NULL) : NULL, *quick = bytes ? canonical_read(bytes, length) : NULL;
		read += quick != NULL;
		assert_true(!quick || json_equal(quick, general));
		const canonical_leaf *leaves;
		gboolean known = bytes && canonical_leaves(bytes, length, p, &leaves);
		assert_int_equal(known, json_is_object(quick));
		assert_true(!known || (leaves_match(&leaves, NULL, quick) && !leaves));
		json_decref(general);
		json_decref(quick);
		for (guint k = 0; bytes && k < 3; k++) { /* damaged: any answer, but none from beyond the end */
			g_autofree char *damaged = g_strndup(bytes, (gsize)g_rand_int_range(dice, 0, (gint)length + 1));
			gsize n = strlen(damaged);
			if (n)
				damaged[g_rand_int_range(dice, 0, (gint)n)] = "\"\\{}[],:0\x80"[g_rand_int_range(dice, 0, 10)];
			quick = canonical_read(damaged, n);
			assert_int_equal(canonical_leaves(damaged, n, p, &leaves), json_is_object(quick));
			json_decref(quick);
		}
		pool_empty(p);
	}
	assert_true(read > 800);
	g_rand_free(dice);
	pool_free(p);
}

/* A byte that cannot be, at every place of a text that is long enough to be looked at eight bytes at once. */
static void the_quick_reader_refuses_what_is_not_utf8_and_the_zero_byte_wherever_it_stands(void **state)
{
	(void)state;
	static const char whole[] = "{\"name\":\"Topsoil kept for thirty years\",\"n\":[1,2,345],\"ok\":true}";
	json_t *value = canonical_read(whole, sizeof whole - 1);
	assert_non_null(value);
	json_decref(value);
	for (gsize i = 0; i < sizeof whole - 1; i++)
		for (gsize k = 0; k < 3; k++) {
			char damaged[sizeof whole];
			memcpy(damaged, whole, sizeof whole);
			damaged[i] = "\0\xff\xc3"[k];
			assert_null(canonical_read(damaged, sizeof whole - 1));
		}
}

static void leaves_have_the_paths_of_the_objects_they_lie_in_and_lists_do_not_count(void **state)
{
	(void)state;
	static const char bytes[] = "{\"a\":[\"x\",[\"y\",2.5]],\"b\":{},\"c\":{\"d\":[{\"e\":true},{\"e\":null},{\"e\":-7}]},\"q\\n\":\"\\\"\\\\\"}";
	const canonical_leaf *leaves;
	pool *p = pool_new();
	assert_true(canonical_leaves(bytes, sizeof bytes - 1, p, &leaves));
	assert_string_equal(canonical_leaf_text(leaves, "a"), "x");
	const canonical_leaf *second = canonical_leaf_at(leaves->next, "a"), *third = canonical_leaf_at(second->next, "a");
	assert_string_equal(second->text, "y");
	assert_null(third->text);
	assert_true(third->number == 2.5);
	assert_null(canonical_leaf_at(third->next, "a"));
	assert_null(canonical_leaf_at(leaves, "b"));
	assert_string_equal(canonical_leaf_text(leaves, "c.d.e"), "true");
	assert_true(canonical_leaf_at(canonical_leaf_at(leaves, "c.d.e")->next, "c.d.e")->number == -7);
	assert_string_equal(canonical_leaf_text(leaves, "q\n"), "\"\\");
	gsize size = canonical_leaves_size(leaves);
	gpointer copied = g_malloc(size);
	const canonical_leaf *copy = canonical_leaves_copy(leaves, copied);
	for (; leaves; leaves = leaves->next, copy = copy->next) {
		assert_string_equal(copy->path, leaves->path);
		assert_int_equal(g_strcmp0(copy->text, leaves->text), 0);
		assert_true(copy->number == leaves->number);
	}
	assert_null(copy);
	g_free(copied);
	assert_int_equal(canonical_leaves_size(NULL), 0);
	assert_null(canonical_leaves_copy(NULL, NULL));
	assert_true(canonical_leaves("{}", 2, p, &leaves));
	assert_null(leaves);
	assert_false(canonical_leaves("[1]", 3, p, &leaves));
	assert_false(canonical_leaves("", 0, p, &leaves));
	pool_free(p);
}

static void text_for_programs_has_the_numbers_of_the_canonical_form_and_members_in_their_order(void **state)
{
	(void)state;
	json_t *value = json_pack("{s:f, s:I, s:[f, s, n], s:{}}", "z", 5.505459, "big", (json_int_t)9007199254740993, "a", -108.97079, "\"\xc3\xa9\n", "none");
	g_autofree char *text = json_text(value);
	assert_string_equal(text, "{\"z\":5.505459,\"big\":9007199254740993,\"a\":[-108.97079,\"\\\"\xc3\xa9\\n\",null],\"none\":{}}");
	json_decref(value);
}

static void what_is_written_piece_by_piece_is_what_is_written_of_a_value(void **state)
{
	(void)state;
	static const gint64 numbers[] = { 0, 7, -7, 10, 1234567890, G_MAXINT64, G_MININT64 };
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
		g_autoptr(GString) out = g_string_new("n=");
		g_autofree char *expected = g_strdup_printf("n=%" G_GINT64_FORMAT, numbers[i]);
		json_write_integer(out, numbers[i]);
		assert_string_equal(out->str, expected);
	}
	for (int c = 1; c < 0x80; c++) {
		g_autoptr(GString) out = g_string_new(NULL);
		const char text[] = { 'a', (char)c, (char)c, '\xC3', '\xA9', (char)c, 0 };
		json_write_string(out, text);
		json_t *read = json_loads(out->str, JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(read), text);
		g_autofree char *whole = json_text(read);
		assert_string_equal(whole, out->str);
		assert_true(c >= 0x20 || out->len == (strchr("\b\t\n\f\r", c) ? 11u : 23u)); /* a letter, or its number */
		json_decref(read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_rfc_8785_appendix_b_lists_them),
		cmocka_unit_test(every_number_reads_back_as_itself),
		cmocka_unit_test(members_are_sorted_by_utf16_code_units_and_strings_escaped_minimally),
		cmocka_unit_test(what_no_double_can_hold_is_refused_with_a_remedy),
		cmocka_unit_test(hashes_are_sha256_of_the_canonical_bytes),
		cmocka_unit_test(text_for_programs_has_the_numbers_of_the_canonical_form_and_members_in_their_order),
		cmocka_unit_test(what_is_written_piece_by_piece_is_what_is_written_of_a_value),
		cmocka_unit_test(the_quick_reader_reads_what_the_general_one_reads_or_leaves_it_to_it),
		cmocka_unit_test(leaves_have_the_paths_of_the_objects_they_lie_in_and_lists_do_not_count),
		cmocka_unit_test(the_quick_reader_refuses_what_is_not_utf8_and_the_zero_byte_wherever_it_stands),
	};
	return cmocka_run_group_tests_name("canonical", tests, NULL, NULL);
}
