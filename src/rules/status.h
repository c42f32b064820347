/* The status of a pledge: computed, not chosen. A table of rules is tried in order; the first that holds decides, and it is given back
 * together with the numbers it looked at, so that a page can say why. The page /method and docs/user.md
 * explain them to readers. */
#pragma once

#include "rules/measured.h"

typedef enum pledge_state {
	PLEDGE_WITHDRAWN, PLEDGE_CHANGED, PLEDGE_CONTRADICTED, PLEDGE_OVERDUE, PLEDGE_SILENT, PLEDGE_BEHIND, PLEDGE_ON_TRACK, PLEDGE_ANNOUNCED,
	PLEDGE_ACHIEVED_REPORTED, PLEDGE_ACHIEVED_MEASURED,
	PLEDGE_STATES
} pledge_state;

typedef struct pledge_state_word {
	const char *id;    /* "on-track": for machines */
	const char *label; /* "on track"; a msgid */
	const char *glyph; /* never colour alone */
	const char *means; /* one sentence; a msgid */
} pledge_state_word;
extern const pledge_state_word pledge_state_words[PLEDGE_STATES];

/* A pledge is silent when nothing was reported for this long. */
#define PLEDGE_SILENT_MONTHS 15

/* All that is known. Arrays may be NULL when empty. */
typedef struct pledge_facts {
	const json_t *pledge;
	json_t *const *progress;
	gsize n_progress;
	const measured_value *measured; /* of all targets, each target's oldest first (promise_measured) */
	gsize n_measured;
	json_t *const *sites;    /* bodies of its sites, as far as they are known; what rules read of them: country, duty, biome, geometry */
	gsize n_sites;
	const json_t *earlier;   /* body of the first published revision, if there were several; NULL */
	double changed;          /* when the newest published revision came to be; NaN */
	const char *replaced_by; /* id of a later pledge that takes its place; NULL */
	gboolean withdrawn;      /* the record is in the state withdrawn */
} pledge_facts;

typedef struct pledge_rule pledge_rule;

/* The numbers a rule looked at, for one target. In the target's unit; NaN where unknown. */
typedef struct pledge_judgement {
	const pledge_rule *rule;
	gsize target; /* from 1; 0: the pledge as a whole */
	const char *unit, *unit_as_stated;
	double promised, due;
	double expected;     /* by the line, at the time of the newest report (or measurement) */
	double expected_now; /* by the line, today */
	double reported, reported_at;
	gboolean reported_at_least; /* a sum of yearly figures */
	measured_value measured; /* the newest; numbers NaN and no sites if there is none */
	measured_state measured_state;
	double last_report;  /* anything at all */
	int months_silent;   /* since the last report, or since it was made */
} pledge_judgement;

struct pledge_rule {
	const char *id;
	pledge_state state;
	const char *says;    /* the rule in a sentence; a msgid */
	const char *verdict; /* what it means here, with {promised} {unit} {due} {expected} {reported} {year} {measured} {low} {high} {months}; a msgid */
	gboolean (*holds)(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today);
};
extern const pledge_rule pledge_rules[];
extern const gsize pledge_rules_count;

/* Judges one target (index from 0) as of a day ("2026-11-24"). */
void promise_judge(const pledge_facts *f, gsize index, const char *today, pledge_judgement *out);
/* Judges the pledge: the worst of its targets in the order of pledge_state (achieved only when all are). */
void pledge_judge(const pledge_facts *f, const char *today, pledge_judgement *out);

