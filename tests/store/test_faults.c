#include "example.h"

#include <sqlite3.h>
#include <string.h>

/* A file system that fails at the n-th read, write, sync or truncation, and from then on if it is told to: the default one with a counter. */
static struct {
	gint countdown; /* below 1: never */
	gboolean for_good;
	int code;
	gboolean hit;
} disk;

typedef struct wrapped {
	sqlite3_file base;
	sqlite3_file *real;
} wrapped;

static sqlite3_vfs *real_vfs;
static GMutex fault_lock;

static int fails(void)
{
	g_mutex_lock(&fault_lock);
	int code = SQLITE_OK;
	if (disk.countdown > 0 && --disk.countdown == 0)
		disk.hit = TRUE, code = disk.code, disk.countdown = disk.for_good;
	g_mutex_unlock(&fault_lock);
	return code;
}

#define REAL(f) (((wrapped *)(gpointer)(f))->real)
#define PASS(call) do { int code = fails(); return code ? code : (call); } while (0)

static int f_close(sqlite3_file *f)
{
	int code = REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : SQLITE_OK;
	g_free(REAL(f));
	return code;
}
static int f_read(sqlite3_file *f, void *b, int n, sqlite3_int64 o) { PASS(REAL(f)->pMethods->xRead(REAL(f), b, n, o)); }
static int f_write(sqlite3_file *f, const void *b, int n, sqlite3_int64 o) { PASS(REAL(f)->pMethods->xWrite(REAL(f), b, n, o)); }
static int f_truncate(sqlite3_file *f, sqlite3_int64 n) { PASS(REAL(f)->pMethods->xTruncate(REAL(f), n)); }
static int f_sync(sqlite3_file *f, int flags) { PASS(REAL(f)->pMethods->xSync(REAL(f), flags)); }
static int f_size(sqlite3_file *f, sqlite3_int64 *n) { return REAL(f)->pMethods->xFileSize(REAL(f), n); }
static int f_lock(sqlite3_file *f, int l) { return REAL(f)->pMethods->xLock(REAL(f), l); }
static int f_unlock(sqlite3_file *f, int l) { return REAL(f)->pMethods->xUnlock(REAL(f), l); }
static int f_reserved(sqlite3_file *f, int *out) { return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out); }
static int f_control(sqlite3_file *f, int op, void *a) { return REAL(f)->pMethods->xFileControl(REAL(f), op, a); }
static int f_sector(sqlite3_file *f) { return REAL(f)->pMethods->xSectorSize(REAL(f)); }
static int f_device(sqlite3_file *f) { return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f)); }
static int f_map(sqlite3_file *f, int p, int n, int x, void volatile **out) { return REAL(f)->pMethods->xShmMap(REAL(f), p, n, x, out); }
static int f_shmlock(sqlite3_file *f, int o, int n, int flags) { return REAL(f)->pMethods->xShmLock(REAL(f), o, n, flags); }
static void f_barrier(sqlite3_file *f) { REAL(f)->pMethods->xShmBarrier(REAL(f)); }
static int f_unmap(sqlite3_file *f, int d) { return REAL(f)->pMethods->xShmUnmap(REAL(f), d); }

static const sqlite3_io_methods methods = { 2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control, f_sector,
	f_device, f_map, f_shmlock, f_barrier, f_unmap, NULL, NULL };

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	(void)vfs;
	int code = fails();
	f->pMethods = NULL;
	if (code && code != SQLITE_FULL) /* a full disk fails at the first write to the file */
		return SQLITE_CANTOPEN;
	REAL(f) = g_malloc0((gsize)real_vfs->szOsFile);
	code = real_vfs->xOpen(real_vfs, name, REAL(f), flags, out);
	f->pMethods = &methods;
	return code;
}

static void failing_vfs_install(void)
{
	static sqlite3_vfs vfs;
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "failing";
	vfs.szOsFile = sizeof(wrapped);
	vfs.xOpen = v_open;
	sqlite3_vfs_register(&vfs, 1);
}

static void fail_at(gint n, int code, gboolean for_good)
{
	g_mutex_lock(&fault_lock);
	disk.countdown = n;
	disk.code = code;
	disk.for_good = for_good;
	disk.hit = FALSE;
	g_mutex_unlock(&fault_lock);
}

