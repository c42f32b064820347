#include "store/question.h"

#include <string.h>

static gboolean take_word(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	(void)start, (void)end;
	part *p = data;
	if (p->n == PART_WORDS)
		return FALSE;
	p->lengths[p->n] = (guint8)length;
	p->words[p->n++] = g_strndup(word, length);
	return TRUE;
}

static void part_free(part *p)
{
	for (guint i = 0; i < p->n; i++)
		g_free(p->words[i]);
	g_free(p);
}

static gboolean part_equal(const part *a, const part *b)
{
	gboolean equal = a->n == b->n && a->prefix == b->prefix;
	for (guint i = 0; equal && i < a->n; i++)
		equal = strcmp(a->words[i], b->words[i]) == 0;
	return equal;
}

/* One letter begins too many words to be asked for; a character of Chinese is a whole word. */
static gboolean can_be_prefix(const part *p)
{
	return g_utf8_strlen(p->words[p->n - 1], -1) >= 2;
}

static void add_part(question *q, const char *text, gsize length, gboolean prefix, gboolean quoted)
{
	part *p = g_new0(part, 1);
	words_each(text, length, take_word, p);
	gboolean beginning = p->n > 0 && can_be_prefix(p);
	p->prefix = prefix && beginning;
	p->loose = !quoted && beginning && !p->prefix;
	gboolean known = p->n == 0 || q->n == QUESTION_PARTS;
	for (guint i = 0; !known && i < q->n; i++)
		known = part_equal(p, q->parts[i]);
	if (known) {
		part_free(p);
		return;
	}
	q->parts[q->n++] = p;
	word_beginnings_add(&q->begins, p->words[0], p->lengths[0]);
	q->phrases = q->phrases || p->n > 1;
}

/* The bytes of a quotation mark here, or 0: straight, and the curled ones that telephones type. */
static gsize quote_length(const char *text)
{
	static const char *const quotes[] = { "\"", "\u201C", "\u201D", "\u201E", "\u00AB", "\u00BB" };
	for (gsize i = 0; i < G_N_ELEMENTS(quotes); i++)
		if (g_str_has_prefix(text, quotes[i]))
			return strlen(quotes[i]);
	return 0;
}

static gsize space_length(const char *text)
{
	if (g_ascii_isspace(*text))
		return 1;
	return g_str_has_prefix(text, "\u3000") ? 3 : g_str_has_prefix(text, "\u00A0") ? 2 : 0;
}

question *question_parse(const char *text)
{
	question *q = g_new0(question, 1);
	q->blank = TRUE;
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)strnlen(text, QUESTION_BYTES));
	const char *at = valid;
	while (*at) {
		gsize skip = space_length(at);
		if (skip) {
			at += skip;
			continue;
		}
		q->blank = FALSE;
		gsize quote = quote_length(at);
		const char *end = at += quote;
		while (*end && !quote_length(end) && (quote || !space_length(end)))
			end++;
		gsize closing = quote ? quote_length(end) : 0;
		gboolean star = quote ? closing && end[closing] == '*' : end > at && end[-1] == '*';
		add_part(q, at, (gsize)(end - at), star, quote > 0);
		at = end + closing;
	}
	return q;
}

void question_free(question *q)
{
	for (guint i = 0; q && i < q->n; i++)
		part_free(q->parts[i]);
	g_free(q);
}

char *part_expression(const part *p)
{
	g_autofree char *words = g_strjoinv(" ", (char **)p->words);
	return g_strconcat("\"", words, p->prefix ? "\" *" : "\"", NULL);
}
