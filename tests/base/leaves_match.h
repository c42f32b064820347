/* Do leaves say what the value says? Goes past those that belong to it. */
#pragma once

#include <string.h>

#include "base/canonical.h"

static gboolean leaf_matches(const canonical_leaf *leaf, const char *path, const json_t *value)
{
	const char *text = json_is_boolean(value) ? json_is_true(value) ? "true" : "false" : json_string_value(value);
	return leaf && strcmp(leaf->path, path) == 0 && g_strcmp0(leaf->text, text) == 0 && (text || leaf->number == json_number_value(value));
}

static gboolean leaves_match(const canonical_leaf **at, const char *path, const json_t *value)
{
	const char *name;
	const json_t *inner;
	gboolean match = TRUE;
	gsize i;
	json_array_foreach(value, i, inner) match = match && leaves_match(at, path, inner);
	json_object_foreach((json_t *)(gintptr)value, name, inner) {
		g_autofree char *deeper = path ? g_strconcat(path, ".", name, NULL) : g_strdup(name);
		match = match && leaves_match(at, deeper, inner);
	}
	if (json_is_array(value) || json_is_object(value) || json_is_null(value))
		return match;
	match = leaf_matches(*at, path, value);
	*at = *at ? (*at)->next : NULL;
	return match;
}
