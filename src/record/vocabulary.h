/* Vocabularies: the fixed lists that terms of a record are taken from (themes, mine types, commodities, land uses, biomes, units,
 * countries, currencies ...). Each is a JSON file in content/vocabularies/, embedded in the program; its order is the display order. */
#pragma once

#include <glib.h>

typedef struct term {
	const char *id;         /* what records hold: a slug, an ISO code, a unit */
	const char *label;      /* English, a msgid for gettext */
	const char *definition; /* or NULL */
	const char *broader;    /* id of the wider term in the same vocabulary, or NULL */
	const char *const *aliases; /* NULL-terminated, never NULL itself: other spellings an import may use */
	/* units only: what the unit measures and how to bring a value to the base unit; NULL and NaN otherwise */
	const char *dimension, *base;
	double factor;
} term;

typedef struct vocabulary vocabulary;

/* The vocabulary of that name, loaded on first use (thread-safe), never freed. Aborts for a name that no file has: names are ours. */
const vocabulary *vocabulary_get(const char *name);
const char *vocabulary_name(const vocabulary *v);
const char *vocabulary_label(const vocabulary *v);      /* "Mine type"; a msgid */
const char *vocabulary_definition(const vocabulary *v); /* what the list is about; NULL if it needs no word */
gsize vocabulary_size(const vocabulary *v);
const term *vocabulary_term(const vocabulary *v, gsize index);

/* The term with that id, or NULL. */
const term *vocabulary_find(const vocabulary *v, const char *id);
/* The term an outside text means: by id, label or alias, case and white space ignored; NULL if none. */
const term *vocabulary_match(const vocabulary *v, const char *text);
/* The nearest id, for "did you mean"; NULL if nothing is near. */
const char *vocabulary_nearest(const vocabulary *v, const char *text);
