/* A command of ldn: one file cmd_NAME.c that defines `command_NAME`, one line in commands.def. */
#pragma once

#include "option.h"

typedef struct command {
	const char *name;
	const char *summary;     /* one line, for the list of commands */
	const char *arguments;   /* as in the usage line: "STACK..." */
	const char *description; /* a paragraph or two */
	const char *example;     /* lines a user can type */
	const option *const *options; /* groups of rows, ended by NULL; NULL if there are none */
	size_t settings_size;
	void (*defaults)(void *settings); /* may be NULL: all zero */
	/* Do it. `rest` holds the arguments that are not options. The answer is an enum outcome; for OUTCOME_USAGE and OUTCOME_FAILED `why`
	 * says what, where and what to do. */
	int (*run)(void *settings, const text_list *rest, failure *why);
} command;

#define COMMAND(name) extern const command command_##name;
#include "commands.def"
#undef COMMAND
