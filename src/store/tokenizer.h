/* What the store adds to FTS5: the tokenizer `folded` (words.h), and weight(words), which says how much a match of one phrase counts. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

/* Registers both on a connection; an SQLite result code. */
int tokenizer_register(sqlite3 *handle);

/* weight() gives 1 to this. */
#define WEIGHT_MAX 255

/* What a document weighs that has a word so often in title, summary and body. */
guint8 word_weight(int title, int summary, int body);
