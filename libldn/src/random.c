/* Random numbers: xoshiro256** (Blackman & Vigna 2021), started by splitmix64 (Steele, Lea & Flood 2014). */
#include "ldn/impact.h"

static uint64_t rotate(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

ldn_random ldn_random_from(uint64_t seed)
{
	ldn_random random;
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9E3779B97F4A7C15u;
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
		z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
		random.state[i] = z ^ (z >> 31);
	}
	return random;
}

uint64_t ldn_random_next(ldn_random *random)
{
	uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

size_t ldn_random_below(ldn_random *random, size_t below)
{
	uint64_t rest = UINT64_MAX % below, limit = rest == below - 1 ? UINT64_MAX : UINT64_MAX - rest - 1, drawn;
	do
		drawn = ldn_random_next(random);
	while (drawn > limit);
	return (size_t)(drawn % below);
}

double ldn_random_unit(ldn_random *random)
{
	return (double)(ldn_random_next(random) >> 11) * 0x1p-53;
}
