#include "example.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

int example_begin(void **state)
{
	example *e = g_new0(example, 1);
	e->folder = g_dir_make_tmp("aftermine-store-XXXXXX", NULL);
	e->path = g_build_filename(e->folder, "aftermine.db", NULL);
	g_autoptr(GError) error = NULL;
	e->s = store_open(e->path, STORE_CREATE, &error);
	assert_null(error);
	e->r = store_reader_open(e->s, &error);
	assert_null(error);
	*state = e;
	return 0;
}

int example_end(void **state)
{
	example *e = *state;
	store_reader_close(e->r);
	store_close(e->s);
	folder_remove(e->folder);
	g_free(e->folder);
	g_free(e->path);
	g_free(e);
	return 0;
}

void example_reopen(example *e)
{
	store_reader_close(e->r);
	store_close(e->s);
	g_autoptr(GError) error = NULL;
	e->s = store_open(e->path, STORE_OPEN, &error);
	assert_null(error);
	e->r = store_reader_open(e->s, &error);
	assert_null(error);
}

record *record_of(const char *kind_name, const char *id, record_state state, const char *time, const char *body)
{
	g_autofree char *text = g_strdelimit(g_strdup(body), "'", '"');
	json_error_t at;
	record *r = g_new0(record, 1);
	r->kind = kind_by_name(kind_name);
	r->id = g_strdup(id);
	r->state = state;
	r->time = g_strdup(time);
	r->author = g_strdup("editors");
	r->body = json_loads(text, 0, &at);
	if (!r->body)
		fail_msg("%s: %s", at.text, text);
	return r;
}

void put(example *e, record *r)
{
	g_autoptr(GError) error = NULL;
	store_change change = { r, STORE_EXPECT_ANY };
	if (!store_write(e->s, &change, 1, &error))
		fail_msg("%s", error->message);
	record_free(r);
}

void put_case(example *e, const char *id, const char *title, const char *summary, const char *challenge)
{
	json_t *body = json_pack("{s:s,s:s,s:s}", "title", title, "summary", summary, "challenge", challenge);
	record *r = record_of("case", id, RECORD_PUBLISHED, "2026-03-01T00:00:00Z", "{}"); /* one time for all: the newer of two goes before */
	json_decref(r->body);
	r->body = body;
	put(e, r);
}

char *ids_of(example *e, const store_query *q)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store_result) result = store_search(e->r, q, &error);
	if (!result)
		fail_msg("%s", error->message);
	GString *ids = g_string_new(NULL);
	for (gsize i = 0; i < result->n; i++)
		g_string_append_printf(ids, "%s%s", i ? " " : "", result->hits[i].id);
	return g_string_free(ids, FALSE);
}

void assert_finds(example *e, const char *text, const char *ids)
{
	g_autofree char *found = ids_of(e, &(store_query) { .kind = "case", .text = text });
	assert_string_equal(found, ids);
}
