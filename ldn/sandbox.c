#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox_inside.h"

/* As newer kernels have it; older ones take the head of it. */
typedef struct landlock_rights {
	uint64_t files, net, scoped;
} landlock_rights;

enum { RIGHTS_ABI1 = (1 << 13) - 1, RIGHT_REFER = 1 << 13, RIGHT_TRUNCATE = 1 << 14, RIGHT_DEVICE = 1 << 15 };

json_t *sandbox_json(const sandbox_report *report)
{
	autofree char *files = report->landlock ? text_format("Landlock, ABI %d", report->landlock) : NULL;
	json_t *json = json_object();
	json_object_set_new(json, "files", files ? json_string(files) : json_null());
	json_object_set_new(json, "system_calls", report->seccomp ? json_string("seccomp") : json_null());
	json_object_set_new(json, "memory_bytes", report->memory ? json_integer((json_int_t)report->memory_bytes) : json_null());
	json_object_set_new(json, "cpu_seconds", json_integer(report->cpu_seconds));
	json_object_set_new(json, "wall_seconds", report->wall_seconds ? json_integer(report->wall_seconds) : json_null());
	json_object_set_new(json, "missing", report->missing[0] ? json_string(report->missing) : json_null());
	return json;
}

static void missing(sandbox_report *report, const char *what)
{
	size_t length = strlen(report->missing);
	snprintf(report->missing + length, sizeof report->missing - length, "%s%s", length ? "; " : "", what);
}

/* ---- files and TCP: Landlock ---- */

static bool landlock_allow(int rules, const char *path, failure *why)
{
	struct stat is;
	struct landlock_path_beneath_attr rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES || failure_system(why, _("cannot be opened for the sandbox"), path);
	bool fine = fstat(rule.parent_fd, &is) == 0;
	rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | (fine && S_ISDIR(is.st_mode) ? LANDLOCK_ACCESS_FS_READ_DIR : 0);
	fine = fine && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
	if (!fine)
		failure_system(why, _("cannot be let into the sandbox"), path);
	close(rule.parent_fd);
	return fine;
}

static bool landlock_enter(const char *const *readable, sandbox_report *report, failure *why)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		missing(report, errno == EOPNOTSUPP ? "files are not shut: Landlock is switched off in this kernel" : "files are not shut: this kernel has no Landlock (Linux 5.13)");
		return true;
	}
	landlock_rights rights = {.files = RIGHTS_ABI1};
	rights.files |= (abi >= 2 ? RIGHT_REFER : 0) | (abi >= 3 ? RIGHT_TRUNCATE : 0) | (abi >= 5 ? RIGHT_DEVICE : 0);
	rights.net = abi >= 4 ? 3 : 0;    /* bind and connect TCP */
	rights.scoped = abi >= 6 ? 3 : 0; /* abstract sockets and signals to the outside */
	size_t size = abi >= 6 ? sizeof rights : abi >= 4 ? offsetof(landlock_rights, scoped) : offsetof(landlock_rights, net);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &rights, size, 0);
	if (rules < 0)
		return failure_system(why, _("no rules can be made"), "Landlock");
	bool fine = true;
	for (; fine && *readable; readable++)
		fine = landlock_allow(rules, *readable, why);
	if (fine && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		fine = failure_system(why, _("the rules cannot be put in force"), "Landlock");
	close(rules);
	report->landlock = fine ? (int)abi : 0;
	return fine;
}

/* ---- appetite: rlimits ---- */

static uint64_t memory_held(void)
{
	unsigned long long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	char line[128];
	if (file && fgets(line, sizeof line, file))
		pages = strtoull(line, NULL, 10);
	if (file)
		fclose(file);
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool limit(int which, uint64_t most, failure *why)
{
	struct rlimit now, wanted = {most, most};
	if (getrlimit((__rlimit_resource_t)which, &now) == 0 && now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
		return true; /* stricter already */
	return setrlimit((__rlimit_resource_t)which, &wanted) == 0 || failure_system(why, _("a limit cannot be set"), "setrlimit");
}

static bool limits_enter(const sandbox_limits *limits, sandbox_report *report, failure *why)
{
	report->cpu_seconds = limits->cpu_seconds;
	report->wall_seconds = limits->wall_seconds;
	report->memory_bytes = limits->memory;
	report->memory = !SANITIZED;
	if (SANITIZED)
		missing(report, "no limit on memory: built with a sanitizer");
	struct rlimit cpu = {limits->cpu_seconds, limits->cpu_seconds + 1};
	return (SANITIZED || limit(RLIMIT_AS, memory_held() + limits->memory, why)) && limit(RLIMIT_FSIZE, 0, why) && limit(RLIMIT_CORE, 0, why) &&
		limit(RLIMIT_NOFILE, limits->descriptors ? limits->descriptors : 64, why) && (limits->threads || limit(RLIMIT_NPROC, 0, why)) &&
		(setrlimit(RLIMIT_CPU, &cpu) == 0 || limit(RLIMIT_CPU, limits->cpu_seconds + 1, why));
}

bool sandbox_enter(const sandbox_limits *limits, const char *const *readable, sandbox_report *report, failure *why)
{
	*report = (sandbox_report){0};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return failure_system(why, _("new privileges cannot be given up"), "prctl");
	if (!landlock_enter(readable, report, why) || !limits_enter(limits, report, why))
		return false;
	const char *none = NULL;
	if (!seccomp_enter(limits->threads, &none, why))
		return false;
	report->seccomp = !none;
	if (none)
		missing(report, none);
	return true;
}
