#include "example.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 50 };

/* Writes records as fast as it can, pairs of them, and says through the pipe which were acknowledged. Never returns. */
static void write_until_killed(const char *path, int acknowledge)
{
	g_autoptr(store) s = store_open(path, STORE_OPEN, NULL);
	guint64 next = s ? store_generation(s) : 0;
	for (; s; next += 2) {
		g_autofree char *first = g_strdup_printf("r-%" G_GUINT64_FORMAT, next), *second = g_strdup_printf("r-%" G_GUINT64_FORMAT, next + 1);
		g_autoptr(record) x = record_of("case", first, RECORD_PUBLISHED, NULL, "{'title':'Copper','country':'CAN','longitude':1,'latitude':2}");
		g_autoptr(record) y = record_of("case", second, RECORD_PUBLISHED, NULL, "{'title':'Copper','country':'CAN','longitude':1,'latitude':2}");
		store_change changes[] = { { x, 0 }, { y, 0 } };
		if (!store_write(s, changes, 2, NULL) || write(acknowledge, &next, sizeof next) != sizeof next)
			break;
	}
	_exit(9);
}

static void assert_all_there(example *e, guint64 acknowledged)
{
	g_autoptr(GError) error = NULL;
	e->s = store_open(e->path, STORE_OPEN, &error);
	assert_null(error);
	e->r = store_reader_open(e->s, &error);
	assert_null(error);
	for (guint64 i = 0; i < acknowledged; i++) {
		g_autofree char *id = g_strdup_printf("r-%" G_GUINT64_FORMAT, i);
		g_autoptr(record) r = store_get(e->r, "case", id, NULL, &error);
		assert_non_null(r);
	}
	assert_int_equal(store_generation(e->s) % 2, 0);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	assert_true(store_check(e->s, faults, &error));
	if (faults->len)
		fail_msg("%s", (const char *)g_ptr_array_index(faults, 0));
	store_reader_close(g_steal_pointer(&e->r));
	store_close(g_steal_pointer(&e->s));
}

static void killed_fifty_times_no_acknowledged_write_is_lost(void **state)
{
	example *e = *state;
	store_reader_close(g_steal_pointer(&e->r));
	store_close(g_steal_pointer(&e->s));
	GRand *dice = g_rand_new_with_seed(7);
	guint64 acknowledged = 0;
	for (guint kill_number = 0; kill_number < KILLS; kill_number++) {
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			close(ends[0]);
			write_until_killed(e->path, ends[1]);
		}
		close(ends[1]);
		guint64 said;
		guint wanted = (guint)g_rand_int_range(dice, 1, 6);
		for (guint i = 0; i < wanted; i++) {
			assert_int_equal(read(ends[0], &said, sizeof said), sizeof said);
			acknowledged = said + 2;
		}
		g_usleep((gulong)g_rand_int_range(dice, 0, 3000));
		kill(child, SIGKILL);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		while (read(ends[0], &said, sizeof said) == sizeof said)
			acknowledged = said + 2;
		close(ends[0]);
		assert_all_there(e, acknowledged);
	}
	g_rand_free(dice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_fifty_times_no_acknowledged_write_is_lost, example_begin, example_end),
	};
	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
