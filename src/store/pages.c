#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/progress.h"
#include "record/message.h"

#define BODY_BYTES (PAGE_BYTES - PAGE_SUM_BYTES)
#define RESERVED_AT 20 /* in the header: how many bytes at the end of each page SQLite leaves free */
#define FAULTS_MAX 20

static void sum_of(const guint8 *page, guint64 number, guint8 sum[static PAGE_SUM_BYTES])
{
	crypto_generichash_state state;
	guint8 whole[crypto_generichash_BYTES_MIN];
	guint64 little = GUINT64_TO_LE(number);
	crypto_generichash_init(&state, NULL, 0, sizeof whole);
	crypto_generichash_update(&state, (const guint8 *)&little, sizeof little);
	crypto_generichash_update(&state, page, BODY_BYTES);
	crypto_generichash_final(&state, whole, sizeof whole);
	memcpy(sum, whole, PAGE_SUM_BYTES);
}

/* ---- writing: a VFS over the one there is ---- */

/* A database file: ours, and behind it the file of the VFS below. */
typedef struct paged {
	sqlite3_file head;
	gboolean summed; /* its pages have room for sums */
} paged;

#define BELOW(file) ((sqlite3_file *)((paged *)(file) + 1))

static sqlite3_vfs *below;

static int paged_close(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xClose(BELOW(f));
}

static int paged_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
	int code = BELOW(f)->pMethods->xRead(BELOW(f), out, n, at);
	if (code == SQLITE_OK && at == 0 && n > RESERVED_AT)
		((paged *)f)->summed = ((const guint8 *)out)[RESERVED_AT] == PAGE_SUM_BYTES;
	return code;
}

static int paged_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
	guint8 page[PAGE_BYTES];
	paged *p = (paged *)f;
	if (at == 0 && n > RESERVED_AT)
		p->summed = ((const guint8 *)bytes)[RESERVED_AT] == PAGE_SUM_BYTES;
	if (!p->summed || n != PAGE_BYTES || at % PAGE_BYTES != 0)
		return BELOW(f)->pMethods->xWrite(BELOW(f), bytes, n, at);
	memcpy(page, bytes, BODY_BYTES);
	sum_of(page, (guint64)at / PAGE_BYTES, page + BODY_BYTES);
	return BELOW(f)->pMethods->xWrite(BELOW(f), page, n, at);
}

static int paged_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return BELOW(f)->pMethods->xTruncate(BELOW(f), size);
}

static int paged_sync(sqlite3_file *f, int flags)
{
	return BELOW(f)->pMethods->xSync(BELOW(f), flags);
}

static int paged_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return BELOW(f)->pMethods->xFileSize(BELOW(f), size);
}

static int paged_lock(sqlite3_file *f, int level)
{
	return BELOW(f)->pMethods->xLock(BELOW(f), level);
}

static int paged_unlock(sqlite3_file *f, int level)
{
	return BELOW(f)->pMethods->xUnlock(BELOW(f), level);
}

static int paged_reserved(sqlite3_file *f, int *out)
{
	return BELOW(f)->pMethods->xCheckReservedLock(BELOW(f), out);
}

static int paged_control(sqlite3_file *f, int what, void *argument)
{
	return BELOW(f)->pMethods->xFileControl(BELOW(f), what, argument);
}

static int paged_sector(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xSectorSize(BELOW(f));
}

static int paged_traits(sqlite3_file *f)
{
	return BELOW(f)->pMethods->xDeviceCharacteristics(BELOW(f));
}

static int paged_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
	return BELOW(f)->pMethods->xShmMap(BELOW(f), region, size, extend, out);
}

static int paged_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return BELOW(f)->pMethods->xShmLock(BELOW(f), offset, n, flags);
}

static void paged_shm_barrier(sqlite3_file *f)
{
	BELOW(f)->pMethods->xShmBarrier(BELOW(f));
}

static int paged_shm_unmap(sqlite3_file *f, int delete)
{
	return BELOW(f)->pMethods->xShmUnmap(BELOW(f), delete);
}

/* Version 2: without the calls that map the file into memory, past xRead. */
static const sqlite3_io_methods paged_methods = {
	2, paged_close, paged_read, paged_write, paged_truncate, paged_sync, paged_size, paged_lock, paged_unlock, paged_reserved, paged_control, paged_sector,
	paged_traits, paged_shm_map, paged_shm_lock, paged_shm_barrier, paged_shm_unmap, NULL, NULL,
};