static void assert_whole(example *e)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	if (!store_check(e->s, faults, &error))
		fail_msg("%s", error->message);
	if (faults->len)
		fail_msg("%s", (const char *)g_ptr_array_index(faults, 0));
}

/* All of one second, for among equals the newer comes first. */
static store_change change_of(guint i)
{
	g_autofree char *id = g_strdup_printf("c%u", i);
	return (store_change) { record_of("case", id, RECORD_PUBLISHED, "2026-08-24T09:00:00Z", "{'title':'Copper lime','country':'CAN','longitude':1,'latitude':2}"), 0 };
}

/* Fails the n-th access of a write for n = 1, 2, ... until a write gets through without meeting the disk. */
static void loop(example *e, int code, gboolean for_good, int error_code)
{
	guint written = 0;
	for (gint n = 1;; n++) {
		store_change c = change_of((guint)n);
		g_autoptr(GError) error = NULL;
		fail_at(n, code, for_good);
		gboolean ok = store_write(e->s, &c, 1, &error);
		gboolean hit = disk.hit;
		fail_at(0, 0, FALSE);
		assert_true(ok || error);
		if (!ok && error_code >= 0)
			assert_true(g_error_matches(error, STORE_ERROR, error_code));
		written += ok;
		record_free(c.record);
		assert_true(n < 2000);
		assert_int_equal(store_count(e->r, "case", NULL), written);
		if (!hit && ok)
			break;
	}
	assert_true(written > 0);
	assert_whole(e);
	example_reopen(e);
	assert_int_equal(store_count(e->r, "case", NULL), written);
	assert_whole(e);
}

static void any_failing_access_leaves_the_store_whole(void **state)
{
	loop(*state, SQLITE_IOERR_WRITE, FALSE, -1);
}

static void a_disk_that_fails_for_good_leaves_the_store_whole(void **state)
{
	loop(*state, SQLITE_IOERR_FSYNC, TRUE, -1);
}

static void a_full_disk_is_an_error_with_a_remedy(void **state)
{
	example *e = *state;
	loop(e, SQLITE_FULL, TRUE, STORE_ERROR_FULL);
	store_change c = change_of(5000);
	g_autoptr(GError) error = NULL;
	fail_at(1, SQLITE_FULL, TRUE);
	assert_false(store_write(e->s, &c, 1, &error));
	fail_at(0, 0, FALSE);
	assert_non_null(strstr(error->message, "disk is full"));
	assert_non_null(strstr(error->message, e->path));
	assert_non_null(strstr(error->message, "Free some space"));
	assert_true(store_write(e->s, &c, 1, NULL));
	record_free(c.record);
}

static void a_failing_read_is_an_error_and_the_next_answer_is_right(void **state)
{
	example *e = *state;
	for (guint i = 0; i < 50; i++) {
		store_change c = change_of(i);
		assert_true(store_write(e->s, &c, 1, NULL));
		record_free(c.record);
	}
	gboolean met = TRUE;
	for (gint n = 1; met; n++) {
		example_reopen(e);
		fail_at(n, SQLITE_IOERR_READ, FALSE);
		g_autoptr(store_result) result = store_search(e->r, &(store_query) { .kind = "case", .text = "copper", .facets = TRUE, .bodies = TRUE }, NULL);
		met = disk.hit;
		fail_at(0, 0, FALSE);
		assert_true(!result || result->total == 50);
		g_autoptr(store_result) again = store_search(e->r, &(store_query) { .kind = "case", .text = "copper", .sort = "title", .facets = TRUE }, NULL);
		assert_non_null(again);
		assert_int_equal(again->total, 50);
		assert_int_equal(again->n_facets ? again->facets[0].values[0].count : 0, 50);
	}
}

