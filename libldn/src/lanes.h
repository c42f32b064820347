/* How kernels meet the vector unit. A block is cut into tiles of LDN_LANES pixels; a loop over the lanes of a tile has a fixed length, which
 * compilers turn into vector instructions. LDN_CLONES compiles a function once more for wider units and picks at load time; every
 * clone computes in integers or in correctly rounded doubles in the same order, so they all give the same bytes. For static functions only: what
 * picks a clone would show among the library's names. */
#ifndef LDN_LANES_H
#define LDN_LANES_H

#include <stdint.h>

/* A cache line of int16. The AVX2 kernels are written for any multiple of 16. Measured with gcc -O2, 20 years, one thread (bench/kernels):
 * the chain of prais4 takes 30.5-32.3 ns a pixel with 32 lanes, 35.2-37.5 with 16; the whole tool's processor time differs by less than
 * its noise (0.65-0.70 s and 0.63-0.72 s for 4 million pixels). */
#define LDN_LANES 32

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LDN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define LDN_SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(LDN_SANITIZED) && !defined(LDN_NO_CLONES) && \
	(!defined(__clang__) || __clang_major__ >= 14)
#define LDN_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define LDN_CLONES
#endif

#define LDN_INLINE static inline __attribute__((always_inline))

/* A function compiled for AVX2 beside the plain one, for kernels whose vector width is written out; LDN_HAS_AVX2() tells at run time. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(LDN_NO_CLONES)
#define LDN_AVX2 __attribute__((target("avx2")))
#define LDN_HAS_AVX2() __builtin_cpu_supports("avx2")
#endif

#endif