static int paged_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	(void)vfs;
	if (!(flags & SQLITE_OPEN_MAIN_DB))
		return below->xOpen(below, name, f, flags, out);
	*(paged *)f = (paged) { 0 };
	int code = below->xOpen(below, name, BELOW(f), flags, out);
	if (code != SQLITE_OK) {
		if (BELOW(f)->pMethods) /* a file that did not open may want to be closed all the same: sqlite3.h, sqlite3_file */
			paged_close(f);
		return code;
	}
	sqlite3_int64 size = 0;
	((paged *)f)->summed = paged_size(f, &size) == SQLITE_OK && size == 0; /* what we make has sums, whichever page comes first */
	f->pMethods = &paged_methods;
	return code;
}

const char *pages_vfs(void)
{
	static const char name[] = "summed-pages";
	static sqlite3_vfs vfs;
	static gsize once;
	if (g_once_init_enter(&once)) {
		sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* nobody asks how much memory it has, and counting it takes a lock all connections share */
		below = sqlite3_vfs_find(NULL);
		vfs = *below;
		vfs.zName = name;
		vfs.pNext = NULL;
		vfs.szOsFile = (int)sizeof(paged) + below->szOsFile;
		vfs.xOpen = paged_open;
		sqlite3_vfs_register(&vfs, 0);
		g_once_init_leave(&once, 1);
	}
	return name;
}

gboolean pages_prepare(sqlite3 *handle, gboolean fresh)
{
	int reserved = -1, wanted = PAGE_SUM_BYTES;
	sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
	if (reserved == PAGE_SUM_BYTES)
		return TRUE;
	sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &wanted);
	if (fresh)
		return TRUE;
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1); /* for VACUUM, which makes its copy so */
	int code = sqlite3_exec(handle, "VACUUM", NULL, NULL, NULL);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	return code == SQLITE_OK;
}

/* ---- looking ---- */

static gboolean page_is_good(const guint8 *page, guint64 number)
{
	static const guint8 zeros[PAGE_BYTES];
	guint8 sum[PAGE_SUM_BYTES];
	sum_of(page, number, sum);
	return memcmp(sum, page + BODY_BYTES, sizeof sum) == 0 || memcmp(page, zeros, sizeof zeros) == 0;
}

/* A server may just be writing the page: it is read again before it is called changed. */
static gboolean page_holds(int file, guint8 *page, guint64 number)
{
	for (int again = 0; again < 5; again++) {
		if (page_is_good(page, number))
			return TRUE;
		g_usleep(20000);
		if (pread(file, page, PAGE_BYTES, (off_t)(number * PAGE_BYTES)) != PAGE_BYTES)
			return FALSE;
	}
	return FALSE;
}

static gboolean look(int file, const char *path, guint64 size, GPtrArray *faults, GError **error)
{
	static const gsize piece = 256 * PAGE_BYTES;
	g_autofree guint8 *buffer = g_malloc(piece);
	guint found = 0;
	for (guint64 at = 0; at < size && found < FAULTS_MAX; at += piece) {
		gsize n = (gsize)MIN(piece, size - at);
		if (pread(file, buffer, n, (off_t)at) != (gssize)n) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: cannot be read: %s. See that the disk works."), path, g_strerror(errno));
			return FALSE;
		}
		for (gsize k = 0; k < n && found < FAULTS_MAX; k += PAGE_BYTES)
			if (!page_holds(file, buffer + k, (at + k) / PAGE_BYTES)) {
				g_ptr_array_add(faults, g_strdup_printf(_("%s: the page at byte %" G_GUINT64_FORMAT " is not as this program wrote it: it was changed or damaged. Restore the last backup."), path, at + k));
				found++;
			}
		progress_say(N_("Reading the database"), at + n, size);
	}
	return TRUE;
}

/* Whether pages must have sums: either mark is enough, so that taking one away does not hide the rest. */
static gboolean has_sums(const guint8 header[static 100])
{
	guint32 version;
	memcpy(&version, header + 60, sizeof version);
	return header[RESERVED_AT] != 0 || GUINT32_FROM_BE(version) >= 7;
}

gboolean store_file_check(const char *path, GPtrArray *faults, GError **error)
{
	guint8 header[100];
	struct stat about;
	int file = g_open(path, O_RDONLY | O_CLOEXEC, 0);
	if (file < 0 || fstat(file, &about) != 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: cannot be read: %s. See that this user may read it."), path, g_strerror(errno));
		if (file >= 0)
			close(file);
		return FALSE;
	}
	gboolean ok = TRUE;
	if (pread(file, header, sizeof header, 0) == sizeof header && has_sums(header)) {
		if (about.st_size % PAGE_BYTES != 0)
			g_ptr_array_add(faults, g_strdup_printf(_("%s: does not end with a whole page: it was cut. Restore the last backup."), path));
		ok = look(file, path, (guint64)about.st_size / PAGE_BYTES * PAGE_BYTES, faults, error);
	}
	close(file);
	return ok;
}
