/* A file that has its name when it is whole and safe on the disk, and not before. */
#pragma once

#include <glib.h>
#include <stdio.h>

/* Makes path (with these permissions, such as 0644) of what fill writes. FALSE with an error: what was there under that name is there still. */
gboolean file_write_whole(const char *path, int mode, gboolean (*fill)(FILE *out, gpointer data, GError **error), gpointer data, GError **error);

/* A file without a name, for what does not fit into memory: gone when it is closed with fclose. Lies where TMPDIR says. NULL with an error. */
FILE *file_scratch(GError **error);

/* Removes a folder of ours and all that is in it, as far as it can be. Follows no links. */
void folder_remove(const char *folder);
