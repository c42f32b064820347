/* Options are declared, not parsed by hand: a row says name, kind, where the value goes in the command's settings, and its help.
 * From the rows come parsing, checking and the text of --help. */
#pragma once

#include <stdint.h>

#include "failure.h"

typedef enum option_kind {
	OPTION_FLAG,   /* bool */
	OPTION_TEXT,   /* const char *: the argument as given */
	OPTION_WHOLE,  /* int64_t between low and high */
	OPTION_NUMBER, /* double, finite */
	OPTION_SIZE,   /* int64_t bytes: 512M, 2G, 65536 */
	OPTION_CHOICE, /* int: index into choices */
	OPTION_LIST    /* text_list: may be given again and again */
} option_kind;

typedef struct text_list {
	const char **items;
	size_t count;
} text_list;

typedef struct option {
	const char *name;      /* without the dashes */
	char letter;           /* short form, or 0 */
	option_kind kind;
	size_t offset;         /* of the value in the settings */
	const char *argument;  /* name of the argument in the help, or NULL */
	const char *help;
	const char *const *choices; /* OPTION_CHOICE: names, ended by NULL */
	int64_t low, high;     /* OPTION_WHOLE */
} option;

/* Split `arguments` into options, whose values go into `settings`, and the rest, added to `rest`. Options may stand anywhere; "--" ends them.
 * `groups` is an array of arrays of options, each ended by a row without a name, the whole ended by NULL.
 * Fails (OUTCOME_USAGE) on an unknown option, with the nearest known one, and on a value that does not parse. */
bool options_parse(const option *const *groups, int count, char *const *arguments, void *settings, text_list *rest, failure *why);

/* Free what options_parse put into lists. */
void options_free(const option *const *groups, void *settings);

/* The option rows as aligned help text on stdout. */
void options_print(const option *const *groups);

/* Strict readers for text from outside; false if anything but the value is there. */
bool whole_read(const char *text, int64_t low, int64_t high, int64_t *value);
bool number_read(const char *text, double *value);
