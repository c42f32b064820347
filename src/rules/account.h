/* The land account: each hectare of a site stands at one stage, and the account rolls forward. For every stage opening plus gained less lost is
 * closing; over all stages opening plus newly disturbed is closing, for hectares only change their stage; and a year opens with what the year
 * before closed with. From progress records (kind progress: land_account, newly_disturbed) of one site, or of an organisation's sites added up
 * year by year. Hectares; NaN: unknown; tolerance 0.01 ha, the precision of reports. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum land_stage {
	STAGE_DISTURBED, STAGE_AVAILABLE, STAGE_TECHNICAL, STAGE_BIOLOGICAL, STAGE_RECOVERING, STAGE_CERTIFIED, STAGE_RELINQUISHED,
	LAND_STAGES
} land_stage;
extern const char *const land_stage_ids[LAND_STAGES]; /* terms of land-stages */

typedef struct stage_row {
	gboolean known; /* FALSE: the report leaves the stage out, which is not zero */
	double opening, gained, lost, closing;
} stage_row;

typedef struct account_year {
	int year;
	guint sites;   /* that report an account for the year */
	const char *report; /* id of the record; NULL for a sum over sites */
	stage_row stages[LAND_STAGES];
	stage_row all; /* of the stages known */
	double newly_disturbed;
} account_year;

typedef enum account_fault_kind {
	ACCOUNT_ROW,        /* a stage's row does not balance: found is closing, expected opening + gained - lost */
	ACCOUNT_ENTERED,    /* rows gain more or less in all than was newly disturbed */
	ACCOUNT_CONNECTION, /* a stage opens with another figure than it closed with the year before */
	ACCOUNT_STAGE_GONE, /* a stage that held land the year before is left out: expected its closing, found NaN */
	ACCOUNT_GAP,        /* a year is missing: expected the year after the one before */
	ACCOUNT_TWICE,      /* two reports for one site and year: the later id counts */
	ACCOUNT_FAULTS
} account_fault_kind;
extern const char *const account_fault_says[ACCOUNT_FAULTS]; /* msgids with {year} {stage} {expected} {found} */

typedef struct account_fault {
	account_fault_kind kind;
	int year;
	int stage; /* land_stage, or -1 */
	double expected, found;
} account_fault;

typedef struct land_account {
	GArray *years;  /* account_year, rising */
	GArray *faults; /* account_fault, by year */
} land_account;

/* The account of one site from progress bodies with their ids, in any order; others than with a land account are passed over. */
void land_account_of_site(land_account *out, const char *const *ids, json_t *const *progress, gsize n);
/* Sites added up: a year holds what the sites with an account for it hold (account_year.sites says how many). Faults are the sites' own, not
 * repeated here. Adding them in another order changes nothing but the last digit. */
void land_account_add(land_account *sum, const land_account *site);
void land_account_clear(land_account *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(land_account, land_account_clear)
