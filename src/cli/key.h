/* Keys as files: NAME.key, which signs and only its owner may read, and NAME.pub, which anybody may have. */
#pragma once

#include "log/note.h"

/* Makes a new pair in a folder. */
gboolean key_make(const char *folder, const char *name, const char *key_name, note_algorithm algorithm, GError **error);
/* The key that signs; NULL with an error where it is missing, cannot sign, or can be read by others. Free with note_key_free. */
note_key *key_load(const char *folder, const char *name, GError **error);
/* A public key given as text or as the file that holds it. */
note_key *key_given(const char *text_or_file, GError **error);
