#include "number.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* By hand: tables hold whole numbers by the hundred thousand. */
static size_t whole_text(bool negative, uint64_t number, char text[32])
{
	char digits[24];
	size_t count = 0, at = 0;
	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	if (negative)
		text[at++] = '-';
	while (count > 0)
		text[at++] = digits[--count];
	text[at] = 0;
	return at;
}

/* A double times 10^tens, exactly: scaled / 2^shift, where scaled is its mantissa times 5^tens. */
typedef struct exactly {
	uint64_t five; /* 5^tens */
	wide scaled;
	int shift;
} exactly;

/* The nearest whole number, a tie to the even one, as printf rounds. */
static uint64_t nearest(const exactly *x)
{
	if (x->shift <= 0)
		return (uint64_t)(x->scaled << -x->shift);
	wide whole = x->scaled >> x->shift, rest = x->scaled - (whole << x->shift), half = (wide)1 << (x->shift - 1);
	return (uint64_t)whole + (rest > half || (rest == half && (whole & 1)));
}

/* Does a number of these digits read back as the double: is it less than half a unit of the mantissa away? Just that it never is: below 1e15 what lies halfway between
 * two doubles is an odd number of 54 bits over 16 or more, and has 19 digits. */
static bool reads_back(const exactly *x, uint64_t digits)
{
	if (x->shift <= 0)
		return true;
	wide there = (wide)digits << x->shift, gap = there > x->scaled ? there - x->scaled : x->scaled - there;
	return 2 * gap < x->five;
}

static exactly exactly_times(uint64_t mantissa, int exponent, int tens)
{
	static const uint64_t fives[] = {1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625, 1220703125, 6103515625, 30517578125,
		152587890625, 762939453125, 3814697265625, 19073486328125, 95367431640625};
	return (exactly){.five = fives[tens], .scaled = (wide)mantissa * fives[tens], .shift = -(exponent + tens)};
}

static size_t fraction_text(bool negative, uint64_t digits, int tens, char text[32])
{
	for (; digits % 10 == 0 && tens > 0; tens--)
		digits /= 10;
	char all[32];
	size_t count = whole_text(false, digits, all), before = count > (size_t)tens ? count - (size_t)tens : 0, at = 0;
	if (negative)
		text[at++] = '-';
	memcpy(text + at, all, before);
	at += before;
	if (before == 0)
		text[at++] = '0';
	if (tens > 0) {
		text[at++] = '.';
		for (size_t zeros = count < (size_t)tens ? (size_t)tens - count : 0; zeros > 0; zeros--)
			text[at++] = '0';
		memcpy(text + at, all + before, count - before);
		at += count - before;
	}
	text[at] = 0;
	return at;
}

/* Seventeen digits are always enough; most sums need them, and what 16 cannot say, 15 cannot either. */
static size_t by_printf(double number, char text[32])
{
	for (int digits = 15; digits < 17; digits++) {
		int length = snprintf(text, 32, "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			return (size_t)length;
	}
	return (size_t)snprintf(text, 32, "%.17g", number);
}

size_t number_text(double number, char text[32])
{
	double size = fabs(number);
	if (size < 1e15 && size == trunc(size))
		return whole_text(signbit(number), (uint64_t)size, text);
	int exponent;
	uint64_t mantissa = (uint64_t)ldexp(frexp(size, &exponent), 53);
	/* Between these no product exceeds 128 bits. Powers of two, which have a nearer neighbour below, have so few digits there that all are written. */
	if (!(size >= 1e-4 && size < 1e15))
		return by_printf(number, text);
	static const double powers[] = {1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	int first = -4; /* the first digit stands for 10^first */
	while (powers[first + 5] <= size)
		first++;
	uint64_t found = 0;
	int tens = 0;
	for (int digits = 17; digits >= 15; digits--) {
		exactly x = exactly_times(mantissa, exponent - 53, digits - 1 - first);
		uint64_t nearer = nearest(&x);
		if (digits < 17 && !reads_back(&x, nearer))
			break;
		found = nearer;
		tens = digits - 1 - first;
	}
	return fraction_text(signbit(number), found, tens, text);
}
