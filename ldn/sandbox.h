/* Files from strangers are read in a child process that has locked itself in: a hostile file can spoil that process and nothing else.
 *
 * What is shut, by what:
 *   files       Landlock (Linux 5.13): nothing can be opened but the folders and files named beforehand, and those only for reading;
 *               seccomp besides refuses every open() for writing
 *   the network seccomp (no sockets); from Landlock ABI 4 TCP besides
 *   programs    seccomp: execve, fork, ptrace, mount, bpf, io_uring and all else that reading and computing do not need
 *   appetite    rlimits on memory, processor time, file size, descriptors, processes, core dumps; the parent holds a clock and a cap on output
 *
 * What a kernel does not offer is left out and said (`missing`), never silently. Sources: Linux Documentation/userspace-api/landlock.rst and
 * seccomp_filter.rst. */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "failure.h"

typedef struct sandbox_limits {
	uint64_t memory;       /* bytes beyond what the program already holds */
	unsigned cpu_seconds;  /* of processor time */
	unsigned wall_seconds; /* by the parent's clock */
	uint64_t output;       /* bytes the job may write */
	bool threads;          /* may the job start threads? */
	unsigned descriptors;  /* open at once; 0: 64 */
} sandbox_limits;

/* How a job was locked in. */
typedef struct sandbox_report {
	int landlock;  /* ABI of the kernel's Landlock in force; 0: files are not shut */
	bool seccomp;  /* system calls are filtered */
	bool memory;   /* the limit on memory holds */
	uint64_t memory_bytes;
	unsigned cpu_seconds, wall_seconds;
	char missing[256]; /* what is not in force and why, in words; empty if everything is */
} sandbox_report;

/* {"files","system_calls","memory_bytes","cpu_seconds","wall_seconds","missing"} for manifests and --json. New reference. */
json_t *sandbox_json(const sandbox_report *report);

/* Lock this process in for good. `readable` names folders and files that stay readable, ended by NULL; names that do not exist are passed
 * over. Open descriptors stay as they are. Fails only if a lock that the kernel offers cannot be set. */
bool sandbox_enter(const sandbox_limits *limits, const char *const *readable, sandbox_report *report, failure *why);

/* What runs inside: write the result to `out`, or fail with `why`. */
typedef bool (*sandbox_job)(void *context, const sandbox_report *report, FILE *out, failure *why);

/* Run a job in a child that has entered the sandbox. All descriptors but standard error and `keep` (ended by -1) are closed in it. What it
 * wrote is given as `*bytes` (free it). A crash, a breach or a limit reached is a failure (OUTCOME_FAILED) in words, about `thing`. */
bool sandbox_run(sandbox_job job, void *context, const char *thing, const sandbox_limits *limits, const char *const *readable, const int *keep,
	sandbox_report *report, unsigned char **bytes, size_t *size, failure *why);
