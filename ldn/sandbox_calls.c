/* The filter of system calls: a list of those that reading, computing and writing to an open descriptor need. Everything else answers
 * EPERM; what only an attacker would try ends the process. */
#include "sandbox_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE

static const int allowed[] = {
	SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_close, SYS_lseek, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs,
	SYS_fstatfs, SYS_faccessat, SYS_getdents64, SYS_readlinkat, SYS_getcwd, SYS_fcntl, SYS_dup, SYS_fadvise64,
	SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_mmap, SYS_futex, SYS_sched_yield, SYS_sched_getaffinity, SYS_set_robust_list, SYS_membarrier,
	SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getppid, SYS_uname, SYS_sysinfo, SYS_getrusage, SYS_getcpu,
	SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_gettimeofday, SYS_nanosleep, SYS_times, SYS_getrandom,
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_ppoll,
#ifdef SYS_rseq
	SYS_rseq,
#endif
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
#ifdef __x86_64__
	SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_time, SYS_getrlimit, SYS_arch_prctl, SYS_set_tid_address, SYS_getdents,
#endif
};

static const int deadly[] = {
	SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_bpf, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
	SYS_unshare, SYS_setns, SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_perf_event_open,
	SYS_userfaultfd, SYS_reboot, SYS_swapon, SYS_personality,
#ifdef SYS_io_uring_setup
	SYS_io_uring_setup,
#endif
};

enum { LENGTH_MOST = 512 };

typedef struct program {
	struct sock_filter line[LENGTH_MOST];
	unsigned short length;
} program;

static void add(program *p, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
	if (p->length < LENGTH_MOST)
		p->line[p->length++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void answer(program *p, uint32_t what)
{
	add(p, BPF_RET | BPF_K, what, 0, 0);
}

static void load(program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* If the call is `number`: answer. The number stays loaded. */
static void call_is(program *p, int number, uint32_t what)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
	answer(p, what);
}

/* If the call is `number`: one answer when (lower half of its argument & mask) is not 0, else the other. */
static void call_masked(program *p, int number, unsigned argument, uint32_t mask, uint32_t set, uint32_t clear)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	load(p, offsetof(struct seccomp_data, args) + 8 * argument);
	add(p, BPF_JMP | BPF_JSET | BPF_K, mask, 0, 1);
	answer(p, set);
	answer(p, clear);
}

/* If the call is `number`: allowed when the lower half of its argument is `value`. */
static void call_with(program *p, int number, unsigned argument, uint32_t value)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
	load(p, offsetof(struct seccomp_data, args) + 8 * argument);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	answer(p, SECCOMP_RET_ALLOW);
	answer(p, SECCOMP_RET_ERRNO | EPERM);
}

static void program_write(program *p, bool threads)
{
	const uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;
	const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	load(p, offsetof(struct seccomp_data, arch));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	answer(p, SECCOMP_RET_KILL_PROCESS);
	load(p, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
	add(p, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1); /* the x32 calls */
	answer(p, SECCOMP_RET_KILL_PROCESS);
#endif
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		call_is(p, allowed[i], SECCOMP_RET_ALLOW);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		call_is(p, deadly[i], SECCOMP_RET_KILL_PROCESS);
	call_masked(p, SYS_openat, 2, writing, SECCOMP_RET_ERRNO | EACCES, SECCOMP_RET_ALLOW);
#ifdef __x86_64__
	call_masked(p, SYS_open, 1, writing, SECCOMP_RET_ERRNO | EACCES, SECCOMP_RET_ALLOW);
#endif
	call_with(p, SYS_prlimit64, 2, 0);                   /* asking, not setting */
	call_with(p, SYS_tgkill, 0, (uint32_t)getpid());     /* abort() */
	call_with(p, SYS_ioctl, 1, 0x5401 /* TCGETS */);     /* isatty() */
	call_masked(p, SYS_clone, 0, CLONE_THREAD, threads ? SECCOMP_RET_ALLOW : refuse, refuse);
	call_is(p, 435 /* clone3: its flags cannot be seen; the C library falls back on clone */, SECCOMP_RET_ERRNO | ENOSYS);
	answer(p, refuse);
}

bool seccomp_enter(bool threads, const char **missing, failure *why)
{
	program p = {.length = 0};
	program_write(&p, threads);
	struct sock_fprog filter = {p.length, p.line};
	uint32_t kill = SECCOMP_RET_KILL_PROCESS;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill) != 0) {
		*missing = "system calls are not filtered: this kernel has no seccomp that ends a process (Linux 4.14)";
		return true;
	}
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0 || failure_system(why, _("the filter cannot be put in force"), "seccomp");
}

#else

bool seccomp_enter(bool threads, const char **missing, failure *why)
{
	(void)threads, (void)why;
	*missing = "system calls are not filtered: no list of them for this machine";
	return true;
}

#endif
