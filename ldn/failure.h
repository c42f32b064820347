/* What went wrong: one sentence naming the thing, the place and the remedy, and the code the program exits with. */
#pragma once

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>

#define _(text) gettext(text)
#define N_(text) text /* translated where it is shown */

enum outcome { OUTCOME_DONE = 0, OUTCOME_NO = 1, OUTCOME_USAGE = 2, OUTCOME_FAILED = 3 };

typedef struct failure {
	int code; /* enum outcome; OUTCOME_DONE while nothing failed */
	char text[3072];
} failure;

/* Note a failure; the first one stays. Both return false, so that a caller can `return failure_set(...)`. */
bool failure_set(failure *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool failure_usage(failure *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The failure of the system call just made (errno), about a path. */
bool failure_system(failure *why, const char *doing, const char *path);

/* The failure GDAL last told of in this thread, about a thing. */
bool failure_gdal(failure *why, const char *doing, const char *thing);

/* Memory that is there or ends the program with a sentence and OUTCOME_FAILED; count * size is checked. Freed with free(). */
void *memory_new(size_t count, size_t size) __attribute__((malloc, returns_nonnull, alloc_size(1, 2)));
void *memory_grow(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *text_copy(const char *text) __attribute__((malloc, returns_nonnull));
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2), malloc, returns_nonnull));

void memory_free_at(void *pointer); /* for autofree below */
#define autofree __attribute__((cleanup(memory_free_at)))
