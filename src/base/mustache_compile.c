/* The compiler: text -> tokens -> tokens with standalone lines taken out -> nodes. */
#include "base/mustache_tree.h"

#include <gio/gio.h>
#include <string.h>

typedef enum token_type {
	TOKEN_TEXT,      /* up to and including a newline */
	TOKEN_ESCAPED,
	TOKEN_RAW,
	TOKEN_SECTION,
	TOKEN_INVERTED,
	TOKEN_PARTIAL,
	TOKEN_PARENT,
	TOKEN_BLOCK,
	TOKEN_CLOSE,
	TOKEN_NOTHING    /* comments and delimiters */
} token_type;

typedef struct token {
	token_type type;
	const char *text; /* text, or the tag's name */
	gsize length;
	guint line;
	guint partner;         /* opening tag <-> its closing tag */
	gboolean begins_line;
	gboolean standalone;
	gboolean inner_lines;  /* block: its content begins on the next line */
	const char *indent;
} token;

typedef struct compiler {
	GStringChunk *strings;
	GArray *tokens;
	const char *open, *close; /* delimiters */
	mustache_translate translate;
	gpointer data;
	guint line;
	gboolean in_message;
	GError **error;
} compiler;

static gboolean is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static gboolean is_blank(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if (!is_space(text[i]))
			return FALSE;
	return TRUE;
}

static gboolean fail(compiler *c, guint line, const char *what, const char *name)
{
	g_set_error(c->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "template, line %u: %s “%.60s”", line, what, name);
	return FALSE;
}

static token *add_token(compiler *c, token_type type, const char *text, gsize length)
{
	token t = { .type = type, .text = g_string_chunk_insert_len(c->strings, text, (gssize)length), .length = length, .line = c->line, .indent = "" };
	g_array_append_val(c->tokens, t);
	return &g_array_index(c->tokens, token, c->tokens->len - 1);
}

static void add_text(compiler *c, const char *text, const char *end)
{
	while (text < end) {
		const char *newline = memchr(text, '\n', (gsize)(end - text));
		const char *stop = newline ? newline + 1 : end;
		add_token(c, TOKEN_TEXT, text, (gsize)(stop - text));
		c->line += newline != NULL;
		text = stop;
	}
}

static void count_lines(compiler *c, const char *text, const char *end)
{
	for (; text < end; text++)
		c->line += *text == '\n';
}

static const char *find_text(const char *text, const char *end, const char *what)
{
	return text < end ? memmem(text, (gsize)(end - text), what, strlen(what)) : NULL;
}

/* {{=| |=}} */
static gboolean set_delimiters(compiler *c, const char *inside, const char *end)
{
	g_autofree char *text = g_strndup(inside, (gsize)(end - inside));
	g_auto(GStrv) words = g_strsplit_set(g_strstrip(text), " \t\r\n", -1);
	const char *first = words[0], *second = NULL;
	for (guint i = 1; words[0] && words[i]; i++)
		if (*words[i]) {
			if (second)
				return fail(c, c->line, "two delimiters are expected in", text);
			second = words[i];
		}
	if (!first || !second || strchr(first, '=') || strchr(second, '='))
		return fail(c, c->line, "two delimiters without “=” are expected in", text);
	c->open = g_string_chunk_insert(c->strings, first);
	c->close = g_string_chunk_insert(c->strings, second);
	return TRUE;
}

static gboolean scan(compiler *c, const char *text, const char *end);

