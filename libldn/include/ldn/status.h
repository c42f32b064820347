/* What every function of libldn agrees on: status codes, the class codes of the indicator, no data, and how a block is laid out.
 *
 * A *block* is many pixels at once. Series are year-major: the value of pixel i in year k stands at [k * n + i], n pixels in the block,
 * so that a loop over pixels runs over neighbouring memory and the compiler can use its vector unit. Functions never allocate, keep no
 * state, read no clock, start no thread, and give the same bytes for the same input whatever the block size.
 */
#ifndef LDN_STATUS_H
#define LDN_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define LDN_API __declspec(dllexport)
#else
#define LDN_API __attribute__((visibility("default")))
#endif

typedef enum ldn_status {
	LDN_OK = 0,
	LDN_ERROR_ARGUMENT,  /* a size, year, class or option outside what the function's comment allows */
	LDN_ERROR_SCRATCH,   /* the scratch buffer is smaller than the matching *_scratch() function asks */
	LDN_ERROR_OVERFLOW,  /* a count or product does not fit its type */
	LDN_ERROR_DOMAIN     /* no answer exists for these values (all missing, zero variance where one is needed) */
} ldn_status;

/* A sentence for the status, in English, static storage. */
LDN_API const char *ldn_status_text(ldn_status status);

/* Classes of a sub-indicator and of the indicator. */
#define LDN_DEGRADED ((int16_t)-1)
#define LDN_STABLE ((int16_t)0)
#define LDN_IMPROVED ((int16_t)1)
#define LDN_NODATA ((int16_t)-32768)

/* How strictly a peer is followed. PRAIS4 is the default: what UNCCD's reporting manual of 2026 says, in exact arithmetic.
 * TE reproduces Trends.Earth with its quirks; GPG2 takes z-scores and the look-up of the Good Practice Guidance v2.
 * A profile is data (ldn_profile in profile.h), not branches: these names only choose a row. */
typedef enum ldn_profile_name { LDN_PRAIS4 = 0, LDN_TE, LDN_GPG2 } ldn_profile_name;

#ifdef __cplusplus
}
#endif
#endif
