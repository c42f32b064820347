/* Pledges and progress reports written as JSON in a test. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "rules/status.h"

typedef struct told {
	json_t *pledge, *earlier, *list;
	json_t *progress[16];
	pledge_facts facts;
} told;

static inline json_t *told_json(const char *text)
{
	json_error_t error;
	g_autofree char *quoted = g_strdup(text);
	g_strdelimit(quoted, "'", '"');
	json_t *value = json_loads(quoted, JSON_DECODE_ANY, &error);
	if (!value)
		g_error("test JSON: %s at %d: %s", error.text, error.position, text);
	return value;
}

/* Single quotes stand for double ones. */
static inline void told_read(told *t, const char *pledge, const char *progress)
{
	*t = (told){.pledge = told_json(pledge), .list = told_json(progress ? progress : "[]")};
	gsize i;
	json_t *one;
	json_array_foreach(t->list, i, one)
		t->progress[i] = one;
	t->facts = (pledge_facts){.pledge = t->pledge, .progress = t->progress, .n_progress = json_array_size(t->list), .changed = (double)NAN};
}

static inline void told_clear(told *t)
{
	json_decref(t->pledge);
	json_decref(t->list);
	json_decref(t->earlier);
}
