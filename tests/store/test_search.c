#include "example.h"

#include <math.h>
#include <string.h>

#include "store/tokenizer.h"
#include "store/words.h"

static void a_word_in_the_title_ranks_before_the_summary_before_the_body(void **state)
{
	example *e = *state;
	put_case(e, "in-body", "Quarry A", "A summary.", "Topsoil here. Topsoil there. Topsoil topsoil topsoil.");
	put_case(e, "in-summary", "Quarry B", "All about topsoil.", "Nothing.");
	put_case(e, "in-title", "Topsoil returned", "A summary.", "Nothing.");
	assert_finds(e, "topsoil", "in-title in-summary in-body");
}

static void case_accents_and_letters_of_other_alphabets_are_folded(void **state)
{
	example *e = *state;
	put_case(e, "tromso", "Tromsø kobbergruve", "Łódź and Straße", "x");
	put_case(e, "gecamines", "Gécamines à Kolwezi", "São Paulo", "x");
	put_case(e, "mongolia", "Эрдэнэт уурхайн нөхөн сэргээлт", "ЁЛКА", "x");
	assert_finds(e, "TROMSO", "tromso");
	assert_finds(e, "tromsö", "tromso");
	assert_finds(e, "lodz strasse", "tromso");
	assert_finds(e, "gecamines", "gecamines");
	assert_finds(e, "SAO paulo", "gecamines");
	assert_finds(e, "Ge\u0301camines", "gecamines");
	assert_finds(e, "эрдэнэт", "mongolia");
	assert_finds(e, "НӨХӨН сэргээлт", "mongolia");
	assert_finds(e, "елка", "mongolia");
}

static void chinese_is_found_by_any_run_of_its_characters(void **state)
{
	example *e = *state;
	put_case(e, "pingshuo", "平朔露天煤矿土地复垦", "矿区生态修复", "x");
	put_case(e, "other", "土壤修复与矿地", "复土", "x");
	assert_finds(e, "土地复垦", "pingshuo");
	assert_finds(e, "煤矿", "pingshuo");
	assert_finds(e, "矿", "pingshuo other");
	assert_finds(e, "地土", "");
	assert_finds(e, "露天 生态", "pingshuo");
}

static void arabic_is_found_without_its_vowel_marks(void **state)
{
	example *e = *state;
	put_case(e, "arabic", "إعادة تأهيل المَنَاجِم", "x", "x");
	assert_finds(e, "المناجم", "arabic");
	assert_finds(e, "اعادة", "arabic");
}

static void all_words_must_occur_and_prefixes_and_phrases_are_kept(void **state)
{
	example *e = *state;
	put_case(e, "one", "Tailings capped with topsoil", "Revegetation of a dam", "x");
	put_case(e, "two", "Topsoil capped tailings", "Revegetated", "x");
	put_case(e, "three", "Tailings", "A lake", "x");
	assert_finds(e, "tailings topsoil", "one two");
	assert_finds(e, "\"capped tailings\"", "two");
	assert_finds(e, "\u201Ccapped tailings\u201D", "two");
	assert_finds(e, "reveg*", "one two");
	assert_finds(e, "reveg", "one two"); /* no such word: the beginning of one */
	assert_finds(e, "\"reveg\"", "");
	assert_finds(e, "lake tail", "three");
	assert_finds(e, "capped-tail", "two");
	assert_finds(e, "lak zinc", "");
	assert_finds(e, "tail* lak*", "three");
	assert_finds(e, "\"capped tail\"*", "two");
	assert_finds(e, "tailings zinc", "");
}

static void any_text_is_a_question_and_never_an_error(void **state)
{
	example *e = *state;
	put_case(e, "one", "AND OR NOT NEAR", "col:umn", "x");
	static const char *const texts[] = { "\"", "*", "AND", "a AND", "NOT", "NEAR(", "title:x", "((((", "'; DROP TABLE revision; --", "^x", "{a b}:c",
		"\xFF\xFE", "\"\"\"\"", "-", "+", "a\"b", "x*y*", "\xF0\x9F\x92\xA9", "\u200B", "<script>", "%s%n", "\\" };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *ids = ids_of(e, &(store_query) { .text = texts[i], .facets = TRUE });
	}
	g_autofree char *longest = g_strnfill(100000, 'a');
	assert_finds(e, longest, "");
	g_autofree char *quotes = g_strnfill(5000, '"');
	assert_finds(e, quotes, "");
	assert_finds(e, "!!!", "");
	assert_finds(e, "   ", "one");
	assert_finds(e, "and or not near", "one");
	assert_finds(e, "COL:umn", "one");
}

