#include "web/shelf.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/canonical.h"
#include "pack/pack.h"
#include "record/message.h"

#define LOOK_EVERY (500 * G_TIME_SPAN_MILLISECOND)
#define REST (60 * G_TIME_SPAN_SECOND) /* between two makings at least, and: */
#define REST_SHARE 20                  /* times as long as the last took */
#define REST_FAILED (10 * G_TIME_SPAN_MINUTE)
#define KEPT 2

/* Packs of this program's version: another's would not be what this one verifies. */
#define ENDING "-" AFTERMINE_VERSION ".zip"

struct shelf {
	char *folder, *key;
	store_reader *reader;
	shelf_maker make;
	gpointer data;
	GThread *thread;
	gint over, wanted; /* atomic */
	GMutex lock;       /* of what follows */
	GCond ended;
	shelf_pack packs[KEPT]; /* the newest first */
	guint n;
	gint64 rest_until; /* of the thread */
};

static char *path_of(const shelf *s, const char *sha256)
{
	g_autofree char *name = g_strconcat(sha256, ENDING, NULL);
	return g_build_filename(s->folder, name, NULL);
}

/* ---- what a pack says of itself ---- */

static gboolean last_time(const pack_source *from, char time[static 21], GError **error)
{
	gsize length;
	if (from->size == 0)
		return FALSE;
	g_autofree char *bytes = from->revision(from->data, from->size - 1, &length, error);
	g_autoptr(record) r = bytes ? record_from_canonical(bytes, length, error) : NULL;
	return r && g_strlcpy(time, r->time, 21) < 21;
}

/* The pack at a path, whose name must be what its bytes give (named), and whose key this log's. */
static gboolean read_pack(const shelf *s, const char *path, shelf_pack *out, GError **error)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, error);
	g_autoptr(pack) p = file ? pack_open(path, error) : NULL;
	if (!p)
		return FALSE;
	const pack_source *from = pack_contents(p);
	g_autoptr(note) n = note_parse(from->checkpoint, strlen(from->checkpoint), error);
	g_auto(checkpoint) c = { 0 };
	if (!n || !checkpoint_parse(n->text, &c, error) || strcmp(from->key, s->key) != 0)
		return FALSE;
	g_autofree char *sum = sha256_hex(g_mapped_file_get_contents(file), g_mapped_file_get_length(file)), *root = log_hash_text(&c.root);
	*out = (shelf_pack) { .size = g_mapped_file_get_length(file), .entries = c.size };
	g_strlcpy(out->sha256, sum, sizeof out->sha256);
	g_strlcpy(out->root, root, sizeof out->root);
	return last_time(from, out->time, error) && pack_place(p, "data/records.gpkg", &out->package, &out->package_size);
}

/* ---- the shelf ---- */

/* A newer one takes the first place; what is pushed off is deleted. */
static void put_on_shelf(shelf *s, const shelf_pack *one)
{
	g_autofree char *last = NULL;
	g_mutex_lock(&s->lock);
	if (s->n == KEPT)
		last = path_of(s, s->packs[KEPT - 1].sha256);
	memmove(&s->packs[1], s->packs, (KEPT - 1) * sizeof *s->packs);
	s->packs[0] = *one;
	s->n = MIN(s->n + 1, KEPT);
	g_mutex_unlock(&s->lock);
	if (last)
		g_unlink(last);
}

static int by_entries(gconstpointer a, gconstpointer b)
{
	const shelf_pack *x = a, *y = b;
	return x->entries < y->entries ? -1 : x->entries > y->entries;
}

/* What is in the folder from before. What is no pack of this version and log, or not what its name says, goes. */
static void look_around(shelf *s)
{
	g_autoptr(GDir) folder = g_dir_open(s->folder, 0, NULL);
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(shelf_pack));
	for (const char *name; folder && !g_atomic_int_get(&s->over) && (name = g_dir_read_name(folder));) {
		g_autofree char *path = g_build_filename(s->folder, name, NULL), *should = NULL;
		shelf_pack one;
		if (read_pack(s, path, &one, NULL) && (should = path_of(s, one.sha256)) && strcmp(path, should) == 0)
			g_array_append_val(found, one);
		else if (g_str_has_suffix(name, ".zip"))
			g_unlink(path);
	}
	g_array_sort(found, by_entries);
	for (guint i = 0; i < found->len; i++)
		put_on_shelf(s, &g_array_index(found, shelf_pack, i));
}

