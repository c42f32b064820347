/* Blocks of postings give what FTS5 gives: the same documents with the same weights, whatever the word, however the texts came. */
#include "example.h"

#include <string.h>

#include "store/block.h"
#include "store/posting.h"
#include "store/tokenizer.h"

#define RECORDS 4300 /* a full block, and some more */
#define WORDS 60

static GRand *dice;
static const char *const scripts[] = { "soil", "soils", "soiled", "Łódź", "нөхөн", "нөхөнсэргээлт", "СЭРГЭЭЛТ", "矿", "土", "复垦", "المناجم", "Tromsø", "a", "été", "straße" };

/* Words by their rank: the first in nearly every text. */
static void add_word(GString *out)
{
	guint rank = (guint)(WORDS * g_rand_double(dice) * g_rand_double(dice) * g_rand_double(dice));
	if (rank < G_N_ELEMENTS(scripts))
		g_string_append(out, scripts[rank]);
	else
		g_string_append_printf(out, "word%u", rank);
	g_string_append_c(out, g_rand_int_range(dice, 0, 9) ? ' ' : '-');
}

static char *text_of(guint words)
{
	GString *out = g_string_new("x ");
	while (words-- > 0)
		add_word(out);
	return g_string_free(out, FALSE);
}

static record *random_case(guint number)
{
	g_autofree char *id = g_strdup_printf("c%u", number);
	record *r = record_of("case", id, g_rand_int_range(dice, 0, 20) ? RECORD_PUBLISHED : RECORD_WITHDRAWN, NULL, "{}");
	g_autofree char *title = text_of((guint)g_rand_int_range(dice, 0, 3)), *summary = text_of((guint)g_rand_int_range(dice, 0, 6));
	g_autofree char *challenge = text_of((guint)(g_rand_int_range(dice, 0, 200) ? g_rand_int_range(dice, 0, 12) : g_rand_int_range(dice, 0, 3000)));
	json_object_set_new(r->body, "title", json_string(title));
	json_object_set_new(r->body, "summary", json_string(summary));
	json_object_set_new(r->body, "challenge", json_string(challenge));
	return r;
}

static void write_cases(example *e, guint n)
{
	store_change *changes = g_new0(store_change, n);
	for (guint i = 0; i < n; i++)
		changes[i] = (store_change) { random_case((guint)g_rand_int_range(dice, 0, RECORDS)), STORE_EXPECT_ANY };
	assert_true(store_write(e->s, changes, n, NULL));
	for (guint i = 0; i < n; i++)
		record_free(changes[i].record);
	g_free(changes);
}

/* By FTS5 alone. */
static void assert_same(database *d, const part *p, const posting *found)
{
	g_autofree char *expression = part_expression(p);
	guint n = 0;
	sqlite3_stmt *rows = database_bind(d, SQL_MATCH, NULL, "si", expression, (gint64)0);
	while (database_step(d, rows, NULL) == SQLITE_ROW) {
		guint document = (guint)sqlite3_column_int64(rows, 0);
		guint at = found->n, weight = posting_weight(found, document, &at);
		if (weight != (guint)sqlite3_column_int(rows, 1))
			fail_msg("%s in document %u weighs %u, not %d", expression, document, weight, sqlite3_column_int(rows, 1));
		n++;
	}
	assert_int_equal(found->n, n);
}

/* Asked for from the last document to the first, and 64 at once where the posting is bits. */
static void assert_asked_alike(const posting *p, guint documents)
{
	guint at = p->n;
	guint8 peak = 0;
	for (guint document = documents; document > 0; document--) {
		guint fresh = p->n, weight = posting_weight(p, document, &fresh);
		assert_int_equal(posting_weight(p, document, &at), weight);
		peak = MAX(peak, weight);
		for (guint least = 1; least <= WEIGHT_MAX && document / 64 < p->words; least += 13)
			assert_int_equal(posting_heavy(p, document / 64, (guint8)least) >> document % 64 & 1, weight >= least);
	}
	assert_int_equal(p->peak, peak);
}

static void compare(example *e, const char *text, guint documents)
{
	database d;
	assert_true(database_open(&d, e->path, DATABASE_READ, NULL));
	postings *kept = postings_new();
	g_autoptr(question) q = question_parse(text);
	assert_int_equal(q->n, 1);
	posting *found = postings_get(kept, &d, q->parts[0], documents, NULL);
	assert_non_null(found);
	assert_same(&d, q->parts[0], found);
	assert_asked_alike(found, documents);
	posting_release(found);
	postings_free(kept);
	database_close(&d);
}

static guint documents_in(example *e)
{
	database d;
	gint64 n;
	assert_true(database_open(&d, e->path, DATABASE_READ, NULL) && database_number(&d, &n, 0, SQL_DOCUMENT_COUNT, NULL, ""));
	database_close(&d);
	return (guint)n;
}

static void compare_all(example *e)
{
	guint n = documents_in(e);
	for (guint i = 0; i < WORDS; i++) {
		g_autofree char *word = i < G_N_ELEMENTS(scripts) ? g_strdup(scripts[i]) : g_strdup_printf("word%u", i);
		compare(e, word, n);
	}
	static const char *const beginnings[] = { "so*", "soil*", "нө*", "w*", "wo*", "word2*", "nothing*", "str*", "复*", "absent", "\"soil soils\"" };
	for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++)
		compare(e, beginnings[i], n);
}

static void blocks_and_fts5_find_the_same_and_weigh_it_the_same(void **state)
{
	example *e = *state;
	dice = g_rand_new_with_seed(5);
	for (guint i = 0; i < RECORDS; i += 430)
		write_cases(e, 430);
	compare_all(e); /* one block, and FTS5 for the rest */
	assert_true(store_tidy(e->s, NULL));
	compare_all(e); /* all in blocks */
	write_cases(e, 50);
	compare_all(e);
	assert_true(store_tidy(e->s, NULL)); /* a block that was begun is made whole */
	compare_all(e);
	g_autofree char *before = store_projection_hash(e->s, NULL);
	assert_true(store_rebuild(e->s, NULL));
	g_autofree char *after = store_projection_hash(e->s, NULL);
	assert_string_equal(before, after);
	compare_all(e);
	g_rand_free(dice);
}

static void a_posting_kept_from_before_is_the_same_after_more_came(void **state)
{
	example *e = *state;
	dice = g_rand_new_with_seed(6);
	write_cases(e, 300);
	static const char *const texts[] = { "soil", "нөхөн сэргээлт", "word30", "soil* x", "矿 土", "复垦" };
	for (guint round = 0; round < 4; round++) {
		store *other = store_open(e->path, STORE_OPEN, NULL);
		store_reader *fresh = store_reader_open(other, NULL);
		for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
			store_query q = { .text = texts[i], .limit = 200 };
			g_autoptr(store_result) kept = store_search(e->r, &q, NULL), now = store_search(fresh, &q, NULL);
			assert_int_equal(kept->total, now->total);
			for (gsize k = 0; k < now->n; k++)
				assert_string_equal(kept->hits[k].id, now->hits[k].id);
		}
		store_reader_close(fresh);
		store_close(other);
		write_cases(e, 40);
		if (round % 2)
			assert_true(store_tidy(e->s, NULL));
	}
	g_rand_free(dice);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_and_fts5_find_the_same_and_weigh_it_the_same),
		TEST(a_posting_kept_from_before_is_the_same_after_more_came),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
