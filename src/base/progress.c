#include "base/progress.h"

static progress_listener listening;

void progress_listen(progress_listener listener)
{
	g_atomic_pointer_set(&listening, listener);
}

void progress_say(const char *what, guint64 done, guint64 of)
{
	progress_listener listener = g_atomic_pointer_get(&listening);
	if (listener)
		listener(what, done, of);
}