static gboolean make_one(shelf *s, GError **error)
{
	g_autofree char *making = g_build_filename(s->folder, "new.zip", NULL);
	shelf_pack one;
	if (g_mkdir_with_parents(s->folder, 0755) != 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", s->folder, g_strerror(errno));
		return FALSE;
	}
	if (!s->make(s->data, making, &s->over, error) || !read_pack(s, making, &one, error)) {
		g_unlink(making);
		return FALSE;
	}
	g_autofree char *path = path_of(s, one.sha256);
	if (g_rename(making, path) != 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
		return FALSE;
	}
	put_on_shelf(s, &one);
	return TRUE;
}

static void fill_shelf(shelf *s)
{
	g_autoptr(GError) error = NULL;
	gint64 began = g_get_monotonic_time();
	g_atomic_int_set(&s->wanted, FALSE);
	gboolean made = make_one(s, &error);
	gint64 now = g_get_monotonic_time();
	s->rest_until = now + (made ? MAX(REST, REST_SHARE * (now - began)) : REST_FAILED);
	if (!made && !g_atomic_int_get(&s->over))
		g_warning("the data pack could not be made: %s", error ? error->message : "it is not of this log");
}

/* Is the log another than the newest pack's? */
static gboolean is_behind(shelf *s, guint64 size)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&s->lock);
	return size > 0 && (s->n == 0 || s->packs[0].entries != size);
}

static gpointer tend(gpointer data)
{
	shelf *s = data;
	guint64 before = G_MAXUINT64;
	setpriority(PRIO_PROCESS, 0, 19); /* of this thread, and of the children it starts */
	look_around(s);
	while (!g_atomic_int_get(&s->over)) {
		guint64 size = 0;
		store_log_size(s->reader, &size, NULL);
		/* The same twice: an import that goes on is waited for. */
		if (g_atomic_int_get(&s->wanted) && size == before && is_behind(s, size) && g_get_monotonic_time() >= s->rest_until)
			fill_shelf(s);
		before = size;
		g_mutex_lock(&s->lock);
		if (!g_atomic_int_get(&s->over))
			g_cond_wait_until(&s->ended, &s->lock, g_get_monotonic_time() + LOOK_EVERY);
		g_mutex_unlock(&s->lock);
	}
	return NULL;
}

shelf *shelf_start(const char *folder, const char *key, store *records, shelf_maker make, gpointer data, GError **error)
{
	store_reader *reader = store_reader_open(records, error);
	if (!reader)
		return NULL;
	shelf *s = g_new0(shelf, 1);
	s->folder = g_strdup(folder);
	s->key = g_strdup(key);
	s->reader = reader;
	s->make = make;
	s->data = data;
	g_mutex_init(&s->lock);
	g_cond_init(&s->ended);
	s->thread = g_thread_new("shelf", tend, s);
	return s;
}

void shelf_stop(shelf *s)
{
	if (!s)
		return;
	g_mutex_lock(&s->lock);
	g_atomic_int_set(&s->over, TRUE);
	g_cond_signal(&s->ended);
	g_mutex_unlock(&s->lock);
	g_thread_join(s->thread);
	store_reader_close(s->reader);
	g_mutex_clear(&s->lock);
	g_cond_clear(&s->ended);
	g_free(s->folder), g_free(s->key);
	g_free(s);
}

gboolean shelf_newest(shelf *s, shelf_pack *out)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&s->lock);
	g_atomic_int_set(&s->wanted, TRUE);
	if (s->n)
		*out = s->packs[0];
	return s->n > 0;
}

int shelf_open(shelf *s, const char *sha256, shelf_pack *out)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&s->lock);
	for (guint i = 0; i < s->n; i++)
		if (strcmp(s->packs[i].sha256, sha256) == 0) {
			g_autofree char *path = path_of(s, sha256);
			*out = s->packs[i];
			return g_open(path, O_RDONLY | O_CLOEXEC, 0);
		}
	return -1;
}
