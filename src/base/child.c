#include "base/child.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/language.h"

#define _(message) language_said(message)

enum { COMPLAINT_MOST = 4000 };

/* One pipe of the child: what came, up to a limit. */
typedef struct pipe_end {
	int from; /* -1: at its end */
	GString *text;
	gsize most;
} pipe_end;

/* FALSE once there is more than may be. */
static gboolean pipe_gather(pipe_end *p)
{
	char block[16384];
	gssize n = read(p->from, block, sizeof block);
	if (n > 0)
		g_string_append_len(p->text, block, n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		close(p->from);
		p->from = -1;
	}
	return p->text->len <= p->most;
}

/* Until both ends are read, time is up or too much came: NULL, or what went wrong. */
static const char *pipes_gather(pipe_end p[2], guint seconds, const gint *over)
{
	gint64 end = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
	while (p[0].from >= 0 || p[1].from >= 0) {
		gint64 left = end - g_get_monotonic_time();
		if (left <= 0)
			return "it takes too long";
		if (over && g_atomic_int_get(over))
			return "it is not wanted any more";
		struct pollfd wait[2] = { { p[0].from, POLLIN, 0 }, { p[1].from, POLLIN, 0 } };
		if (poll(wait, 2, (int)MIN(left / 1000 + 1, over ? 200 : 1000)) < 0 && errno != EINTR)
			return g_strerror(errno);
		if (p[0].from >= 0 && wait[0].revents && !pipe_gather(&p[0]))
			return "its answer is too long";
		if (p[1].from >= 0 && wait[1].revents && !pipe_gather(&p[1]))
			g_string_truncate(p[1].text, COMPLAINT_MOST); /* read on, keep the head */
	}
	return NULL;
}

static char *complaint_of(const GString *text)
{
	g_autofree char *head = g_strndup(text->str, COMPLAINT_MOST);
	return g_strstrip(g_utf8_make_valid(head, -1));
}

gboolean child_run(const char *const *argv, const child_limits *limits, child_answer *answer, GError **error)
{
	GPid pid;
	pipe_end p[2] = { { -1, NULL, limits->bytes }, { -1, NULL, COMPLAINT_MOST } };
	*answer = (child_answer) { 0 };
	if (!g_spawn_async_with_pipes(NULL, (char **)(gsize)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, &p[0].from, &p[1].from, error)) {
		g_prefix_error(error, "%s cannot be started: ", argv[0]);
		return FALSE;
	}
	p[0].text = g_string_new(NULL);
	p[1].text = g_string_new(NULL);
	const char *stopped = pipes_gather(p, limits->seconds, limits->over);
	if (stopped)
		kill(pid, SIGKILL);
	for (int i = 0; i < 2; i++)
		if (p[i].from >= 0)
			close(p[i].from);
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	g_spawn_close_pid(pid);
	answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	answer->output = p[0].text;
	answer->complaint = complaint_of(p[1].text);
	g_string_free(p[1].text, TRUE);
	if (!stopped && WIFEXITED(status))
		return TRUE;
	if (stopped)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s was stopped: %s."), argv[0], stopped);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s was ended by signal %d."), argv[0], WTERMSIG(status));
	child_answer_clear(answer);
	return FALSE;
}

void child_answer_clear(child_answer *answer)
{
	if (answer->output)
		g_string_free(answer->output, TRUE);
	g_free(answer->complaint);
	*answer = (child_answer) { 0 };
}

char *child_program(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
	g_autofree char *beside = g_build_filename(folder, name, NULL);
	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(beside, G_FILE_TEST_IS_DIR))
		return g_steal_pointer(&beside);
	g_autofree char *built = g_build_filename(folder, "..", "..", name, name, NULL); /* BUILD/src/cli and BUILD/ldn */
	if (g_file_test(built, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(built, G_FILE_TEST_IS_DIR))
		return g_steal_pointer(&built);
	return g_find_program_in_path(name);
}
