#include "store/snippet.h"

#include <string.h>

#define SPANS_MAX 64
#define PROSE_BYTES 40 /* a shorter line is a name or a term */
#define LEAD_BYTES 60 /* text shown before the first match */

typedef struct span {
	gsize start, end;
	guint part;
} span;

typedef struct matching {
	const question *q;
	guint n; /* spans */
	guint words[QUESTION_PARTS]; /* of each part matched so far */
	guint under_way; /* parts whose first words were matched just now */
	gsize last[QUESTION_PARTS]; /* where each part was last seen, and one more; 0: not yet */
	gsize until; /* once all parts stand together nothing beyond here is looked at; 0: they do not yet */
	/* What follows is read only where it was written. */
	span spans[SPANS_MAX];
	gsize starts[QUESTION_PARTS][PART_WORDS]; /* of the words matched so far */
} matching;

static gboolean is_word(const part *p, guint i, const char *word, gsize length)
{
	gsize n = p->lengths[i];
	gboolean begins = p->prefix && i + 1 == p->n;
	return *word == *p->words[i] && (begins ? length >= n : length == n) && memcmp(p->words[i], word, n) == 0;
}

/* Were all parts seen within a snippet's length before here? */
static gboolean all_near(const matching *m, gsize end)
{
	for (guint i = 0; i < m->q->n; i++)
		if (m->last[i] == 0 || m->last[i] - 1 + SNIPPET_BYTES - LEAD_BYTES < end)
			return FALSE;
	return TRUE;
}

static gboolean match_word(gpointer data, const char *word, gsize length, gsize start, gsize end)
{
	matching *m = data;
	if (!m->under_way && !m->q->begins.first[(guchar)*word]) /* as good as always */
		return m->until == 0 || end < m->until;
	m->under_way = 0;
	if (m->until && end >= m->until)
		return FALSE;
	for (guint i = 0; i < m->q->n && m->n < SPANS_MAX; i++) {
		const part *p = m->q->parts[i];
		guint n = m->words[i];
		if (!is_word(p, n, word, length) && (n == 0 || !is_word(p, n = 0, word, length))) {
			m->words[i] = 0;
			continue;
		}
		m->starts[i][n] = start;
		m->words[i] = n + 1;
		if (n + 1 < p->n) {
			m->under_way++;
			continue;
		}
		m->spans[m->n++] = (span) { m->starts[i][0], end, i };
		m->last[i] = m->starts[i][0] + 1;
		m->words[i] = 0;
		if (m->until == 0 && all_near(m, end))
			m->until = end + SNIPPET_BYTES; /* no later stretch can have more */
	}
	return m->n < SPANS_MAX && (m->until == 0 || end < m->until);
}

/* The window that begins at a span: how many parts it has, and its last span. */
static guint window_parts(const matching *m, guint first, guint *last)
{
	guint parts = 0;
	for (guint i = first; i < m->n && m->spans[i].end <= m->spans[first].start + SNIPPET_BYTES - LEAD_BYTES; i++) {
		parts |= 1u << m->spans[i].part;
		*last = i;
	}
	return (guint)__builtin_popcount(parts);
}

static guint best_window(const matching *m, guint *first, guint *last)
{
	guint best = 0;
	for (guint i = 0; i < m->n; i++) {
		guint end = i, parts = window_parts(m, i, &end);
		if (parts > best)
			best = parts, *first = i, *last = end;
	}
	return best;
}

/* The nearest place before (after) a byte where a word is not cut, or at least no character. */
static gsize word_start(const char *text, gsize at)
{
	gsize i = at;
	for (gsize steps = 0; i > 0 && steps < 24; i--, steps++)
		if (g_ascii_isspace(text[i - 1]))
			return i;
	for (i = at; i > 0 && ((guchar)text[i] & 0xC0) == 0x80;)
		i--;
	return i;
}

