#include "store/database.h"

#include <gio/gio.h>
#include <stdarg.h>
#include <string.h>

#include "record/message.h"
#include "store/pages.h"
#include "store/tokenizer.h"

#define APPLICATION_ID 0x4146544D /* "AFTM" */
#define BUSY_MILLISECONDS 15000

GResource *store_sql_get_resource(void);

static const char *const migrations[] = {
	"001-records.sql",
	"002-files.sql",
	"003-log.sql",
	"004-land.sql",
	"005-word-blocks.sql",
	"006-file-since.sql",
	"007-page-sums.sql",
	"008-briefs.sql",
	"009-face-approximate.sql",
	"010-hits.sql",
};

GQuark store_error_quark(void)
{
	return g_quark_from_static_string("store-error");
}

gboolean database_fail(database *d, GError **error)
{
	int code = d->handle ? sqlite3_extended_errcode(d->handle) : SQLITE_NOMEM;
	const char *says = d->handle ? sqlite3_errmsg(d->handle) : "out of memory";
	const char *path = d->path ? d->path : "temporary database";
	switch (code & 0xFF) {
	case SQLITE_FULL:
		g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
		    _("%s: the disk is full; nothing was changed. Free some space there and try again."), path);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED,
		    _("%s: the database is damaged (%s). Restore the last backup; docs/operator.md says how."), path, says);
		break;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO,
		    _("%s: another program keeps the database locked; nothing was changed. Try again when it has finished."), path);
		break;
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO,
		    _("%s: cannot be opened or changed (%s). See that the file is there and that this user may write to it and its folder."), path, says);
		break;
	case SQLITE_NOMEM:
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: not enough memory; nothing was changed. Give the program more and try again."), path);
		break;
	default:
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: %s; nothing was changed. See that the disk works, then try again."), path, says);
	}
	return FALSE;
}

gboolean database_execute(database *d, const char *text, GError **error)
{
	return sqlite3_exec(d->handle, text, NULL, NULL, NULL) == SQLITE_OK || database_fail(d, error);
}

static int bind_bytes(sqlite3_stmt *statement, int column, GBytes *bytes)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	return sqlite3_bind_blob64(statement, column, size ? data : "", size, SQLITE_STATIC);
}

static sqlite3_stmt *bind_list(database *d, sql which, GError **error, const char *types, va_list arguments)
{
	sqlite3_stmt *statement = d->statements[which];
	if (!statement) {
		if (sqlite3_prepare_v3(d->handle, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
			database_fail(d, error);
			return NULL;
		}
		d->statements[which] = statement;
	}
	int code = SQLITE_OK;
	for (int i = 0; types[i] && code == SQLITE_OK; i++) {
		if (types[i] == 's')
			code = sqlite3_bind_text(statement, i + 1, va_arg(arguments, const char *), -1, SQLITE_STATIC);
		else if (types[i] == 'i')
			code = sqlite3_bind_int64(statement, i + 1, va_arg(arguments, gint64));
		else if (types[i] == 'b')
			code = bind_bytes(statement, i + 1, va_arg(arguments, GBytes *));
		else
			code = sqlite3_bind_double(statement, i + 1, va_arg(arguments, double));
	}
	if (code != SQLITE_OK) {
		database_fail(d, error);
		sqlite3_reset(statement);
		return NULL;
	}
	return statement;
}

sqlite3_stmt *database_bind(database *d, sql which, GError **error, const char *types, ...)
{
	va_list arguments;
	va_start(arguments, types);
	sqlite3_stmt *statement = bind_list(d, which, error, types, arguments);
	va_end(arguments);
	return statement;
}

int database_step(database *d, sqlite3_stmt *statement, GError **error)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return code;
	if (code != SQLITE_DONE)
		database_fail(d, error);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? SQLITE_DONE : SQLITE_ERROR;
}

static gboolean run_out(database *d, sqlite3_stmt *statement, GError **error)
{
	int code = SQLITE_ERROR;
	while (statement && (code = database_step(d, statement, error)) == SQLITE_ROW)
		;
	if (statement)
		sqlite3_clear_bindings(statement);
	return code == SQLITE_DONE;
}

gboolean database_run(database *d, sql which, GError **error, const char *types, ...)
{
	va_list arguments;
	va_start(arguments, types);
	sqlite3_stmt *statement = bind_list(d, which, error, types, arguments);
	va_end(arguments);
	return run_out(d, statement, error);
}

gboolean database_number(database *d, gint64 *number, gint64 otherwise, sql which, GError **error, const char *types, ...)
{
	va_list arguments;
	va_start(arguments, types);
	sqlite3_stmt *statement = bind_list(d, which, error, types, arguments);
	va_end(arguments);
	if (!statement)
		return FALSE;
	int code = database_step(d, statement, error);
	if (code == SQLITE_ERROR)
		return FALSE;
	*number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : otherwise;
	return code == SQLITE_DONE || run_out(d, statement, error);
}

