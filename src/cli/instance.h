/* An instance is a folder: records.db (the database), settings.ini, log.key (signs the log; nobody else may read it), log.pub, log.former
 * (public keys that signed it before, a line each; may be missing), access.log,
 * and packs (data packs, each under the SHA-256 of its bytes; can be made again). */
#pragma once

#include "log/note.h"
#include "store/store.h"

/* DIR/records.db, DIR/settings.ini; free with g_free. */
char *instance_database(const char *dir);
char *instance_settings(const char *dir);
/* DIR/packs: the data packs that the site offers. */
char *instance_packs(const char *dir);
/* Opens the database of an instance. NULL with an error that says how to make one. */
store *instance_open(const char *dir, GError **error);

/* Remembers the settings file as it is: what the program runs with from now on. */
gboolean instance_seal(const char *dir, store *s, GError **error);
/* Before the database is opened: are its pages, the key files and the data packs, byte by byte, as this program writes them? Appends a sentence (char *) for each that is
 * not. FALSE: could not look. */
gboolean instance_look(const char *dir, GPtrArray *faults, GError **error);
/* And the settings: are they those the program last ran with? */
gboolean instance_look_settings(const char *dir, store_reader *r, GPtrArray *faults, GError **error);

/* Makes DIR/log.key (readable by its owner only) and DIR/log.pub for a log of this name; NULL: a name that nobody else has. */
gboolean instance_key_make(const char *dir, const char *origin, GError **error);
/* The public keys of DIR/log.former, the oldest first: array of note_key. Empty where there is no such file; NULL with an error. */
GPtrArray *instance_former_keys(const char *dir, GError **error);
/* The key that signs the log; an instance from before there was a log gets one. NULL with an error. Free with note_key_free. */
note_key *instance_key(const char *dir, GError **error);
