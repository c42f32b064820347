/* The sandbox: what a job may do, what it may not, and that every end of it is told in words. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sandbox.h"

static const sandbox_limits limits = {(uint64_t)64 << 20, 1, 5, 1 << 20, false};
static const int keep_none[] = {-1};

typedef struct answer {
	bool fine;
	char text[512];
	sandbox_report report;
	failure why;
} answer;

static answer run_readable(sandbox_job job, const void *context, const char *const *readable)
{
	answer a = {0};
	unsigned char *bytes = NULL;
	size_t size = 0;
	a.fine = sandbox_run(job, (void *)(size_t)context, "thing", &limits, readable, keep_none, &a.report, &bytes, &size, &a.why);
	if (a.fine)
		memcpy(a.text, bytes, size < sizeof a.text ? size : sizeof a.text - 1);
	free(bytes);
	return a;
}

static answer run(sandbox_job job, const void *context)
{
	static const char *const nothing[] = {NULL};
	return run_readable(job, context, nothing);
}

static bool writes(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)report, (void)why;
	fprintf(out, "hello %s", (const char *)context);
	return true;
}

static void gives_what_the_job_wrote(void **state)
{
	(void)state;
	answer a = run(writes, "world");
	assert_true(a.fine);
	assert_string_equal(a.text, "hello world");
}

static void says_what_is_in_force(void **state)
{
	(void)state;
	answer a = run(writes, "");
	json_t *json = sandbox_json(&a.report);
	if (!a.report.landlock || !a.report.seccomp)
		assert_string_not_equal(a.report.missing, "");
	assert_int_equal(json_integer_value(json_object_get(json, "cpu_seconds")), 1);
	assert_true(json_object_get(json, "missing") != NULL);
	json_decref(json);
}

static bool refuses(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)out;
	return failure_set(why, "the thing is not as it should be");
}

static void passes_on_the_words_of_a_failure(void **state)
{
	(void)state;
	answer a = run(refuses, NULL);
	assert_false(a.fine);
	assert_int_equal(a.why.code, OUTCOME_FAILED);
	assert_string_equal(a.why.text, "the thing is not as it should be");
}

/* Tells errno of what it tried. */
static bool opens(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)report, (void)why;
	int file = open(context, O_RDONLY);
	fprintf(out, "%d", file < 0 ? errno : 0);
	return true;
}

static bool opens_for_writing(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)report, (void)why;
	int file = open(context, O_WRONLY | O_CREAT, 0600);
	fprintf(out, "%d", file < 0 ? errno : 0);
	return true;
}

static void opens_no_file_but_those_named(void **state)
{
	(void)state;
	static const char *const etc[] = {"/etc/passwd", "/there/is/no/such/folder", NULL};
	answer a = run(opens, "/etc/passwd");
	if (!a.report.landlock)
		return;
	assert_int_equal(strtol(a.text, NULL, 10), EACCES);
	a = run_readable(opens, "/etc/passwd", etc);
	assert_string_equal(a.text, "0");
	a = run_readable(opens, "/etc/group", etc);
	assert_int_equal(strtol(a.text, NULL, 10), EACCES);
}

static void writes_no_file(void **state)
{
	(void)state;
	static const char *const tmp[] = {"/tmp", NULL};
	answer a = run_readable(opens_for_writing, "/tmp/aftermine-sandbox-test", tmp);
	assert_int_equal(strtol(a.text, NULL, 10), EACCES);
	assert_int_not_equal(access("/tmp/aftermine-sandbox-test", F_OK), 0);
}

static bool calls(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)why;
	struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
	fprintf(out, "%d ", socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0);
	fprintf(out, "%d ", fork() < 0 ? errno : 0);
	fprintf(out, "%d ", setrlimit(RLIMIT_AS, &more) < 0 ? errno : 0);
	fprintf(out, "%d", kill(getppid(), 0) < 0 ? errno : 0);
	return true;
}

static void makes_no_socket_no_process_and_signals_nobody(void **state)
{
	(void)state;
	answer a = run(calls, NULL);
	if (a.report.seccomp)
		assert_string_equal(a.text, "1 1 1 1");
}

