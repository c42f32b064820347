/* A bar on the terminal for what takes over a second: how far the work is that base/progress.h hears of. */
#pragma once

/* Shows a bar on standard error from now on, if that is a terminal. AFTERMINE_BAR_AFTER in the environment: another number of seconds than one. */
void bar_begin(void);
/* Wipes it. */
void bar_end(void);
