#include "progress.h"

#include <langinfo.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool quiet, drawn;
static const char *doing;
static size_t steps, done;
static struct timespec began, shown;

static double since(const struct timespec *then)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) * 1e-9;
}

static void time_left(double seconds, char *text, size_t size)
{
	long s = (long)(seconds + 0.5);
	if (s < 60)
		snprintf(text, size, _("%ld s left"), s);
	else if (s < 3600)
		snprintf(text, size, _("%ld min %02ld s left"), s / 60, s % 60);
	else
		snprintf(text, size, _("%ld h %02ld min left"), s / 3600, s / 60 % 60);
}

static void draw(void)
{
	struct winsize window = {0};
	int columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col ? window.ws_col : 80;
	char left[64];
	double elapsed = since(&began);
	time_left(elapsed * (double)(steps - done) / (double)(done ? done : 1), left, sizeof left);
	int room = columns - 34 - (int)strlen(left);
	int width = room < 10 ? 0 : room > 40 ? 40 : room;
	bool wide = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	fprintf(stderr, "\r\033[K%-20.20s ", doing);
	for (int i = 0; i < width; i++)
		fputs((size_t)i * steps < done * (size_t)width ? wide ? "█" : "#" : wide ? "░" : ".", stderr);
	fprintf(stderr, " %3zu %%  %s", 100 * done / steps, left);
	fflush(stderr);
	drawn = true;
	clock_gettime(CLOCK_MONOTONIC, &shown);
}

void progress_quiet(void)
{
	quiet = true;
}

void progress_start(const char *what, size_t count)
{
	doing = what;
	steps = count ? count : 1;
	done = 0;
	clock_gettime(CLOCK_MONOTONIC, &began);
	shown = began;
	if (!isatty(STDERR_FILENO))
		quiet = true;
}

void progress_step(void)
{
	pthread_mutex_lock(&lock);
	if (done < steps)
		done++;
	if (!quiet && done < steps && since(&began) > 1 && since(&shown) > 0.1)
		draw();
	pthread_mutex_unlock(&lock);
}

void progress_end(void)
{
	if (drawn)
		fputs("\r\033[K", stderr);
	drawn = false;
}
