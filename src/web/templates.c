#include "web/templates.h"

#include <string.h>

#include "web/assets.h"

/* Template texts name static files as /static/NAME; the page must ask for the fingerprinted name. */
static char *with_addresses(const char *text, gsize length, const char *template)
{
	static const char mark[] = "/static/";
	g_autoptr(GString) out = g_string_sized_new(length + 256);
	const char *end = text + length;
	for (;;) {
		const char *found = memmem(text, (gsize)(end - text), mark, strlen(mark));
		g_string_append_len(out, text, (found ? found : end) - text);
		if (!found)
			return g_string_free(g_steal_pointer(&out), FALSE);
		const char *name = found + strlen(mark);
		gsize n = 0;
		while (name + n < end && (g_ascii_isalnum(name[n]) || strchr("._-/@", name[n])))
			n++;
		g_autofree char *plain = g_strndup(name, n);
		const char *address = asset_address(plain);
		if (!address) { /* tests/house/house.py finds it before a reader does */
			g_warning("templates/%s.mustache: there is no static file “%s”; put it into static/ or list it in static/packages.txt", template, plain);
			address = "/static/missing";
		}
		g_string_append(out, address);
		text = name + n;
	}
}

static const char *translate(gpointer data, const char *message)
{
	return language_text(data, message);
}

typedef struct template_key {
	const language *language;
	const char *name;
} template_key;

static guint key_hash(gconstpointer data)
{
	const template_key *key = data;
	return g_str_hash(key->name) ^ g_direct_hash(key->language);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const template_key *x = a, *y = b;
	return x->language == y->language && strcmp(x->name, y->name) == 0;
}

/* The template of that name ("case", "part/hit"), or NULL with an error: it does not exist or does not compile. Any thread; never freed. */
static const mustache *template_get(const language *l, const char *name, GError **error)
{
	static GRWLock lock;
	static GHashTable *compiled; /* template_key -> mustache */
	template_key key = { l, name };
	g_rw_lock_reader_lock(&lock);
	mustache *m = compiled ? g_hash_table_lookup(compiled, &key) : NULL;
	g_rw_lock_reader_unlock(&lock);
	if (m)
		return m;
	g_autoptr(GRWLockWriterLocker) held G_GNUC_UNUSED = g_rw_lock_writer_locker_new(&lock);
	if (!compiled)
		compiled = g_hash_table_new(key_hash, key_equal);
	m = g_hash_table_lookup(compiled, &key);
	if (m)
		return m;
	g_autoptr(GBytes) bytes = asset_template(name);
	if (!bytes) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no template templates/%s.mustache", name);
		return NULL;
	}
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	g_autofree char *text = with_addresses(data, length, name);
	m = mustache_compile(text, strlen(text), translate, (gpointer)l, error);
	if (!m) {
		g_prefix_error(error, "templates/%s.mustache: ", name);
		return NULL;
	}
	key.name = g_strdup(name);
	g_hash_table_insert(compiled, g_memdup2(&key, sizeof key), m);
	return m;
}

typedef struct rendering {
	const language *language;
	const char *page;
	GError *error; /* the first template that would not load */
} rendering;

static const mustache *find_partial(gpointer data, const char *name)
{
	rendering *r = data;
	if (strcmp(name, "page") == 0) {
		if (!r->page)
			return NULL;
		name = r->page;
	}
	return template_get(r->language, name, r->error ? NULL : &r->error);
}

char *template_render(const language *l, const char *name, const char *page, const json_t *view, gsize *length, GError **error)
{
	const mustache *m = template_get(l, name, error);
	if (!m)
		return NULL;
	rendering r = { l, page, NULL };
	g_autoptr(GString) out = g_string_sized_new(64 * 1024);
	gboolean done = mustache_render(m, view, find_partial, &r, out, error);
	if (r.error) {
		if (done)
			g_propagate_error(error, r.error);
		else
			g_error_free(r.error);
		done = FALSE;
	}
	if (!done)
		return NULL;
	*length = out->len;
	return g_string_free(g_steal_pointer(&out), FALSE);
}
