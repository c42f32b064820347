/* What is typed into a search box: it is taken apart within bounds, every part is an expression that FTS5 takes, and the snippet is UTF-8 with
 * marks in pairs. The first line is the question, the rest the text that is searched. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/snippet.h"
#include "store/tokenizer.h"
#include "store/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sqlite3_stmt *match(void)
{
	static sqlite3 *handle;
	static sqlite3_stmt *statement;
	if (!statement) {
		if (sqlite3_open(":memory:", &handle) != SQLITE_OK || tokenizer_register(handle) != SQLITE_OK ||
		    sqlite3_exec(handle, "CREATE VIRTUAL TABLE words USING fts5 (title, summary, body, tokenize = 'folded', prefix = '2 3');"
		                         "INSERT INTO words VALUES ('copper mine', 'lime 矿', 'soil and seed')", NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_prepare_v2(handle, "SELECT weight(words) FROM words WHERE words MATCH ?1", -1, &statement, NULL) != SQLITE_OK)
			abort();
	}
	return statement;
}

static void try_part(const part *p)
{
	g_autofree char *expression = part_expression(p);
	sqlite3_stmt *statement = match();
	if (p->n == 0 || p->n > PART_WORDS)
		abort();
	sqlite3_bind_text(statement, 1, expression, -1, SQLITE_STATIC);
	int code = sqlite3_step(statement);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		abort();
	if (code == SQLITE_ROW && (sqlite3_column_int(statement, 0) < 1 || sqlite3_column_int(statement, 0) > WEIGHT_MAX))
		abort();
	sqlite3_reset(statement);
}

static void check_snippet(const char *snippet)
{
	int depth = 0;
	if (!g_utf8_validate(snippet, -1, NULL))
		abort();
	for (const char *at = snippet; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		depth += c == 0xE000 ? 1 : c == 0xE001 ? -1 : 0;
		if (depth < 0 || depth > 1)
			abort();
	}
	if (depth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size);
	char *rest = strchr(text, '\n');
	if (rest)
		*rest++ = '\0';
	g_autoptr(question) q = question_parse(text);
	if (q->n > QUESTION_PARTS || (q->blank && q->n))
		abort();
	for (guint i = 0; i < q->n; i++)
		try_part(q->parts[i]);
	g_autofree char *body = g_utf8_make_valid(rest ? rest : "", -1);
	g_autofree char *snippet = snippet_make(q, body, body);
	check_snippet(snippet);
	g_free(words_fold(text, 120));
	return 0;
}