static void a_failing_rebuild_leaves_the_projections_as_they_were(void **state)
{
	example *e = *state;
	for (guint i = 0; i < 5; i++) {
		store_change c = change_of(i);
		assert_true(store_write(e->s, &c, 1, NULL));
		record_free(c.record);
	}
	g_autofree char *before = store_projection_hash(e->s, NULL);
	for (gint n = 1;; n++) {
		fail_at(n, SQLITE_IOERR_WRITE, FALSE);
		gboolean ok = store_rebuild(e->s, NULL), hit = disk.hit;
		fail_at(0, 0, FALSE);
		g_autofree char *after = store_projection_hash(e->s, NULL);
		assert_string_equal(after, before);
		assert_finds(e, "copper", "c0 c1 c2 c3 c4");
		if (ok && !hit)
			break;
	}
}

/* ---- memory ---- */

static sqlite3_mem_methods real_memory;
static gint memory_countdown;
static gboolean memory_hit;

static void *failing_malloc(int n)
{
	g_mutex_lock(&fault_lock);
	gboolean fail = memory_countdown > 0 && --memory_countdown == 0;
	memory_hit |= fail;
	g_mutex_unlock(&fault_lock);
	return fail ? NULL : real_memory.xMalloc(n);
}

static void allow_memory(gint n)
{
	g_mutex_lock(&fault_lock);
	memory_countdown = n;
	memory_hit = FALSE;
	g_mutex_unlock(&fault_lock);
}

static void failing_memory_install(void)
{
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
	sqlite3_mem_methods failing = real_memory;
	failing.xMalloc = failing_malloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
}

static void any_failing_allocation_of_a_write_leaves_the_store_whole(void **state)
{
	example *e = *state;
	guint written = 0;
	for (gint n = 1; n < 3000; n++) {
		store_change c = change_of((guint)n);
		allow_memory(n);
		gboolean ok = store_write(e->s, &c, 1, NULL), hit = memory_hit;
		allow_memory(0);
		record_free(c.record);
		written += ok;
		assert_int_equal(store_count(e->r, "case", NULL), written);
		if (ok && !hit)
			break;
	}
	assert_whole(e);
}

static void any_failing_allocation_of_a_search_is_an_error_only_then(void **state)
{
	example *e = *state;
	for (guint i = 0; i < 5; i++) {
		store_change c = change_of(i);
		assert_true(store_write(e->s, &c, 1, NULL));
		record_free(c.record);
	}
	gboolean met = TRUE;
	for (gint n = 1; met; n++) {
		allow_memory(n);
		g_autoptr(store_reader) r = store_reader_open(e->s, NULL);
		g_autoptr(store_result) result = r ? store_search(r, &(store_query) { .text = "lime", .sort = "title", .facets = TRUE }, NULL) : NULL;
		met = memory_hit;
		allow_memory(0);
		assert_true(!result || result->total == 5);
		assert_finds(e, "copper", "c0 c1 c2 c3 c4");
	}
}

static void opening_with_any_failing_access_fails_or_gives_the_whole(void **state)
{
	example *e = *state;
	store_change c = change_of(1);
	assert_true(store_write(e->s, &c, 1, NULL));
	record_free(c.record);
	gboolean met = TRUE;
	for (gint n = 1; met; n++) {
		fail_at(n, SQLITE_IOERR_READ, FALSE);
		g_autoptr(GError) error = NULL;
		g_autoptr(store) s = store_open(e->path, STORE_OPEN, &error);
		met = disk.hit;
		fail_at(0, 0, FALSE);
		assert_true(s || error);
		g_autoptr(store_reader) r = s ? store_reader_open(s, NULL) : NULL;
		if (r)
			assert_int_equal(store_count(r, "case", NULL), 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	failing_memory_install();
	failing_vfs_install();
	const struct CMUnitTest tests[] = {
		TEST(any_failing_access_leaves_the_store_whole),
		TEST(a_disk_that_fails_for_good_leaves_the_store_whole),
		TEST(a_full_disk_is_an_error_with_a_remedy),
		TEST(a_failing_read_is_an_error_and_the_next_answer_is_right),
		TEST(a_failing_rebuild_leaves_the_projections_as_they_were),
		TEST(any_failing_allocation_of_a_write_leaves_the_store_whole),
		TEST(any_failing_allocation_of_a_search_is_an_error_only_then),
		TEST(opening_with_any_failing_access_fails_or_gives_the_whole),
	};
	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
