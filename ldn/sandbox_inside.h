/* What the files of the sandbox share. */
#pragma once

#include "sandbox.h"

/* AddressSanitizer needs terabytes of address space, and standard error for its reports. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Filter this process's system calls from now on. `*missing` says why not where the kernel or the machine does not offer it. */
bool seccomp_enter(bool threads, const char **missing, failure *why);
