/* Ctrl-C and its kin: the first one asks the run to stop, which it does between two blocks with a message; the second ends the program at once.
 * Files that have a temporary name are removed either way. */
#pragma once

#include "failure.h"

void interrupt_watch(void);
/* False with a failure once somebody asked to stop. */
bool interrupt_check(failure *why);
/* A name to remove if the program is ended at once, and that it need not be any more. */
void interrupt_remove(const char *name);
void interrupt_keep(const char *name);
