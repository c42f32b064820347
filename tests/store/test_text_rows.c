/* Rows kept in memory: found again as they were, within their bounds, and there as long as somebody holds them. */
#include "example.h"

#include <string.h>

#include "store/text_rows.h"

typedef struct bench {
	pool *p;
	sqlite3 *memory;
	sqlite3_stmt *row;
} bench;

static bench begin(void)
{
	bench b = { .p = pool_new() };
	assert_int_equal(sqlite3_open(":memory:", &b.memory), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(b.memory, "SELECT ?1, 'Title of ' || ?1, '', ?2, '{\"a\":1}', 'found in ' || ?1, ?3", -1, &b.row, NULL), SQLITE_OK);
	return b;
}

static void end(bench *b)
{
	pool_free(b->p);
	sqlite3_finalize(b->row);
	sqlite3_close(b->memory);
}

/* The row that the database gives of a document, with a body so long, as it comes out. */
static const text_row *add(bench *b, text_rows *t, guint document, gsize body)
{
	g_autofree char *id = g_strdup_printf("id-%u", document), *long_text = g_strnfill(body, 'a' + (gchar)(document % 26));
	sqlite3_bind_text(b->row, 1, id, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int(b->row, 2, (int)document + 5);
	sqlite3_bind_text(b->row, 3, long_text, -1, SQLITE_TRANSIENT);
	assert_int_equal(sqlite3_step(b->row), SQLITE_ROW);
	const text_row *row = text_rows_add(t, document, b->row, b->p);
	sqlite3_reset(b->row);
	return row;
}

static gboolean is_whole(const text_row *row, guint document, gsize body)
{
	g_autofree char *id = g_strdup_printf("id-%u", document), *title = g_strconcat("Title of ", id, NULL), *found = g_strconcat("found in ", id, NULL),
		*long_text = g_strnfill(body, 'a' + (gchar)(document % 26));
	return strcmp(row->id, id) == 0 && strcmp(row->title, title) == 0 && !*row->summary && row->revision == document + 5 && row->brief_is_readable && row->brief->number == 1 && strcmp(row->brief->path, "a") == 0 &&
		!row->brief->next && strcmp(row->found_summary, found) == 0 && strcmp(row->found_body, long_text) == 0;
}

static void keep(bench *b, text_rows *t, guint document, gsize body)
{
	const text_row *row = add(b, t, document, body);
	assert_true(is_whole(row, document, body));
	text_row_release(row);
}

static gboolean is_kept(text_rows *t, guint document, gsize body)
{
	const text_row *row = text_rows_get(t, document);
	if (row)
		assert_true(is_whole(row, document, body));
	text_row_release(row);
	return row != NULL;
}

static void a_row_is_found_again_as_it_was(void **state)
{
	(void)state;
	bench b = begin();
	text_rows *t = text_rows_new(4 << 20);
	assert_false(is_kept(t, 7, 0));
	for (guint document = 1; document < 400; document += document % 3 + 1)
		keep(&b, t, document, document * 7);
	for (guint document = 1; document < 400; document += document % 3 + 1)
		assert_true(is_kept(t, document, document * 7));
	assert_false(is_kept(t, 400, 0));
	keep(&b, t, 1, 7); /* a second time: the one that is there */
	assert_true(is_kept(t, 1, 7));
	text_rows_release(t);
	end(&b);
}

static void when_all_is_full_those_kept_first_go(void **state)
{
	(void)state;
	bench b = begin();
	text_rows *t = text_rows_new(3 << 20);
	guint kept = 0;
	for (guint document = 1; document <= 400; document++)
		keep(&b, t, document, 20000);
	for (guint document = 1; document <= 400; document++) {
		gboolean is = is_kept(t, document, 20000);
		assert_true(is || !kept); /* none is missing after the first one that is there */
		kept += is;
	}
	assert_in_range(kept, 100, 3 * (1 << 20) / 20000);
	text_rows_limit(t, 1 << 20);
	assert_false(is_kept(t, 400 - kept + 1, 20000));
	assert_true(is_kept(t, 400, 20000));
	text_rows_limit(t, 0);
	assert_false(is_kept(t, 400, 20000));
	text_rows_release(t);
	end(&b);
}

static void a_row_in_hand_stays_when_it_is_kept_no_more(void **state)
{
	(void)state;
	bench b = begin();
	text_rows *t = text_rows_new(1 << 20);
	const text_row *first = add(&b, t, 1, 1000);
	for (guint document = 2; document <= 200; document++)
		keep(&b, t, document, 20000);
	assert_false(is_kept(t, 1, 1000));
	assert_true(is_whole(first, 1, 1000));
	text_rows_release(t);
	assert_true(is_whole(first, 1, 1000));
	text_row_release(first);
	end(&b);
}

static void what_is_not_kept_is_given_all_the_same(void **state)
{
	(void)state;
	bench b = begin();
	text_rows *none = text_rows_new(0), *some = text_rows_new(4 << 20);
	keep(&b, none, 1, 100);
	assert_false(is_kept(none, 1, 100));
	keep(&b, some, 1, 2 << 20); /* longer than is kept */
	assert_false(is_kept(some, 1, 2 << 20));
	text_rows_release(none);
	text_rows_release(some);
	end(&b);
}

static gpointer ask_and_keep(gpointer rows)
{
	text_rows *t = rows;
	bench b = begin();
	g_autoptr(GRand) dice = g_rand_new_with_seed(3);
	guint wrong = 0;
	for (guint i = 0; i < 4000; i++) {
		guint document = (guint)g_rand_int_range(dice, 1, 300);
		const text_row *row = text_rows_get(t, document);
		if (!row)
			row = add(&b, t, document, 9000);
		wrong += !is_whole(row, document, 9000);
		text_row_release(row);
	}
	end(&b);
	return GUINT_TO_POINTER(wrong);
}

static void all_threads_find_whole_rows_while_others_go(void **state)
{
	(void)state;
	text_rows *t = text_rows_new(2 << 20); /* two thirds of them */
	GThread *threads[4];
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("asks", ask_and_keep, text_rows_hold(t));
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
		assert_null(g_thread_join(threads[i]));
		text_rows_release(t);
	}
	text_rows_release(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_found_again_as_it_was),
		cmocka_unit_test(when_all_is_full_those_kept_first_go),
		cmocka_unit_test(a_row_in_hand_stays_when_it_is_kept_no_more),
		cmocka_unit_test(what_is_not_kept_is_given_all_the_same),
		cmocka_unit_test(all_threads_find_whole_rows_while_others_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
