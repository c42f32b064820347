/* The child in the sandbox, and the parent that holds the clock. */
#include "sandbox_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the child tells of itself; the parent trusts none of it. */
typedef struct telling {
	sandbox_report report;
	failure why;
} telling;

static bool kept(const int *keep, int descriptor)
{
	for (; *keep >= 0; keep++)
		if (*keep == descriptor)
			return true;
	return false;
}

static void descriptors_close(const int *keep, int out, int tell)
{
	int most = (int)sysconf(_SC_OPEN_MAX);
	for (int d = 3; d < (most > 4096 ? 4096 : most); d++)
		if (d != out && d != tell && !kept(keep, d))
			close(d);
	int nothing = open("/dev/null", O_RDWR);
	if (nothing >= 0) {
		dup2(nothing, 0);
		dup2(nothing, 1);
		if (!SANITIZED) /* whose reports are wanted */
			dup2(nothing, 2);
		if (nothing > 2)
			close(nothing);
	}
}

static void telling_send(int tell, const telling *t)
{
	const unsigned char *from = (const unsigned char *)t;
	for (size_t sent = 0; sent < sizeof *t;) {
		ssize_t n = write(tell, from + sent, sizeof *t - sent);
		if (n <= 0 && errno != EINTR)
			break;
		sent += n > 0 ? (size_t)n : 0;
	}
}

static _Noreturn void child(sandbox_job job, void *context, const sandbox_limits *limits, const char *const *readable, const int *keep, int out, int tell)
{
	static telling t;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGXCPU, SIG_DFL);
	descriptors_close(keep, out, tell);
	FILE *stream = fdopen(out, "w");
	bool fine = stream && sandbox_enter(limits, readable, &t.report, &t.why) && job(context, &t.report, stream, &t.why);
	if (fine && (fflush(stream) != 0 || ferror(stream)))
		failure_system(&t.why, _("the result cannot be handed over"), "sandbox");
	if (!fine && t.why.code == OUTCOME_DONE)
		failure_set(&t.why, _("the reader failed without words"));
	telling_send(tell, &t);
	_exit(t.why.code);
}

static long long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

typedef struct gathered {
	unsigned char *bytes;
	size_t size, room, most;
	int from; /* -1: at its end */
} gathered;

/* False once there is more than may be. */
static bool gather(gathered *g)
{
	if (g->size == g->room) {
		g->room = g->room ? 2 * g->room : 65536;
		g->bytes = memory_grow(g->bytes, g->room, 1);
	}
	ssize_t n = read(g->from, g->bytes + g->size, g->room - g->size);
	if (n > 0)
		g->size += (size_t)n;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		close(g->from);
		g->from = -1;
	}
	return g->size <= g->most;
}

/* Until both pipes end, time is up, or too much came. */
static const char *listen_to(gathered g[2], unsigned seconds)
{
	long long end = now_ms() + 1000LL * seconds;
	while (g[0].from >= 0 || g[1].from >= 0) {
		long long left = end - now_ms();
		if (left <= 0)
			return "time";
		struct pollfd wait[2] = {{g[0].from, POLLIN, 0}, {g[1].from, POLLIN, 0}};
		if (poll(wait, 2, left > 1000 ? 1000 : (int)left) < 0 && errno != EINTR)
			return "poll";
		for (int i = 0; i < 2; i++)
			if (g[i].from >= 0 && wait[i].revents && !gather(&g[i]))
				return "output";
	}
	return NULL;
}

static bool ended_badly(int status, const char *stopped, const char *thing, const sandbox_limits *limits, failure *why)
{
	int by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (stopped && strcmp(stopped, "time") == 0)
		return failure_set(why, _("%s: reading it took more than %u seconds and was stopped; give a smaller or simpler file"), thing, limits->wall_seconds);
	if (stopped && strcmp(stopped, "output") == 0)
		return failure_set(why, _("%s: the result is larger than %llu MiB; split the file"), thing, (unsigned long long)(limits->output >> 20));
	if (by == SIGXCPU || by == SIGKILL)
		return failure_set(why, _("%s: reading it took more than %u seconds of processor time and was stopped; give a smaller or simpler file"), thing, limits->cpu_seconds);
	if (by == SIGINT || by == SIGTERM || by == SIGHUP)
		return failure_set(why, _("%s: reading it was interrupted"), thing);
	if (by == SIGSYS)
		return failure_set(why, _("%s: reading it led to a forbidden system call and was stopped; the file is hostile, or damaged"), thing);
	if (by == SIGABRT || by == 0)
		return failure_set(why, _("%s: reading it takes more than the %llu MiB of memory allowed, or the reader gave up on it; the file is too large, or damaged"), thing,
			(unsigned long long)(limits->memory >> 20));
	return failure_set(why, _("%s: the reader crashed on it (signal %d) and was stopped; the file is hostile, or damaged"), thing, by);
}

/* The child's own words, if it left whole ones. */
static bool told(const gathered *g, telling *t)
{
	if (g->size != sizeof *t)
		return false;
	memcpy(t, g->bytes, sizeof *t);
	t->why.text[sizeof t->why.text - 1] = 0;
	t->report.missing[sizeof t->report.missing - 1] = 0;
	return t->why.code >= OUTCOME_DONE && t->why.code <= OUTCOME_FAILED;
}

static bool pipes_open(int out[2], int tell[2], failure *why)
{
	if (pipe2(out, O_CLOEXEC) != 0)
		return failure_system(why, _("no pipe can be made"), "sandbox");
	if (pipe2(tell, O_CLOEXEC) == 0)
		return true;
	failure_system(why, _("no pipe can be made"), "sandbox");
	close(out[0]);
	close(out[1]);
	return false;
}

bool sandbox_run(sandbox_job job, void *context, const char *thing, const sandbox_limits *limits, const char *const *readable, const int *keep,
	sandbox_report *report, unsigned char **bytes, size_t *size, failure *why)
{
	int out[2], tell[2];
	fflush(NULL);
	if (!pipes_open(out, tell, why))
		return false;
	pid_t pid = fork();
	if (pid == 0)
		child(job, context, limits, readable, keep, out[1], tell[1]);
	close(out[1]);
	close(tell[1]);
	gathered g[2] = {{.from = out[0], .most = limits->output}, {.from = tell[0], .most = sizeof(telling)}};
	const char *stopped = pid > 0 ? listen_to(g, limits->wall_seconds) : NULL;
	for (int i = 0; i < 2; i++)
		if (g[i].from >= 0)
			close(g[i].from);
	int status = 0;
	if (stopped)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	telling *t = memory_new(1, sizeof *t);
	bool fine = false;
	if (pid < 0)
		failure_system(why, _("no process can be started"), "sandbox");
	else if (stopped || !WIFEXITED(status) || !told(&g[1], t))
		ended_badly(status, stopped, thing, limits, why);
	else if (t->why.code != OUTCOME_DONE)
		*why = t->why;
	else
		fine = true;
	*report = t->report;
	*bytes = fine ? g[0].bytes : NULL;
	*size = fine ? g[0].size : 0;
	if (!fine)
		free(g[0].bytes);
	free(g[1].bytes);
	free(t);
	return fine;
}
