#include "store/tokenizer.h"

#include "store/words.h"

typedef struct passing {
	void *context;
	int (*token)(void *, int, const char *, int, int, int);
	int result;
} passing;

static gboolean pass_word(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	passing *p = data;
	p->result = p->token(p->context, 0, word, (int)length, (int)start, (int)end);
	return p->result == SQLITE_OK;
}

static int folded_create(void *context, const char **arguments, int n, Fts5Tokenizer **out)
{
	(void)arguments, (void)n;
	*out = context; /* it has no state; any pointer but NULL will do */
	return SQLITE_OK;
}

static void folded_delete(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static int folded_tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int length,
    int (*token)(void *, int, const char *, int, int, int))
{
	(void)tokenizer, (void)flags;
	passing p = { context, token, SQLITE_OK };
	if (text && length > 0)
		words_each(text, (gsize)length, pass_word, &p);
	return p.result;
}

/* Okapi's saturation of repeated words without its length norm: tf / (tf + 1.2), per column, in thousandths. One hit in the title (10)
 * counts more than any number in summary (3) and body (1) together; one in the summary more than any number in the body. */
static int saturated(int times)
{
	static const gint16 few[] = { 0, 454, 625, 714, 769, 806, 833, 853, 869, 882, 892, 901, 909, 915, 921, 925 };
	return times < (int)G_N_ELEMENTS(few) ? few[times] : (int)(1000.0 * times / (times + 1.2));
}

guint8 word_weight(int title, int summary, int body)
{
	return (guint8)(1 + (10 * saturated(title) + 3 * saturated(summary) + saturated(body)) * (WEIGHT_MAX - 1) / 14000);
}

static void weight(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *result, int n, sqlite3_value **values)
{
	(void)n, (void)values;
	int times[3] = { 0 };
	Fts5PhraseIter i;
	int column, offset;
	int code = api->xPhraseFirst(fts, 0, &i, &column, &offset);
	if (code != SQLITE_OK) {
		sqlite3_result_error_code(result, code);
		return;
	}
	for (; column >= 0; api->xPhraseNext(fts, &i, &column, &offset))
		if (column < 3)
			times[column]++;
	sqlite3_result_int(result, word_weight(times[0], times[1], times[2]));
}

int tokenizer_register(sqlite3 *handle)
{
	static char no_state;
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, NULL);
	if (code == SQLITE_OK) {
		sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
		sqlite3_step(statement);
		code = sqlite3_finalize(statement);
	}
	if (code != SQLITE_OK)
		return code;
	if (!api)
		return SQLITE_ERROR;
	fts5_tokenizer folded = { folded_create, folded_delete, folded_tokenize };
	code = api->xCreateTokenizer(api, "folded", &no_state, &folded, NULL);
	return code == SQLITE_OK ? api->xCreateFunction(api, "weight", NULL, weight, NULL) : code;
}