static char *snippet_of(example *e, const char *text)
{
	g_autoptr(store_result) result = store_search(e->r, &(store_query) { .kind = "case", .text = text }, NULL);
	assert_non_null(result);
	assert_int_equal(result->n, 1);
	return g_strdup(result->hits[0].snippet);
}

static void a_snippet_shows_the_passage_with_the_words_marked(void **state)
{
	example *e = *state;
	g_autofree char *filler = g_strnfill(3000, 'x');
	for (gsize i = 7; i < 3000; i += 8)
		filler[i] = ' ';
	g_autofree char *body = g_strconcat(filler, ". The Société limed the acid soil, then\nseeded it. ", filler, NULL);
	put_case(e, "one", "Regreening", "Barren hills of Sudbury, 矿区生态修复.", body);
	g_autofree char *summary = snippet_of(e, "sudbury hills");
	assert_string_equal(summary, "Barren \uE000hills\uE001 of \uE000Sudbury\uE001, 矿区生态修复.");
	g_autofree char *deep = snippet_of(e, "\"acid soil\" societe");
	assert_non_null(strstr(deep, "The \uE000Société\uE001 limed the \uE000acid soil\uE001, then seeded it."));
	assert_true(g_str_has_prefix(deep, "…") && g_str_has_suffix(deep, "…"));
	assert_true(g_utf8_validate(deep, -1, NULL) && strlen(deep) < 320);
}

static void a_snippet_marks_prefixes_and_chinese(void **state)
{
	example *e = *state;
	put_case(e, "one", "Title", "Rehabilitated land 矿区生态修复 here", "x");
	g_autofree char *prefix = snippet_of(e, "rehab*");
	assert_string_equal(prefix, "\uE000Rehabilitated\uE001 land 矿区生态修复 here");
	g_autofree char *half = snippet_of(e, "rehabil");
	assert_string_equal(half, prefix);
	g_autofree char *chinese = snippet_of(e, "生态");
	assert_string_equal(chinese, "Rehabilitated land 矿区\uE000生态\uE001修复 here");
	g_autofree char *title = snippet_of(e, "title");
	assert_string_equal(title, "Rehabilitated land 矿区生态修复 here");
}

static void a_snippet_is_the_summary_where_only_a_term_matches(void **state)
{
	example *e = *state;
	put(e, record_of("case", "one", RECORD_PUBLISHED, NULL, "{'title':'Title','summary':'Trees came back.','country':'AUS','challenge':'Bauxite was dug out of the forest of Australia for sixty years.'}"));
	put(e, record_of("case", "two", RECORD_PUBLISHED, NULL, "{'title':'Title','summary':'Trees came back.','country':'AUS','challenge':'Dust.'}"));
	g_auto(GStrv) wanted = g_strsplit("\uE000Bauxite\uE001 was dug out of the forest of \uE000Australia\uE001 for sixty years.|Trees came back.", "|", -1);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(store_result) found = store_search(e->r, &(store_query) { .text = i ? "australia dust" : "australia bauxite" }, NULL);
		assert_int_equal(found->n, 1);
		if (!strstr(found->hits[0].snippet, wanted[i]))
			fail_msg("%s is not in %s", wanted[i], found->hits[0].snippet);
	}
}

static void labels_of_terms_are_found_as_well_as_their_ids(void **state)
{
	example *e = *state;
	put(e, record_of("case", "levy", RECORD_PUBLISHED, NULL, "{'title':'Levy','country':'AUS','summary':'s'}"));
	assert_finds(e, "australia", "levy");
	assert_finds(e, "aus levy", "levy");
	assert_finds(e, "austria", "");
}

static void drafts_and_withdrawn_records_are_not_found(void **state)
{
	example *e = *state;
	put(e, record_of("case", "draft", RECORD_DRAFT, NULL, "{'title':'Secret draft','summary':'s'}"));
	put(e, record_of("case", "gone", RECORD_PUBLISHED, NULL, "{'title':'Secret gone','summary':'s'}"));
	assert_finds(e, "secret", "gone");
	put(e, record_of("case", "gone", RECORD_WITHDRAWN, NULL, "{'title':'Secret gone','summary':'s'}"));
	assert_finds(e, "secret", "");
	assert_finds(e, NULL, "");
	assert_int_equal(store_count(e->r, "case", NULL), 0);
	g_autoptr(record) draft = store_get(e->r, "case", "draft", NULL, NULL);
	assert_null(draft);
	g_autoptr(record) gone = store_get(e->r, "case", "gone", NULL, NULL);
	assert_non_null(gone);
	assert_int_equal(gone->state, RECORD_WITHDRAWN);
}

