#include "rules/account.h"

#include <math.h>
#include <string.h>

#define N_(text) text
#define TOLERANCE 0.01

const char *const land_stage_ids[LAND_STAGES] = {
	"disturbed", "available-for-rehabilitation", "technically-reclaimed", "biologically-reclaimed", "recovering", "certified", "relinquished",
};

const char *const account_fault_says[ACCOUNT_FAULTS] = {
	[ACCOUNT_ROW] = N_("{year}, {stage}: opening plus gained less lost is {expected} ha, but {found} ha is given as closing."),
	[ACCOUNT_ENTERED] = N_("{year}: the stages gain {found} ha in all, but {expected} ha were newly disturbed."),
	[ACCOUNT_CONNECTION] = N_("{year}, {stage}: opens with {found} ha, but the year before closed with {expected} ha."),
	[ACCOUNT_STAGE_GONE] = N_("{year}, {stage}: left out, but the year before closed with {expected} ha."),
	[ACCOUNT_GAP] = N_("{year}: the account for {expected} is missing, so nothing connects it to the years before."),
	[ACCOUNT_TWICE] = N_("{year}: there are two reports with an account for this year; the later one counts."),
};

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static int stage_of(const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "stage"));
	for (int i = 0; i < LAND_STAGES; i++)
		if (g_strcmp0(id, land_stage_ids[i]) == 0)
			return i;
	return -1;
}

static void row_add(stage_row *sum, const stage_row *row)
{
	if (!row->known)
		return;
	sum->known = TRUE;
	sum->opening += row->opening;
	sum->gained += row->gained;
	sum->lost += row->lost;
	sum->closing += row->closing;
}

static gboolean year_read(const char *id, const json_t *progress, account_year *out)
{
	const json_t *row;
	gsize i;
	*out = (account_year){.year = (int)json_integer_value(json_object_get(progress, "year")), .sites = 1, .report = id,
		.newly_disturbed = number(progress, "newly_disturbed")};
	json_array_foreach(json_object_get(progress, "land_account"), i, row) {
		int stage = stage_of(row);
		if (stage < 0)
			continue;
		const stage_row one = {TRUE, number(row, "opening"), number(row, "gained"), number(row, "lost"), number(row, "closing")};
		/* A stage given in two rows is their sum. */
		row_add(&out->stages[stage], &one);
		row_add(&out->all, &one);
	}
	return out->year > 0 && out->all.known;
}

static int by_year(gconstpointer a, gconstpointer b)
{
	const account_year *p = a, *q = b;
	return p->year != q->year ? (p->year > q->year) - (p->year < q->year) : g_strcmp0(p->report, q->report);
}

static void fault_found(land_account *a, account_fault_kind kind, int year, int stage, double expected, double found)
{
	const account_fault fault = {kind, year, stage, expected, found};
	g_array_append_val(a->faults, fault);
}

static gboolean differ(double a, double b)
{
	return fabs(a - b) > TOLERANCE; /* FALSE where one is unknown */
}

/* A year in itself. */
static void check_year(land_account *a, const account_year *y)
{
	for (int i = 0; i < LAND_STAGES; i++) {
		const stage_row *row = &y->stages[i];
		double expected = row->opening + row->gained - row->lost;
		if (row->known && differ(expected, row->closing))
			fault_found(a, ACCOUNT_ROW, y->year, i, expected, row->closing);
	}
	if (differ(y->all.gained - y->all.lost, y->newly_disturbed))
		fault_found(a, ACCOUNT_ENTERED, y->year, -1, y->newly_disturbed, y->all.gained - y->all.lost);
}

/* A year against the one before. */
static void check_connection(land_account *a, const account_year *before, const account_year *y)
{
	if (y->year > before->year + 1) {
		fault_found(a, ACCOUNT_GAP, y->year, -1, before->year + 1, NAN);
		return;
	}
	for (int i = 0; i < LAND_STAGES; i++) {
		const stage_row *was = &before->stages[i], *is = &y->stages[i];
		/* A stage that was left out may have held anything. */
		if (was->known && is->known && differ(was->closing, is->opening))
			fault_found(a, ACCOUNT_CONNECTION, y->year, i, was->closing, is->opening);
		else if (was->known && !is->known && was->closing > TOLERANCE)
			fault_found(a, ACCOUNT_STAGE_GONE, y->year, i, was->closing, NAN);
	}
}

static void account_init(land_account *a)
{
	if (!a->years)
		a->years = g_array_new(FALSE, FALSE, sizeof(account_year));
	if (!a->faults)
		a->faults = g_array_new(FALSE, FALSE, sizeof(account_fault));
}

void land_account_of_site(land_account *out, const char *const *ids, json_t *const *progress, gsize n)
{
	*out = (land_account){0};
	account_init(out);
	for (gsize i = 0; i < n; i++) {
		account_year y;
		if (year_read(ids[i], progress[i], &y))
			g_array_append_val(out->years, y);
	}
	g_array_sort(out->years, by_year);
	for (guint i = 0; i < out->years->len; i++) {
		const account_year *y = &g_array_index(out->years, account_year, i);
		if (i && y->year == y[-1].year) {
			fault_found(out, ACCOUNT_TWICE, y->year, -1, NAN, NAN);
			g_array_remove_index(out->years, --i);
		}
	}
	for (guint i = 0; i < out->years->len; i++) {
		const account_year *y = &g_array_index(out->years, account_year, i);
		check_year(out, y);
		if (i)
			check_connection(out, y - 1, y);
	}
}

void land_account_add(land_account *sum, const land_account *site)
{
	account_init(sum);
	for (guint i = 0; i < site->years->len; i++) {
		const account_year *y = &g_array_index(site->years, account_year, i);
		account_year *found = NULL;
		for (guint k = 0; k < sum->years->len && !found; k++)
			if (g_array_index(sum->years, account_year, k).year == y->year)
				found = &g_array_index(sum->years, account_year, k);
		if (!found) {
			account_year fresh = *y;
			fresh.report = NULL;
			g_array_append_val(sum->years, fresh);
			continue;
		}
		for (int s = 0; s < LAND_STAGES; s++)
			row_add(&found->stages[s], &y->stages[s]);
		row_add(&found->all, &y->all);
		found->newly_disturbed += y->newly_disturbed;
		found->sites += y->sites;
	}
	g_array_sort(sum->years, by_year);
}

void land_account_clear(land_account *a)
{
	g_clear_pointer(&a->years, g_array_unref);
	g_clear_pointer(&a->faults, g_array_unref);
}
