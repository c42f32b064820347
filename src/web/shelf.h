/* The data packs that the site offers as files. One is made for a state of the log once, when somebody wants it, by a child of the lowest priority; no
 * request waits for it, and what the making costs is a small part of one processor, however often the records change. Packs lie in a folder under the
 * SHA-256 of their bytes; the newest and the one before it stay. */
#pragma once

#include "store/store.h"

typedef struct shelf_pack {
	char sha256[65];
	guint64 size, entries;
	char root[45]; /* of the log, base64 */
	char time[21]; /* of the last entry, RFC 3339 */
	guint64 package, package_size; /* where in the archive its GeoPackage lies, which is stored as it is */
} shelf_pack;

/* Makes a pack of the log as it is, under this name; `over` becomes true when it should stop. Called on the shelf's own thread. */
typedef gboolean (*shelf_maker)(gpointer data, const char *path, const gint *over, GError **error);

typedef struct shelf shelf;
/* key: public key of the log; packs that another key signed are not offered. NULL with an error if the store cannot be read. Stop before it is closed. */
shelf *shelf_start(const char *folder, const char *key, store *records, shelf_maker make, gpointer data, GError **error);
void shelf_stop(shelf *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(shelf, shelf_stop)

/* The newest pack; FALSE: there is none yet. Who asks wants it, so that one is made if this is not of the log as it is. Any thread, without waiting. */
gboolean shelf_newest(shelf *s, shelf_pack *out);
/* A pack that is offered, opened for reading; -1: it is not (any more). */
int shelf_open(shelf *s, const char *sha256, shelf_pack *out);
