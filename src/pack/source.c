/* A store as the source of a pack. */
#include "pack/pack.h"

static char *revision_of(gpointer reader, guint64 number, gsize *length, GError **error)
{
	return store_log_revision(reader, number, length, error);
}

static GBytes *file_of(gpointer reader, const char *sha256, const char *time, const char **media_type, GError **error)
{
	return store_file_kept(reader, sha256, time, media_type, error);
}

void pack_source_store(pack_source *s, store_reader *r, guint64 size)
{
	s->size = size;
	s->revision = revision_of;
	s->file = file_of;
	s->data = r;
}
