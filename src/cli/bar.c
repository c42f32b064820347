#include "cli/bar.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/progress.h"
#include "cli/command.h"

#define PACE (G_USEC_PER_SEC / 10)

static GMutex lock;
static const char *doing;
static gint64 began, shown;
static gint64 patience = 1 * G_USEC_PER_SEC; /* what is quicker needs no bar */
static gboolean drawn;

static guint columns(void)
{
	struct winsize window = { 0 };
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col ? window.ws_col : 80;
}

static char *time_left(gint64 elapsed, guint64 done, guint64 of)
{
	gint64 s = (gint64)((double)elapsed / G_USEC_PER_SEC * (double)(of - done) / (double)MAX(done, 1) + 0.5);
	return s < 60 ? g_strdup_printf(_("%d s left"), (int)s) : g_strdup_printf(_("%d min %02d s left"), (int)(s / 60), (int)(s % 60));
}

static void draw(const char *what, guint64 done, guint64 of, gint64 now)
{
	g_autofree char *left = time_left(now - began, done, of), *label = g_strdup(_(what));
	glong room = (glong)columns() - g_utf8_strlen(label, -1) - g_utf8_strlen(left, -1) - 10, width = CLAMP(room, 0, 40);
	gboolean wide = g_get_charset(NULL);
	g_autoptr(GString) line = g_string_new("\r\033[K");
	g_string_append_printf(line, "%s ", label);
	for (glong i = 0; i < width; i++)
		g_string_append(line, (guint64)i * of < done * (guint64)width ? wide ? "█" : "#" : wide ? "░" : ".");
	g_string_append_printf(line, " %3u %%  %s", (guint)(100 * done / of), left);
	fputs(line->str, stderr);
	fflush(stderr);
	drawn = TRUE;
	shown = now;
}

static void hear(const char *what, guint64 done, guint64 of)
{
	gint64 now = g_get_monotonic_time();
	g_mutex_lock(&lock);
	if (what != doing || done <= 1) {
		doing = what;
		began = now;
		shown = 0;
	}
	if (of && done <= of && now - began > patience && now - shown > PACE)
		draw(what, done, of, now);
	g_mutex_unlock(&lock);
}

void bar_begin(void)
{
	const char *after = g_getenv("AFTERMINE_BAR_AFTER");
	if (after)
		patience = (gint64)(CLAMP(g_ascii_strtod(after, NULL), 0, 3600) * G_USEC_PER_SEC);
	if (isatty(STDERR_FILENO))
		progress_listen(hear);
}

void bar_end(void)
{
	progress_listen(NULL);
	if (drawn)
		fputs("\r\033[K", stderr);
	drawn = FALSE;
}
