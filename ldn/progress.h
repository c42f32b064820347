/* A bar with the time left, on a terminal only, and only for what takes over a second. */
#pragma once

#include <stddef.h>

void progress_quiet(void);                          /* --quiet */
void progress_start(const char *doing, size_t steps); /* steps of this phase */
void progress_step(void);                           /* from any thread */
void progress_end(void);                            /* wipes the bar */