static bool executes(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)out, (void)why;
	execl("/bin/true", "true", (char *)NULL);
	return true;
}

static bool traces(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)out, (void)why;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static void ends_at_a_deadly_call(void **state)
{
	(void)state;
	answer a = run(executes, NULL);
	if (!a.report.seccomp && a.report.missing[0])
		return;
	assert_false(a.fine);
	assert_non_null(strstr(a.why.text, "thing: reading it led to a forbidden system call"));
	a = run(traces, NULL);
	assert_non_null(strstr(a.why.text, "forbidden"));
}

static bool loops(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)report, (void)out, (void)why;
	for (volatile unsigned long i = 0; context; i++)
		;
	return true;
}

static void ends_after_its_time(void **state)
{
	(void)state;
	answer a = run(loops, "");
	assert_false(a.fine);
	assert_non_null(strstr(a.why.text, "more than 1 seconds of processor time"));
}

static bool sleeps(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)out, (void)why;
	sleep(100);
	return true;
}

static void ends_by_the_clock_when_it_only_waits(void **state)
{
	(void)state;
	sandbox_limits brief = {(uint64_t)64 << 20, 10, 1, 1000, false};
	static const char *const nothing[] = {NULL};
	answer a = {0};
	unsigned char *bytes;
	size_t size;
	assert_false(sandbox_run(sleeps, NULL, "thing", &brief, nothing, keep_none, &a.report, &bytes, &size, &a.why));
	assert_non_null(strstr(a.why.text, "took more than 1 seconds"));
}

static bool hoards(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)out, (void)why;
	for (int i = 0; i < 1000 && report->memory; i++)
		memset(memory_new(1 << 20, 1), 1, 1 << 20);
	return !report->memory ? failure_set(why, "memory") : true;
}

static void ends_at_its_limit_of_memory(void **state)
{
	(void)state;
	answer a = run(hoards, NULL);
	assert_false(a.fine);
	assert_non_null(strstr(a.why.text, "memory"));
}

static bool pours(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)why;
	for (;;)
		if (fputs("poured", out) < 0)
			return false;
}

static void ends_at_its_limit_of_output(void **state)
{
	(void)state;
	answer a = run(pours, NULL);
	assert_false(a.fine);
	assert_non_null(strstr(a.why.text, "larger than 1 MiB"));
}

static bool crashes(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)context, (void)report, (void)out, (void)why;
	signal(SIGSEGV, SIG_DFL);
	syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), SIGSEGV);
	return true;
}

static void tells_of_a_crash(void **state)
{
	(void)state;
	answer a = run(crashes, NULL);
	assert_false(a.fine);
	assert_non_null(strstr(a.why.text, "crashed"));
}

static bool lists_descriptors(void *context, const sandbox_report *report, FILE *out, failure *why)
{
	(void)report, (void)why;
	fprintf(out, "%d", fcntl(*(int *)context, F_GETFD) < 0);
	return true;
}

static void inherits_no_descriptor(void **state)
{
	(void)state;
	int secret = open("/etc/passwd", O_RDONLY);
	assert_true(secret > 2);
	answer a = run(lists_descriptors, &secret);
	assert_string_equal(a.text, "1");
	close(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_job_wrote), cmocka_unit_test(says_what_is_in_force), cmocka_unit_test(passes_on_the_words_of_a_failure),
		cmocka_unit_test(opens_no_file_but_those_named), cmocka_unit_test(writes_no_file), cmocka_unit_test(makes_no_socket_no_process_and_signals_nobody),
		cmocka_unit_test(ends_at_a_deadly_call), cmocka_unit_test(ends_after_its_time), cmocka_unit_test(ends_by_the_clock_when_it_only_waits),
		cmocka_unit_test(ends_at_its_limit_of_memory), cmocka_unit_test(ends_at_its_limit_of_output), cmocka_unit_test(tells_of_a_crash),
		cmocka_unit_test(inherits_no_descriptor)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
