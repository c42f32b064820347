#include "interrupt.h"

#include <stdatomic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES = 16 };

static volatile sig_atomic_t asked;
static _Atomic(char *) names[NAMES];

static void interrupt_caught(int signal_number)
{
	if (asked) {
		for (int i = 0; i < NAMES; i++) {
			const char *name = names[i];
			if (name)
				unlink(name);
		}
		_exit(OUTCOME_FAILED);
	}
	asked = signal_number;
}

void interrupt_watch(void)
{
	struct sigaction action = {.sa_handler = interrupt_caught, .sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

bool interrupt_check(failure *why)
{
	return !asked || failure_set(why, _("interrupted; nothing was left under the name of the output"));
}

void interrupt_remove(const char *name)
{
	char *copy = text_copy(name);
	for (int i = 0; i < NAMES; i++) {
		char *empty = NULL;
		if (atomic_compare_exchange_strong(&names[i], &empty, copy))
			return;
	}
	free(copy);
}

void interrupt_keep(const char *name)
{
	for (int i = 0; i < NAMES; i++) {
		char *kept = names[i];
		if (kept && strcmp(kept, name) == 0) {
			names[i] = NULL;
			free(kept);
		}
	}
}
