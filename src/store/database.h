/* A connection to the database file: opened the one safe way, statements prepared once, faults turned into errors with a remedy. */
#pragma once

#include <sqlite3.h>

#include "store/sql.h"
#include "base/canonical.h"
#include "store/store.h"

typedef struct database {
	sqlite3 *handle;
	sqlite3_stmt *statements[SQL_COUNT];
	char *path;
} database;

typedef enum database_use {
	DATABASE_CREATE, /* a file that must not be there yet */
	DATABASE_WRITE,
	DATABASE_READ,   /* reads the public tables only; every other statement is refused by the authorizer */
	DATABASE_SCRATCH /* private, on disk while it lasts */
} database_use;

/* Opens d; a failed open leaves nothing behind. path is NULL for DATABASE_SCRATCH. Writing ones are migrated to the newest schema. */
gboolean database_open(database *d, const char *path, database_use use, GError **error);
void database_close(database *d);

/* Versions of the schema: how many migrations there are, and applying them up to one (for tests of older databases). */
guint database_schema_newest(void);
gboolean database_migrate(database *d, guint version, GError **error);

/* A statement with its arguments bound: 's' const char * (NULL: null), 'i' gint64, 'd' double, 'b' GBytes *, one letter each. Step it with
 * database_step until that is not SQLITE_ROW. */
sqlite3_stmt *database_bind(database *d, sql which, GError **error, const char *types, ...);
/* SQLITE_ROW, SQLITE_DONE (statement reset) or SQLITE_ERROR (reset, error set). */
int database_step(database *d, sqlite3_stmt *statement, GError **error);
/* Bind and step to the end; what it answers is thrown away. Text must live until it returns. */
gboolean database_run(database *d, sql which, GError **error, const char *types, ...);
/* One whole number, or otherwise where there is no row. */
gboolean database_number(database *d, gint64 *number, gint64 otherwise, sql which, GError **error, const char *types, ...);
/* Any SQL text of ours without arguments. */
gboolean database_execute(database *d, const char *text, GError **error);

/* Sets the error for what the connection just failed at. Always FALSE. */
gboolean database_fail(database *d, GError **error);

static inline const char *column_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	return text ? text : "";
}
