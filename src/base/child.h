/* A program run as a child for its answer: bounded in time and in what it may say. No shell. */
#pragma once

#include <glib.h>

typedef struct child_limits {
	guint seconds; /* by the clock */
	gsize bytes;   /* of standard output */
	const gint *over; /* atomic: it is ended within a second when this becomes true; NULL: never */
} child_limits;

typedef struct child_answer {
	int status;        /* exit status 0..255 */
	GString *output;   /* standard output */
	char *complaint;   /* standard error, its first 4000 bytes, valid UTF-8, white space at the ends taken off */
} child_answer;

/* Runs a program (argv[0] a path, NULL-terminated) with nothing on standard input and waits for its end. FALSE with an error that names the
 * program if it cannot be started, is ended by a signal, takes too long or says too much; it is ended then. */
gboolean child_run(const char *const *argv, const child_limits *limits, child_answer *answer, GError **error);
void child_answer_clear(child_answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(child_answer, child_answer_clear)

/* Where a program of this system is: beside the one that runs, else where the build put it (../ldn/), else on PATH; NULL if nowhere. Free with
 * g_free. */
char *child_program(const char *name);