static gsize word_end(const char *text, gsize at, gsize least)
{
	gsize i = at;
	for (gsize steps = 0; i > least && steps < 24; i--, steps++)
		if (g_ascii_isspace(text[i]))
			return i;
	for (i = at; i > least && ((guchar)text[i] & 0xC0) == 0x80;)
		i--;
	return i;
}

static gboolean is_mark(const char *text, const char *end)
{
	return end - text >= 3 && (memcmp(text, MARK_BEGIN, 3) == 0 || memcmp(text, MARK_END, 3) == 0);
}

/* Appends text with line breaks as spaces and without marks of its own. */
static void append_plain(GString *out, const char *text, gsize length)
{
	static const char others[] = "\t\n\f\r\xEE"; /* the last one begins a mark */
	for (const char *end = text + length; text < end;) {
		gsize plain = MIN(strcspn(text, others), (gsize)(end - text));
		g_string_append_len(out, text, (gssize)plain);
		text += plain;
		if (text < end && is_mark(text, end))
			text += 3;
		else if (text < end)
			g_string_append_c(out, g_ascii_isspace(*text) ? ' ' : *text), text++;
	}
}

static char *cut(const char *text, const matching *m, guint first, guint last)
{
	gsize length = strlen(text);
	while (length && g_ascii_isspace(text[length - 1]))
		length--;
	gsize from = m->n == 0 || m->spans[first].start <= LEAD_BYTES ? 0 : word_start(text, m->spans[first].start - LEAD_BYTES);
	for (gsize i = from; m->n && i < m->spans[first].start; i++)
		if (text[i] == '\n')
			from = i + 1; /* what stands before the line is another thing */
	gsize least = m->n ? m->spans[last].end : 0;
	gsize to = length - from <= SNIPPET_BYTES ? length : word_end(text, MAX(from + SNIPPET_BYTES, least), least);
	GString *out = g_string_sized_new(to - from + 8 * sizeof MARK_BEGIN);
	g_string_append(out, from ? "…" : "");
	gsize at = from;
	for (guint i = first; i < m->n && m->spans[i].end <= to; i++) {
		if (m->spans[i].start < at)
			continue; /* inside the match before it */
		append_plain(out, text + at, m->spans[i].start - at);
		g_string_append(out, MARK_BEGIN);
		append_plain(out, text + m->spans[i].start, m->spans[i].end - m->spans[i].start);
		g_string_append(out, MARK_END);
		at = m->spans[i].end;
	}
	append_plain(out, text + at, to - at);
	if (to < length)
		g_string_append(out, "…");
	return g_string_free(out, FALSE);
}

static void match_text(matching *m, const question *q, const char *text)
{
	memset(m, 0, offsetof(matching, spans));
	m->q = q;
	words_each_from(text, strlen(text), q->phrases ? NULL : &q->begins, match_word, m);
}

/* Does the match stand in a sentence? Names and terms are lines of their own, and strung together they tell a reader nothing. */
static gboolean is_prose(const char *text, const span *match)
{
	gsize from = match->start, to = match->end;
	while (from > 0 && text[from - 1] != '\n')
		from--;
	while (text[to] && text[to] != '\n')
		to++;
	return to - from >= PROSE_BYTES;
}

char *snippet_make(const question *q, const char *summary, const char *body)
{
	matching m, n;
	guint first = 0, last = 0, body_first = 0, body_last = 0;
	match_text(&m, q, summary);
	guint in_summary = best_window(&m, &first, &last);
	if (in_summary == q->n)
		return cut(summary, &m, first, last);
	match_text(&n, q, body);
	gboolean better = best_window(&n, &body_first, &body_last) > in_summary;
	while (better && *summary && body_first < body_last && !is_prose(body, &n.spans[body_first]))
		body_first++;
	if (better && (!*summary || is_prose(body, &n.spans[body_first])))
		return cut(body, &n, body_first, body_last);
	return cut(summary, &m, first, last);
}
