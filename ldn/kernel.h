/* Between the commands and libldn: the table of Kendall's S, words for its errors, the citations of its methods. */
#pragma once

#include "failure.h"
#include "ldn/profile.h"
#include "ldn/trend.h"

typedef struct kendall {
	void *memory;
	const ldn_kendall *table;
} kendall;

void kendall_build(kendall *out, size_t years);
void kendall_free(kendall *out);

/* Notes what libldn answered; returns false. */
bool kernel_failed(ldn_status status, const char *doing, failure *why);

extern const char cite_jrc[], cite_mann_kendall[], cite_trends_earth[], cite_prais4[], cite_gpg2[], cite_carbon[], cite_neutrality[], cite_area[],
	cite_landtrendr[], cite_recovery[];
/* The source of a profile's rules. */
const char *cite_profile(const ldn_profile *profile);
