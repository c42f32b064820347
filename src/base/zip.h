/* Archives in the ZIP form whose bytes depend on nothing but names and contents: members are stored as they are (no compressor, whose next version
 * would write other bytes), without dates (1980-01-01), owners and extra fields, in the order they are added.
 * Source: PKWARE APPNOTE 6.3 (local header, central directory, end records; Zip64 where sizes, places or counts need it). */
#pragma once

#include <glib.h>
#include <stdio.h>

/* Where the bytes of an archive go. FALSE with an error stops the writing. */
typedef gboolean (*zip_sink)(gpointer data, const void *bytes, gsize length, GError **error);

typedef struct zip_writer zip_writer;
zip_writer *zip_writer_new(zip_sink sink, gpointer data);
void zip_writer_free(zip_writer *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_writer, zip_writer_free)

/* Adds a member. Names are relative paths in UTF-8 with slashes, none twice; that is the caller's to hold. */
gboolean zip_add(zip_writer *w, const char *name, const void *bytes, gsize length, GError **error);
/* A member from a file, read from its beginning, twice. */
gboolean zip_add_file(zip_writer *w, const char *name, FILE *file, GError **error);
/* Writes the directory. Nothing may be added then. */
gboolean zip_finish(zip_writer *w, GError **error);

/* An archive that was written so, in memory or mapped from a file. Members that are compressed or encrypted are refused, as is what is not as
 * its directory says; checksums are looked at when a member is asked for. */
typedef struct zip_reader zip_reader;
zip_reader *zip_open(GBytes *bytes, GError **error);
void zip_close(zip_reader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_reader, zip_close)

gsize zip_count(const zip_reader *r);
const char *zip_name(const zip_reader *r, gsize member);
/* A member's bytes, borrowed; NULL without an error: there is none of that name; with one: they are not what their checksum says. */
const guint8 *zip_get(const zip_reader *r, const char *name, gsize *length, GError **error);
/* Where a member's bytes lie in the archive; FALSE: there is none of that name. */
gboolean zip_place(const zip_reader *r, const char *name, guint64 *place, guint64 *size);
/* Which member, or part of the archive ("its directory"), the byte at this place belongs to. */
const char *zip_member_at(const zip_reader *r, guint64 place);