/* The message of {{#_}}...{{/_}} as translators see it: white space collapsed and trimmed; free with g_free. */
static char *mustache_message(const char *text, gsize length)
{
	GString *out = g_string_sized_new(length);
	for (gsize i = 0; i < length; i++) {
		if (!is_space(text[i]))
			g_string_append_c(out, text[i]);
		else if (out->len && out->str[out->len - 1] != ' ')
			g_string_append_c(out, ' ');
	}
	if (out->len && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

/* The message after {{#_}}: translated, then read in its place. Gives where to go on, NULL on error. */
static const char *scan_message(compiler *c, const char *text, const char *end)
{
	guint line = c->line;
	if (c->in_message) {
		fail(c, line, "a message may not hold", "{{#_}}");
		return NULL;
	}
	for (const char *tag = find_text(text, end, c->open); tag; tag = find_text(tag + 1, end, c->open)) {
		const char *name = tag + strlen(c->open);
		while (name < end && is_space(*name))
			name++;
		if (end - name < 2 || name[0] != '/')
			continue;
		name++;
		while (name < end && is_space(*name))
			name++;
		if (name >= end || *name != '_')
			continue;
		name++;
		while (name < end && is_space(*name))
			name++;
		if ((gsize)(end - name) < strlen(c->close) || strncmp(name, c->close, strlen(c->close)) != 0)
			continue;
		g_autofree char *message = mustache_message(text, (gsize)(tag - text));
		const char *translated = c->translate ? c->translate(c->data, message) : message;
		c->in_message = TRUE;
		gboolean done = scan(c, translated, translated + strlen(translated));
		c->in_message = FALSE;
		c->line = line;
		count_lines(c, text, name);
		return done ? name + strlen(c->close) : NULL;
	}
	fail(c, line, "no {{/_}} closes", "{{#_}}");
	return NULL;
}

/* Reads the tag that begins at text (after the opening delimiter). Gives where to go on, NULL on error. */
static const char *scan_tag(compiler *c, const char *text, const char *end)
{
	static const struct {
		char sigil;
		token_type type;
	} sigils[] = {
		{ '{', TOKEN_RAW }, { '&', TOKEN_RAW }, { '#', TOKEN_SECTION }, { '^', TOKEN_INVERTED }, { '>', TOKEN_PARTIAL }, { '<', TOKEN_PARENT },
		{ '$', TOKEN_BLOCK }, { '/', TOKEN_CLOSE }, { '!', TOKEN_NOTHING }, { '=', TOKEN_NOTHING },
	};
	const char *begin = text;
	while (begin < end && is_space(*begin))
		begin++;
	char sigil = begin < end ? *begin : '\0';
	token_type type = TOKEN_ESCAPED;
	for (guint i = 0; i < G_N_ELEMENTS(sigils); i++)
		if (sigils[i].sigil == sigil) {
			type = sigils[i].type;
			begin++;
			break;
		}
	gboolean triple = type == TOKEN_RAW && sigil == '{';
	if (triple && (strcmp(c->open, "{{") != 0 || strcmp(c->close, "}}") != 0))
		return fail(c, c->line, "with other delimiters use & instead of", "{"), NULL;
	g_autofree char *closing = g_strconcat(triple ? "}" : sigil == '=' ? "=" : "", c->close, NULL);
	const char *stop = find_text(begin, end, closing);
	if (!stop) {
		g_autofree char *rest = g_strndup(begin, (gsize)MIN(end - begin, 40));
		return fail(c, c->line, "no closing delimiter after", rest), NULL;
	}
	const char *after = stop + strlen(closing);
	const char *last = stop;
	while (begin < last && is_space(*begin))
		begin++;
	while (last > begin && is_space(last[-1]))
		last--;
	if (type != TOKEN_NOTHING && begin == last)
		return fail(c, c->line, "a tag has no name after", c->open), NULL;
	if (type == TOKEN_SECTION && last - begin == 1 && *begin == '_') {
		count_lines(c, text, after);
		return scan_message(c, after, end);
	}
	if (type == TOKEN_NOTHING)
		add_token(c, type, "", 0);
	else
		add_token(c, type, begin, (gsize)(last - begin));
	count_lines(c, text, after);
	if (sigil == '=' && !set_delimiters(c, begin, last))
		return NULL;
	return after;
}

static gboolean scan(compiler *c, const char *text, const char *end)
{
	while (text < end) {
		const char *tag = find_text(text, end, c->open);
		add_text(c, text, tag ? tag : end);
		if (!tag)
			return TRUE;
		text = scan_tag(c, tag + strlen(c->open), end);
		if (!text)
			return FALSE;
		if (c->tokens->len > MUSTACHE_NODES)
			return fail(c, c->line, "too many tags at", "here");
	}
	return TRUE;
}

static gboolean opens(const token *t)
{
	return t->type == TOKEN_SECTION || t->type == TOKEN_INVERTED || t->type == TOKEN_PARENT || t->type == TOKEN_BLOCK;
}

static gboolean match_tags(compiler *c)
{
	guint stack[MUSTACHE_DEPTH], depth = 0;
	token *tokens = (gpointer)c->tokens->data;
	for (guint i = 0; i < c->tokens->len; i++) {
		token *t = &tokens[i];
		if (opens(t)) {
			if (depth == MUSTACHE_DEPTH)
				return fail(c, t->line, "sections are nested too deep at", t->text);
			stack[depth++] = i;
		} else if (t->type == TOKEN_CLOSE) {
			if (depth == 0)
				return fail(c, t->line, "nothing is open for the closing tag", t->text);
			token *open = &tokens[stack[--depth]];
			if (strcmp(open->text, t->text) != 0)
				return fail(c, t->line, "the closing tag does not fit the open section", open->text);
			t->partner = stack[depth];
			open->partner = i;
		}
	}
	if (depth)
		return fail(c, tokens[stack[depth - 1]].line, "this section is never closed:", tokens[stack[depth - 1]].text);
	return TRUE;
}

static const token *opener(const token *tokens, const token *t)
{
	return t->type == TOKEN_CLOSE ? &tokens[t->partner] : t;
}

/* One line, tokens begin..end: takes away the white space (and the newline) around tags that stand alone. */
static void trim_line(compiler *c, guint begin, guint end)
{
	token *tokens = (gpointer)c->tokens->data;
	guint tags = 0, inheritance = 0, parents = 0, first = 0, last = 0;
	for (guint i = begin; i < end; i++) {
		const token *t = &tokens[i];
		if (t->type == TOKEN_TEXT) {
			if (!is_blank(t->text, t->length))
				return;
			continue;
		}
		if (t->type == TOKEN_ESCAPED || t->type == TOKEN_RAW)
			return;
		if (tags++ == 0)
			first = i;
		last = i;
		token_type type = opener(tokens, t)->type;
		parents += type == TOKEN_PARENT;
		inheritance += type == TOKEN_PARENT || type == TOKEN_BLOCK;
	}
	gboolean pair = tags == 2 && tokens[first].type == TOKEN_BLOCK && tokens[first].partner == last;
	if (!(tags == 1 || pair || (tags > 1 && inheritance == tags && parents)))
		return;
	token *head = &tokens[first];
	head->standalone = TRUE;
	if (first > begin)
		head->indent = tokens[begin].text;
	if (tokens[last].type == TOKEN_BLOCK)
		tokens[last].inner_lines = TRUE;
	for (guint i = begin; i < end; i++)
		if (tokens[i].type == TOKEN_TEXT && !(pair && i > last))
			tokens[i].length = 0;
}

static void trim_lines(compiler *c)
{
	token *tokens = (gpointer)c->tokens->data;
	guint begin = 0;
	for (guint i = 0; i < c->tokens->len; i++) {
		const token *t = &tokens[i];
		gboolean ends = t->type == TOKEN_TEXT && t->length && t->text[t->length - 1] == '\n';
		if (!ends && i + 1 < c->tokens->len)
			continue;
		tokens[begin].begins_line = tokens[begin].type == TOKEN_TEXT;
		trim_line(c, begin, i + 1);
		begin = i + 1;
	}
}

static gsize leading_space(const char *text, gsize length)
{
	gsize n = 0;
	while (n < length && (text[n] == ' ' || text[n] == '\t'))
		n++;
	return n;
}

/* A block whose content begins on its own line is indented as its first line is: taken away where the block is given to a parent,
 * put in front of what replaces it where the block is a place. */
static void indent_blocks(compiler *c)
{
	token *tokens = (gpointer)c->tokens->data;
	guint parent_end[MUSTACHE_DEPTH + 1], open_end[MUSTACHE_DEPTH + 1], depth = 0;
	for (guint i = 0; i < c->tokens->len; i++) {
		token *t = &tokens[i];
		while (depth && i >= open_end[depth - 1])
			depth--;
		if (!opens(t))
			continue;
		gboolean is_given = depth && parent_end[depth - 1];
		open_end[depth] = t->partner;
		parent_end[depth] = t->type == TOKEN_PARENT;
		depth++;
		if (t->type != TOKEN_BLOCK || !t->inner_lines)
			continue;
		const char *own = NULL;
		gsize width = 0;
		for (guint j = i + 1; j < t->partner; j++) {
			token *inner = &tokens[j];
			gboolean line = inner->type == TOKEN_TEXT && inner->begins_line && inner->length;
			if (line && !own) {
				width = leading_space(inner->text, inner->length);
				own = g_string_chunk_insert_len(c->strings, inner->text, (gssize)width);
				if (!is_given) {
					t->indent = own;
					break;
				}
			}
			if (!own || width == 0)
				continue;
			if (line && inner->length >= width && strncmp(inner->text, own, width) == 0) {
				inner->text += width;
				inner->length -= width;
			} else if (inner->standalone && g_str_has_prefix(inner->indent, own)) {
				inner->indent += width;
			}
		}
	}
}

static void add_name(mustache *m, node *n, const char *name)
{
	if (strcmp(name, ".") == 0)
		return;
	char **parts = g_strsplit(name, ".", -1);
	g_ptr_array_add(m->names, parts);
	n->parts = (const char *const *)parts;
	n->n_parts = g_strv_length(parts);
	n->first = strlen(parts[0]);
}

static void build_nodes(compiler *c, mustache *m)
{
	static const node_type types[] = { NODE_TEXT, NODE_ESCAPED, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL, NODE_PARENT, NODE_BLOCK };
	const token *tokens = (gconstpointer)c->tokens->data;
	guint stack[MUSTACHE_DEPTH], depth = 0;
	for (guint i = 0; i < c->tokens->len; i++) {
		const token *t = &tokens[i];
		if (t->type == TOKEN_NOTHING || (t->type == TOKEN_TEXT && t->length == 0))
			continue;
		if (t->type == TOKEN_CLOSE) {
			g_array_index(m->nodes, node, stack[--depth]).end = m->nodes->len;
			continue;
		}
		node n = { .type = types[t->type], .text = t->text, .length = t->length, .standalone = t->standalone, .indent = t->indent,
			.end = m->nodes->len + 1 };
		if (n.type == NODE_PARTIAL || n.type == NODE_PARENT) {
			n.dynamic = t->text[0] == '*';
			const char *name = t->text + 1;
			while (is_space(*name))
				name++;
			if (n.dynamic)
				add_name(m, &n, name);
		} else if (n.type != NODE_TEXT && n.type != NODE_BLOCK) {
			add_name(m, &n, t->text);
		}
		if (opens(t))
			stack[depth++] = m->nodes->len;
		g_array_append_val(m->nodes, n);
	}
}

mustache *mustache_compile(const char *text, gsize length, mustache_translate translate, gpointer data, GError **error)
{
	mustache *m = g_new0(mustache, 1);
	m->strings = g_string_chunk_new(4096);
	m->names = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	m->nodes = g_array_new(FALSE, TRUE, sizeof(node));
	compiler c = { .strings = m->strings, .open = "{{", .close = "}}", .translate = translate, .data = data, .line = 1, .error = error };
	c.tokens = g_array_new(FALSE, TRUE, sizeof(token));
	gboolean done = scan(&c, text, text + length) && match_tags(&c);
	if (done) {
		trim_lines(&c);
		indent_blocks(&c);
		build_nodes(&c, m);
	}
	g_array_unref(c.tokens);
	if (done)
		return m;
	mustache_free(m);
	return NULL;
}
