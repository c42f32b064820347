/* Every statement of the store, by subject, prepared once per connection. */
#pragma once

typedef enum sql {
	/* transactions */
	SQL_BEGIN,
	SQL_BEGIN_WRITE,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_SAVEPOINT_UNDO,
	SQL_SAVEPOINT_RELEASE,
	/* revisions */
	SQL_GENERATION,
	SQL_LATEST,
	SQL_REVISION_INSERT,
	SQL_REVISION_NEWEST,
	SQL_REVISION_PUBLIC,
	SQL_REVISION_AS_OF,
	SQL_REVISION_NUMBERED,
	SQL_REVISION_ALL,
	SQL_REVISIONS_PUBLIC,
	SQL_REVISIONS_EVERY,
	SQL_ABOUT_GET,
	SQL_ABOUT_SET,
	/* projections: adding */
	SQL_DOCUMENT_LAST,
	SQL_DOCUMENT_INSERT,
	SQL_TEXT_INSERT,
	SQL_WORDS_INSERT,
	SQL_WORDS_TIDY,
	SQL_VALUE_FIND,
	SQL_VALUE_INSERT,
	SQL_FACET_INSERT,
	SQL_SORT_INSERT,
	SQL_REFERENCE_INSERT,
	SQL_PLACE_INSERT,
	SQL_BOX_INSERT,
	/* the index in memory */
	SQL_DOCUMENT_COUNT,
	SQL_DOCUMENTS_AFTER,
	SQL_VALUE_COUNT,
	SQL_VALUES_AFTER,
	SQL_FACETS_AFTER,
	SQL_ORDER,
	SQL_SORT_HAS,
	SQL_SORT_NEXT,
	SQL_SORT_BEFORE,
	/* search */
	SQL_MATCH,
	SQL_HIT,
	SQL_TEXT,
	SQL_BOX,
	SQL_ENVELOPE,
	SQL_PLACE,
	SQL_REFERRERS,
	SQL_EXISTS,
	/* files */
	SQL_FILE_INSERT,
	SQL_FILE_GET,
	SQL_FILES_EVERY,
	SQL_COUNT
} sql;

extern const char *const sql_text[SQL_COUNT];

/* Projections: emptied for a rebuild, and what their hash is taken over, in order; NULL-terminated. */
extern const char *const sql_empty[];
extern const char *const sql_hashed[];
