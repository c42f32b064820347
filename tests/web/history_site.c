/* A site whose records have a past: serves what history.json tells, until its standard input ends. Says its address in a line, for tests in other
 * languages. usage: history_site HISTORY.json SAMPLES.json [SETTINGS.ini] */
#include "site.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "web/route.h"

/* A record's body: the one given, else that of its last revision, else the sample of its kind; with some members set (null: taken away). */
static json_t *body_of(const json_t *entry, json_t *last, json_t *samples, const char *kind_name)
{
	json_t *given = json_object_get(entry, "body"), *base = given ? given : last ? last : json_object_get(samples, kind_name), *value;
	json_t *body = json_copy(base);
	const char *name;
	json_object_foreach(json_object_get(entry, "set"), name, value)
		json_is_null(value) ? json_object_del(body, name) : json_object_set(body, name, value);
	return body;
}

static record_state state_of(const char *name)
{
	for (record_state s = RECORD_DRAFT; name && s <= RECORD_WITHDRAWN; s++)
		if (strcmp(record_state_names[s], name) == 0)
			return s;
	return RECORD_PUBLISHED;
}

static void put(site *s, const json_t *entry, json_t *bodies, json_t *samples)
{
	const char *kind_name = json_string_value(json_object_get(entry, "kind")), *id = json_string_value(json_object_get(entry, "id"));
	g_autofree char *key = g_strconcat(kind_name, "/", id, NULL);
	g_autoptr(record) r = g_new0(record, 1);
	g_autoptr(GError) error = NULL;
	*r = (record){ .kind = kind_by_name(kind_name), .id = g_strdup(id), .state = state_of(json_string_value(json_object_get(entry, "state"))),
		.time = g_strdup(json_string_value(json_object_get(entry, "time"))), .author = g_strdup("editors"),
		.reason = g_strdup(json_string_value(json_object_get(entry, "reason"))), .body = body_of(entry, json_object_get(bodies, key), samples, kind_name) };
	json_object_set(bodies, key, r->body);
	store_change change = { r, STORE_EXPECT_ANY };
	if (!store_write(s->records, &change, 1, &error))
		g_error("%s: %s", key, error->message);
}

int main(int argc, char **argv)
{
	json_auto_t *history = argc > 2 ? json_load_file(argv[1], 0, NULL) : NULL, *samples = argc > 2 ? json_load_file(argv[2], 0, NULL) : NULL, *bodies = json_object();
	g_autofree char *settings_text = NULL;
	json_t *entry;
	gsize i;
	char byte;
	if (!history || !samples || (argc > 3 && !g_file_get_contents(argv[3], &settings_text, NULL, NULL)))
		g_error("usage: history_site HISTORY.json SAMPLES.json [SETTINGS.ini]");
	site *s = site_start(settings_text, routes, routes_count);
	json_array_foreach(history, i, entry)
		put(s, entry, bodies, samples);
	printf("http://127.0.0.1:%u\n", s->port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	site_stop(s);
	return 0;
}