static gboolean pragma_number(database *d, const char *text, gint64 *number, GError **error)
{
	sqlite3_stmt *statement = NULL;
	gboolean ok = sqlite3_prepare_v2(d->handle, text, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
	if (ok)
		*number = sqlite3_column_int64(statement, 0);
	else
		database_fail(d, error);
	sqlite3_finalize(statement);
	return ok;
}

guint database_schema_newest(void)
{
	return G_N_ELEMENTS(migrations);
}

static gboolean apply_migration(database *d, guint number, GError **error)
{
	g_autofree char *name = g_strconcat("/aftermine/store/migrations/", migrations[number - 1], NULL);
	g_autoptr(GBytes) text = g_resource_lookup_data(store_sql_get_resource(), name, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	g_autofree char *version = g_strdup_printf("PRAGMA user_version = %u", number);
	return text && database_execute(d, g_bytes_get_data(text, NULL), error) && database_execute(d, version, error);
}

gboolean database_migrate(database *d, guint version, GError **error)
{
	gint64 is = 0;
	if (!pragma_number(d, "PRAGMA user_version", &is, error))
		return FALSE;
	if (is > (gint64)G_N_ELEMENTS(migrations)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
		    _("%s: was written by a newer version of this program (schema %d, this one knows %u). Use that version, or restore an older backup."),
		    d->path, (int)is, (guint)G_N_ELEMENTS(migrations));
		return FALSE;
	}
	if (is >= version)
		return TRUE;
	if (!database_execute(d, "BEGIN IMMEDIATE", error))
		return FALSE;
	gboolean ok = pragma_number(d, "PRAGMA user_version", &is, error); /* another process may have been quicker */
	for (guint number = (guint)is + 1; ok && number <= version; number++)
		ok = apply_migration(d, number, error);
	if (ok && database_execute(d, "COMMIT", error))
		return TRUE;
	sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

/* What a reading connection may touch. A prefix ends in '*': the tables behind FTS5 and R*Tree. */
static const char *const readable[] = {
	"revision", "about", "document", "text", "words*", "word_block", "facet", "facet_value", "sort_key", "reference", "place", "place_box*", "shape", "shape_box*", "land", "face", "log_entry", "log_tile", "log_checkpoint", "file", "sqlite_master",
	"sqlite_schema",
};

static gboolean may_read(const char *table)
{
	for (gsize i = 0; i < G_N_ELEMENTS(readable); i++) {
		gsize n = strlen(readable[i]);
		gboolean family = readable[i][n - 1] == '*';
		if (family ? strncmp(table, readable[i], n - 1) == 0 : strcmp(table, readable[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

static int authorize(void *data, int action, const char *first, const char *second, const char *schema, const char *trigger)
{
	(void)data, (void)second, (void)schema, (void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
	case SQLITE_FUNCTION:
		return SQLITE_OK;
	case SQLITE_READ:
		return may_read(first) ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_PRAGMA:
		return g_strcmp0(first, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_INSERT: /* virtual tables declare themselves, R*Tree prepares to write; the connection is read-only all the same */
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return g_str_has_prefix(first, "place_box_") || g_str_has_prefix(first, "shape_box_") || strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static gboolean configure(database *d, database_use use, GError **error)
{
	sqlite3_busy_timeout(d->handle, BUSY_MILLISECONDS);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(d->handle, SQLITE_LIMIT_ATTACHED, 0);
	if (!database_execute(d, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON", error))
		return FALSE;
	if (tokenizer_register(d->handle) != SQLITE_OK)
		return database_fail(d, error);
	switch (use) {
	case DATABASE_READ:
		return database_execute(d, "PRAGMA query_only = ON; PRAGMA cache_size = -4096", error);
	case DATABASE_SCRATCH:
		return database_execute(d, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384", error);
	default:
		return database_execute(d, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; "
		                           "PRAGMA cache_size = -16384", error);
	}
}

static gboolean check_identity(database *d, gboolean fresh, GError **error)
{
	if (fresh) {
		g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d", APPLICATION_ID);
		return database_execute(d, mark, error);
	}
	gint64 id = 0;
	if (!pragma_number(d, "PRAGMA application_id", &id, error))
		return FALSE;
	if (id == APPLICATION_ID)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("%s: is not an aftermine database. Name the folder that 'aftermine init' made."), d->path);
	return FALSE;
}

static gboolean prepare_place(const char *path, database_use use, GError **error)
{
	gboolean there = path && g_file_test(path, G_FILE_TEST_EXISTS);
	if (use == DATABASE_CREATE && there) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: is already there. Choose another folder, or use the instance that is in it."), path);
		return FALSE;
	}
	if (use != DATABASE_CREATE && use != DATABASE_SCRATCH && !there) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: there is no database here. Make one with 'aftermine init'."), path);
		return FALSE;
	}
	return TRUE;
}

gboolean database_open(database *d, const char *path, database_use use, GError **error)
{
	*d = (database) { 0 };
	if (!prepare_place(path, use, error))
		return FALSE;
	d->path = g_strdup(path);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (use == DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
	            (use == DATABASE_CREATE || use == DATABASE_SCRATCH ? SQLITE_OPEN_CREATE : 0);
	gboolean fresh = use == DATABASE_CREATE || use == DATABASE_SCRATCH;
	gboolean ok = sqlite3_open_v2(path ? path : "", &d->handle, flags, path ? pages_vfs() : NULL) == SQLITE_OK || database_fail(d, error);
	ok = ok && (use != DATABASE_CREATE || pages_prepare(d->handle, TRUE)) && configure(d, use, error) && check_identity(d, fresh, error) &&
	     (use != DATABASE_WRITE || pages_prepare(d->handle, FALSE) || database_fail(d, error)) &&
	     (use == DATABASE_READ || database_migrate(d, database_schema_newest(), error));
	if (ok && use == DATABASE_READ)
		sqlite3_set_authorizer(d->handle, authorize, NULL);
	if (!ok)
		database_close(d);
	return ok;
}

void database_close(database *d)
{
	for (int i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(d->statements[i]);
	sqlite3_close(d->handle);
	g_free(d->path);
	*d = (database) { 0 };
}
