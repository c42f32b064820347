/* A command of aftermine: one file cmd_NAME.c that defines `command_NAME`, one line in commands.def. */
#pragma once

#include <glib.h>

/* What a command answers with: its exit status. */
typedef enum outcome {
	OUTCOME_DONE = 0,  /* done; or the answer is yes */
	OUTCOME_NO = 1,    /* the answer is no: invalid records, a damaged instance */
	OUTCOME_USAGE = 2,  /* wrong usage */
	OUTCOME_FAILED = 3 /* failed, and said what, where and what to do */
} outcome;

typedef struct command {
	const char *name;
	const char *summary;     /* one line, for the list of commands; a msgid */
	const char *arguments;   /* as in the usage line: "DIR FILE..." */
	const char *description; /* a paragraph; a msgid */
	const char *example;     /* lines a user can type */
	const GOptionEntry *options; /* ended by an empty one; their targets are statics of the command's file; NULL for none */
	int minimum, maximum;    /* how many arguments that are not options; maximum -1: any number */
	/* Do it. `arguments` is NULL-terminated. For OUTCOME_USAGE and OUTCOME_FAILED an error says what, where and what to do; main prints it. */
	outcome (*run)(char **arguments, GError **error);
} command;

#define COMMAND(name) extern const command command_##name;
#include "cli/commands.def"
#undef COMMAND

/* Sets an error of wrong usage and gives OUTCOME_USAGE. */
outcome usage_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A message in the language of the terminal (LANGUAGE, LC_ALL, LC_MESSAGES, LANG). */
const char *terminal_text(const char *message) G_GNUC_FORMAT(1);
#define _(message) terminal_text(message)
/* The form of a message that fits the number. */
const char *terminal_plural(const char *one, const char *many, guint64 n) G_GNUC_FORMAT(1) G_GNUC_FORMAT(2);
#define N_(message) message
