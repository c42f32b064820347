/* A sum at the end of every page of the database file, so that a byte that changes behind the program's back is found wherever it lies: in a record, in
 * an index, in space that nothing uses. The last 8 of a page's 4,096 bytes are the first 8 of the BLAKE2b-128 of its number (from 0, 8 bytes, little end
 * first) and its other bytes; a page that was never written is all zeros. SQLite leaves these bytes free (its "reserved bytes", sqlite.org/fileformat2.html
 * section 1.3.4); a VFS puts the sum there as a page goes to the file. Pages in the write-ahead log have SQLite's own sums. */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

#define PAGE_BYTES 4096
#define PAGE_SUM_BYTES 8

/* Name of the VFS that databases are opened with. */
const char *pages_vfs(void);
/* Tells a connection that was just opened to leave room for the sums; of a database from before there were any, it makes every page anew. */
gboolean pages_prepare(sqlite3 *handle, gboolean fresh);