static void a_draft_of_a_published_record_changes_nothing_that_is_seen(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'Public words','summary':'s'}"));
	put(e, record_of("case", "a", RECORD_DRAFT, NULL, "{'title':'Hidden words','summary':'s'}"));
	assert_finds(e, "public", "a");
	assert_finds(e, "hidden", "");
	g_autoptr(record) seen = store_get(e->r, "case", "a", NULL, NULL);
	assert_string_equal(record_title(seen), "Public words");
	g_autoptr(record) newest = store_revision(e->r, "case", "a", 0, NULL);
	assert_string_equal(record_title(newest), "Hidden words");
}

static void a_new_revision_is_found_by_its_words_and_no_longer_by_the_old(void **state)
{
	example *e = *state;
	put_case(e, "a", "Copper", "s", "x");
	assert_finds(e, "copper", "a");
	put_case(e, "a", "Nickel", "s", "x");
	put_case(e, "b", "Nickel and copper", "s", "x");
	assert_finds(e, "copper", "b");
	assert_finds(e, "nickel", "a b");
	example_reopen(e);
	assert_finds(e, "copper", "b");
}

typedef struct seen {
	GString *words;
	const char *const *begins; /* those that begin with one of these are written down; NULL-terminated */
} seen;

static gboolean see(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	seen *s = data;
	gboolean wanted = FALSE;
	for (gsize i = 0; s->begins[i]; i++)
		wanted = wanted || (length >= strlen(s->begins[i]) && memcmp(word, s->begins[i], strlen(s->begins[i])) == 0);
	if (wanted)
		g_string_append_printf(s->words, "%.*s %zu-%zu\n", (int)length, word, start, end);
	return TRUE;
}

/* Texts of letters, marks, other alphabets and broken bytes, in any order. */
static void words_passed_over_are_only_those_that_begin_otherwise(void **state)
{
	(void)state;
	static const char *const pieces[] = { "a", "B", "c", "sA", "Sudbury", "subsided ", "acid", "e\xCC\x81", "\xC3\x89", "\xC3\xA9t\xC3\xA9", "\xCC\x81", "\xC2\xAD", "9", "-", " ", " ", "\n",
		"\xE7\x94\x9F", "\xD0\x96", "\xFF", "\xE2\x80" };
	guint32 dice = 11;
	for (int round = 0; round < 4000; round++) {
		g_autoptr(GString) text = g_string_new(NULL);
		static const char *const some_begin[] = { "a", "bc", "c", "su", "e", "9", "ab", "sudb", "ж", "s", "ca", "et", "ac", "aж", "bs", "cs", "sub", "aca", "acж" };
		const char *wanted[G_N_ELEMENTS(some_begin) + 1] = { NULL };
		word_beginnings begins = { 0 };
		for (int i = 0; i < 14 + round % 50; i++) {
			dice = dice * 1664525 + 1013904223;
			g_string_append(text, pieces[(dice >> 10) % G_N_ELEMENTS(pieces)]);
		}
		for (guint i = 0; i < 1 + (dice >> 20) % (round % 3 ? 3 : G_N_ELEMENTS(some_begin)); i++) {
			wanted[i] = some_begin[(dice >> 8) % (G_N_ELEMENTS(some_begin) - i) + i];
			word_beginnings_add(&begins, wanted[i], strlen(wanted[i]));
		}
		seen all = { g_string_new(NULL), wanted }, some = { g_string_new(NULL), wanted };
		assert_true(words_each(text->str, text->len, see, &all));
		assert_true(words_each_from(text->str, text->len, &begins, see, &some));
		assert_string_equal(some.words->str, all.words->str);
		g_string_free(all.words, TRUE);
		g_string_free(some.words, TRUE);
	}
}

enum { RANKED = 300, WORDS = 3 };

/* How often each word stands in title, summary and body of each case, and where the case is. */
typedef struct ranking {
	guint times[RANKED][WORDS][3];
	gboolean canadian[RANKED];
	guint asked, filtered; /* of the question at hand: words as bits; only Canadian ones */
} ranking;

static const char *const ranked_words[WORDS] = { "common", "middling", "seldom" };

static float score_of(const ranking *x, guint i)
{
	float sum = 0;
	for (guint w = WORDS; w-- > 0;) { /* the rarest first, as sums of floats are a matter of order */
		guint has = 0;
		for (guint k = 0; k < RANKED; k++)
			has += x->times[k][w][0] + x->times[k][w][1] + x->times[k][w][2] > 0;
		if (x->asked >> w & 1)
			sum += logf(1.0f + (float)RANKED / (float)(has + 1)) * (float)word_weight((int)x->times[i][w][0], (int)x->times[i][w][1], (int)x->times[i][w][2]);
	}
	return sum;
}

static gboolean is_answer(const ranking *x, guint i)
{
	gboolean has = !x->filtered || x->canadian[i];
	for (guint w = 0; w < WORDS; w++)
		has = has && (!(x->asked >> w & 1) || x->times[i][w][0] + x->times[i][w][1] + x->times[i][w][2] > 0);
	return has;
}

