/* An instance is a folder: records.db (the database), settings.ini, access.log. */
#pragma once

#include "store/store.h"

/* DIR/records.db, DIR/settings.ini; free with g_free. */
char *instance_database(const char *dir);
char *instance_settings(const char *dir);
/* Opens the database of an instance. NULL with an error that says how to make one. */
store *instance_open(const char *dir, GError **error);
