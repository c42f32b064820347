/* The data pack: a registry whole in one archive, made of nothing but its log. Entries, tiles, checkpoint and proofs; every published record as JSON, CSV,
 * GeoJSON and GeoPackage; the files they show; schemas, dictionary and descriptions (Frictionless Data Package, RO-Crate 1.1, DataCite 4.5); a manifest
 * of checksums. The same entries and checkpoint give the same bytes, wherever they come from: a pack is verified by making it again from what it holds. */
#pragma once

#include "base/zip.h"
#include "log/checkpoint.h"
#include "store/store.h"

/* Where the entries of a log come from. */
typedef struct pack_source {
	guint64 size;           /* how many to take, from the first on */
	const char *key;        /* public key of the log, "name+id+base64" */
	const char *checkpoint; /* signed for this size, with the log's own signature and no other */
	/* Canonical bytes of an entry's revision, NUL-terminated; free with g_free. */
	char *(*revision)(gpointer data, guint64 number, gsize *length, GError **error);
	/* A file that was kept at a time; NULL without an error: it was not. */
	GBytes *(*file)(gpointer data, const char *sha256, const char *time, const char **media_type, GError **error);
	gpointer data;
} pack_source;

/* Makes the pack. An error of PACK_ERROR: the entries contradict each other or the checkpoint. */
gboolean pack_write(const pack_source *from, zip_sink sink, gpointer data, GError **error);

typedef enum pack_error { PACK_ERROR_FALSE } pack_error;
#define PACK_ERROR (pack_error_quark())
GQuark pack_error_quark(void);

/* A store as a source: its reader is data. Sets all but key and checkpoint. */
void pack_source_store(pack_source *s, store_reader *r, guint64 size);

/* A pack that somebody has. */
typedef struct pack pack;
/* NULL with an error for what is no pack. Only its directory, key and checkpoint are looked at. */
pack *pack_open(const char *path, GError **error);
void pack_close(pack *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pack, pack_close)
/* Does the file say of itself that it is a pack? */
gboolean pack_is(const char *path);

const pack_source *pack_contents(const pack *p);
/* Where a member's bytes, which are stored as they are, lie in the file; FALSE: it has none of that name. */
gboolean pack_place(const pack *p, const char *name, guint64 *at, guint64 *size);
/* Is everything in it what its log says, signed with this key (NULL: the key that it holds itself)? FALSE with the first thing that is not. */
gboolean pack_verify(const pack *p, const note_key *key, GError **error);
/* Calls for each of its files: content and type. */
gboolean pack_files(const pack *p, store_file_visit visit, gpointer to, GError **error);
/* Root of the tree of the first `size` entries, for a checkpoint from earlier. size: not more than it holds. */
gboolean pack_root(const pack *p, guint64 size, merkle_hash *root, GError **error);