/* Best first, newest first among equals: later cases are newer. */
static int better_first(gconstpointer a, gconstpointer b, gpointer data)
{
	guint i = *(const guint *)a, k = *(const guint *)b;
	float x = score_of(data, i), y = score_of(data, k);
	return x != y ? (x > y ? -1 : 1) : (int)k - (int)i;
}

static record *ranked_case(ranking *x, guint i, GRand *dice)
{
	static const int chance[WORDS] = { 60, 12, 3 }; /* in a hundred: many enough to be kept as bits, and few enough for a list */
	GString *text[3] = { g_string_new("T"), g_string_new("s"), g_string_new("x") };
	for (guint w = 0; w < WORDS; w++)
		for (guint column = 0; g_rand_int_range(dice, 0, 100) < chance[w] && column < 3; column++) {
			guint n = x->times[i][w][column] = (guint)g_rand_int_range(dice, 0, column == 2 ? 4 : 2);
			for (guint k = 0; k < n; k++)
				g_string_append_printf(text[column], " %s", ranked_words[w]);
		}
	x->canadian[i] = g_rand_boolean(dice);
	g_autofree char *id = g_strdup_printf("ranked-%u", i), *time = g_strdup_printf("2026-01-01T00:%02u:%02uZ", i / 60, i % 60);
	g_autofree char *body = g_strdup_printf("{'title':'%s','summary':'%s','challenge':'%s','country':'%s'}", text[0]->str, text[1]->str, text[2]->str, x->canadian[i] ? "CAN" : "CHL");
	for (guint column = 0; column < 3; column++)
		g_string_free(text[column], TRUE);
	return record_of("case", id, RECORD_PUBLISHED, time, body);
}

static void assert_ranked(example *e, ranking *x, guint limit)
{
	guint expected[RANKED], n = 0;
	for (guint i = 0; i < RANKED; i++)
		if (is_answer(x, i))
			expected[n++] = i;
	g_qsort_with_data(expected, (gint)n, sizeof *expected, better_first, x);
	g_autoptr(GString) words = g_string_new(NULL);
	for (guint w = 0; w < WORDS; w++)
		g_string_append_printf(words, "%s ", x->asked >> w & 1 ? ranked_words[w] : "");
	store_filter canada = { "country", (const char *const[]) { "CAN", NULL } };
	for (guint offset = 0; offset <= n; offset += limit) {
		g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .text = words->str, .filters = &canada, .n_filters = x->filtered, .offset = offset, .limit = limit }, NULL);
		assert_int_equal(r->total, n);
		assert_int_equal(r->n, MIN(limit, n - offset));
		for (guint i = 0; i < r->n; i++)
			assert_int_equal(g_ascii_strtoull(r->hits[i].id + strlen("ranked-"), NULL, 10), expected[offset + i]);
	}
}

static void answers_come_best_first_on_every_page_of_any_question(void **state)
{
	example *e = *state;
	GRand *dice = g_rand_new_with_seed(15);
	ranking x = { 0 };
	store_change changes[RANKED];
	for (guint i = 0; i < RANKED; i++)
		changes[i] = (store_change) { ranked_case(&x, i, dice), 0 };
	assert_true(store_write(e->s, changes, RANKED, NULL));
	for (guint i = 0; i < RANKED; i++)
		record_free(changes[i].record);
	for (x.asked = 1; x.asked < 1 << WORDS; x.asked++)
		for (x.filtered = 0; x.filtered < 2; x.filtered++) {
			assert_ranked(e, &x, 7);
			assert_ranked(e, &x, 1000);
		}
	g_rand_free(dice);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_word_in_the_title_ranks_before_the_summary_before_the_body),
		TEST(case_accents_and_letters_of_other_alphabets_are_folded),
		TEST(chinese_is_found_by_any_run_of_its_characters),
		TEST(arabic_is_found_without_its_vowel_marks),
		TEST(answers_come_best_first_on_every_page_of_any_question),
		TEST(all_words_must_occur_and_prefixes_and_phrases_are_kept),
		TEST(any_text_is_a_question_and_never_an_error),
		cmocka_unit_test(words_passed_over_are_only_those_that_begin_otherwise),
		TEST(a_snippet_shows_the_passage_with_the_words_marked),
		TEST(a_snippet_marks_prefixes_and_chinese),
		TEST(a_snippet_is_the_summary_where_only_a_term_matches),
		TEST(labels_of_terms_are_found_as_well_as_their_ids),
		TEST(drafts_and_withdrawn_records_are_not_found),
		TEST(a_draft_of_a_published_record_changes_nothing_that_is_seen),
		TEST(a_new_revision_is_found_by_its_words_and_no_longer_by_the_old),
	};
	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
