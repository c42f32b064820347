/* Alignment is a test, not a tag: does a pledge count towards a country's LDN target? Each question is answered yes, no or not known, with the
 * reason. Like for like and each area once: Orr et al. 2017, Scientific Conceptual Framework for Land Degradation Neutrality. Pure. */
#pragma once

#include "rules/land.h"
#include "rules/duty.h"

typedef enum alignment_answer { ALIGNED_NO, ALIGNED_UNKNOWN, ALIGNED_YES } alignment_answer;
extern const char *const alignment_answer_ids[]; /* "no" "not-known" "yes" */

typedef enum alignment_question { ALIGN_LAND, ALIGN_AREA, ALIGN_PERIOD, ALIGN_ONCE, ALIGN_DUTY, ALIGN_CONFIRMED, ALIGNMENT_QUESTIONS } alignment_question;

typedef struct alignment_word {
	const char *id;    /* "land-type" */
	const char *asks;  /* a msgid: the question */
} alignment_word;
extern const alignment_word alignment_words[ALIGNMENT_QUESTIONS];

typedef struct alignment_finding {
	alignment_answer answer;
	const char *reason; /* a msgid */
	const char *review; /* ALIGN_CONFIRMED: id of the finding; NULL */
} alignment_finding;

/* All that the test looks at. Arrays may be NULL when empty. */
typedef struct alignment_facts {
	const json_t *pledge;
	const json_t *target; /* body of the LDN target; NULL: the claim names none */
	json_t *const *sites;
	gsize n_sites;
	const land_totals *land; /* of the pledge's sites; NULL: not known */
	guint also_claimed;      /* sites of the pledge that another pledge names as well */
	json_t *const *reviews;  /* findings on the pledge */
	const char *const *review_ids;
	const char *const *review_countries; /* of the reviewing organisation, NULL where unknown: only the target's own focal point can confirm */
	gsize n_reviews;
} alignment_facts;

void alignment_test(const alignment_facts *f, const char *today, alignment_finding out[static ALIGNMENT_QUESTIONS]);
/* The whole: no if one answer is no, yes if all are yes, else not known. */
alignment_answer alignment_verdict(const alignment_finding findings[static ALIGNMENT_QUESTIONS]);
