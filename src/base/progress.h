/* How far a long piece of work is. The work says it; a program that has somebody to show it to listens. */
#pragma once

#include <glib.h>

/* what: a msgid ("Checking records"); of: how many there are in all. Called on the thread that works. */
typedef void (*progress_listener)(const char *what, guint64 done, guint64 of);

/* One listener a process, set before the work begins; NULL: nobody. */
void progress_listen(progress_listener listener);
/* Says that `done` of `of` are done. Costs nothing where nobody listens. */
void progress_say(const char *what, guint64 done, guint64 of);
