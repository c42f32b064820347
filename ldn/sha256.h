/* SHA-256 (FIPS 180-4), fed piece by piece; uses the processor's own instructions where it has them, because every input is hashed
 * and the hash must not cost more than the reading. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct sha256 {
	uint32_t state[8];
	uint64_t length;
	unsigned char tail[64];
} sha256;

void sha256_start(sha256 *hash);
void sha256_add(sha256 *hash, const void *bytes, size_t length);
void sha256_end(sha256 *hash, char hex[static 65]); /* lower-case hexadecimal, NUL-terminated */
