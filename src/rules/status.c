#include "rules/status.h"

#include <math.h>
#include <string.h>

#include "rules/day.h"

#define N_(text) text

const pledge_state_word pledge_state_words[PLEDGE_STATES] = {
	[PLEDGE_WITHDRAWN] = {"withdrawn", N_("withdrawn"), "✕", N_("The pledge was given up. It stays readable, with the reason.")},
	[PLEDGE_CHANGED] = {"changed", N_("changed"), "↻", N_("What was promised is no longer what was promised first.")},
	[PLEDGE_CONTRADICTED] = {"contradicted", N_("contradicted"), "⚠", N_("More was reported than the measured range allows.")},
	[PLEDGE_OVERDUE] = {"overdue", N_("overdue"), "◆", N_("The deadline has passed and no figure shows that the promise was kept.")},
	[PLEDGE_SILENT] = {"silent", N_("silent"), "…", N_("Nothing was reported for 15 months or more.")},
	[PLEDGE_BEHIND] = {"behind", N_("behind"), "▽", N_("Less was reported than was due by then.")},
	[PLEDGE_ON_TRACK] = {"on-track", N_("on track"), "▷", N_("As much was reported as was due by then, or more.")},
	[PLEDGE_ANNOUNCED] = {"announced", N_("announced"), "○", N_("Promised; there is nothing yet by which it could be judged.")},
	[PLEDGE_ACHIEVED_REPORTED] = {"achieved-reported", N_("achieved (reported)"), "▨", N_("The pledger reports that the promise was kept; it is not measured.")},
	[PLEDGE_ACHIEVED_MEASURED] = {"achieved-measured", N_("achieved (measured)"), "■", N_("Measurement shows that the promise was kept.")},
};

static gboolean is_withdrawn(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)p, (void)j;
	double given_up = day_start(json_string_value(json_object_get(f->pledge, "withdrawn_on")));
	return f->withdrawn || given_up <= today;
}

static gboolean is_replaced(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)p, (void)j, (void)today;
	return f->replaced_by != NULL;
}

static gboolean is_contradicted(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	const measured_value *m = &j->measured;
	/* A site that was not measured may hold what the others lack, a report made for a later day than the oldest measurement may well be higher, and a range that
	 * is approximate itself accuses nobody. */
	return m->sites && !m->approximate && m->told + m->too_small == m->sites && j->reported > m->high && j->reported_at <= m->oldest + 1e-9;
}

static gboolean is_measured_reached(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return isfinite(j->measured.value) && !j->measured.approximate && j->measured.low >= j->promised;
}

static gboolean is_reported_reached(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return j->reported >= j->promised * (1 - 1e-12);
}

/* Were targets of a published pledge changed: value, unit, deadline, baseline, denominator, or one taken away? */
static gboolean pledge_targets_changed(const json_t *before, const json_t *after)
{
	static const char *const promised[] = {"metric", "value", "unit", "unit_as_stated", "denominator", "baseline_year", "baseline_value",
		"target_year", "deadline", "land"};
	const json_t *old = json_object_get(before, "targets"), *new = json_object_get(after, "targets");
	if (json_array_size(new) < json_array_size(old))
		return TRUE;
	for (gsize i = 0; i < json_array_size(old); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(promised); k++) {
			const json_t *was = json_object_get(json_array_get(old, i), promised[k]);
			const json_t *is = json_object_get(json_array_get(new, i), promised[k]);
			/* Saying what was left open is no change of the promise. */
			if (was && (!is || !json_equal((json_t *)(gintptr)was, (json_t *)(gintptr)is)))
				return TRUE;
		}
	return FALSE;
}

static gboolean is_changed(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)p, (void)today;
	return f->earlier && pledge_targets_changed(f->earlier, f->pledge) && !(j->last_report > f->changed);
}

static gboolean is_past_deadline(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p;
	return today > j->due && isfinite(j->reported) && isfinite(j->promised);
}

static gboolean is_past_deadline_unanswered(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p;
	return today > j->due;
}

static gboolean is_silent(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return isfinite(j->last_report) && j->months_silent >= PLEDGE_SILENT_MONTHS;
}

static gboolean is_never_reported(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return !isfinite(j->last_report) && j->months_silent >= PLEDGE_SILENT_MONTHS;
}

static gboolean is_below_line(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return j->reported < j->expected * (1 - 1e-12);
}

static gboolean is_on_line(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return j->reported >= j->expected * (1 - 1e-12);
}

static gboolean is_unanswered(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return isfinite(j->last_report) && !isfinite(j->reported) && isfinite(j->promised);
}

static gboolean is_without_line(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)today;
	return isfinite(j->last_report);
}

static gboolean is_announced(const pledge_facts *f, const promise *p, const pledge_judgement *j, double today)
{
	(void)f, (void)p, (void)j, (void)today;
	return TRUE;
}

/* Tried from the top. Comparisons with an unknown number (NaN) are false, so a rule never fires on what nobody knows. */
const pledge_rule pledge_rules[] = {
	{"withdrawn", PLEDGE_WITHDRAWN, N_("The pledger gave the pledge up."), N_("The pledge was given up."), is_withdrawn},
	{"replaced", PLEDGE_CHANGED, N_("A later pledge takes its place."), N_("A later pledge has taken its place."), is_replaced},
	{"above-measured", PLEDGE_CONTRADICTED, N_("Every site is measured, and the newest reported figure lies above the upper end of the measured range."),
		N_("{reported} {unit} reported, but at most {high} {unit} measured."), is_contradicted},
	{"measured-reached", PLEDGE_ACHIEVED_MEASURED, N_("Even the lower end of the measured range reaches what was promised."),
		N_("Kept: {measured} {unit} measured, of {promised} {unit} promised."), is_measured_reached},
	{"reported-reached", PLEDGE_ACHIEVED_REPORTED, N_("The newest reported figure reaches what was promised."),
		N_("Reported as kept: {reported} {unit} by {year}, of {promised} {unit} promised."), is_reported_reached},
	{"targets-changed", PLEDGE_CHANGED, N_("A target was changed after publication and nothing was reported since."),
		N_("What is promised was changed, and nothing was reported since."), is_changed},
	{"past-deadline", PLEDGE_OVERDUE, N_("The deadline has passed and the newest reported figure is below what was promised."),
		N_("Due by {due}: {reported} {unit} reported, of {promised} {unit} promised."), is_past_deadline},
	{"past-deadline-unanswered", PLEDGE_OVERDUE, N_("The deadline has passed and no reported figure answers the promise."),
		N_("Due by {due}; no figure known here shows that it was kept."), is_past_deadline_unanswered},
	{"silent", PLEDGE_SILENT, N_("The last report known here is 15 months old or older."),
		N_("Nothing known here was reported for {months} months."), is_silent},
	{"never-reported", PLEDGE_SILENT, N_("Made 15 months ago or earlier, and no report is known here."),
		N_("No report known here in the {months} months since it was made."), is_never_reported},
	{"below-line", PLEDGE_BEHIND, N_("The newest reported figure is below the expected-by-then line."),
		N_("{reported} {unit} reported for {year}, where {expected} {unit} were due."), is_below_line},
	{"on-line", PLEDGE_ON_TRACK, N_("The newest reported figure is on the expected-by-then line or above it."),
		N_("{reported} {unit} reported for {year}, where {expected} {unit} were due."), is_on_line},
	{"unanswered", PLEDGE_ANNOUNCED, N_("There are reports, but none gives a figure that answers the promise."),
		N_("There are reports, but none gives a figure that answers the promise."), is_unanswered},
	{"no-line", PLEDGE_ANNOUNCED, N_("There are reports, but the promise lacks the figure, the start or the deadline by which they could be judged."),
		N_("There are reports, but nothing in the promise by which to judge them."), is_without_line},
	{"announced", PLEDGE_ANNOUNCED, N_("There is no report yet, and it is not due."), N_("Promised; nothing was reported yet."), is_announced},
};
const gsize pledge_rules_count = G_N_ELEMENTS(pledge_rules);

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

/* When the pledge was first known to be made: that day, else the earliest baseline. NaN if nobody says. */
static double made_at(const json_t *pledge)
{
	double made = day_end(json_string_value(json_object_get(pledge, "made_on")));
	const json_t *target;
	gsize i;
	if (isfinite(made))
		return made;
	json_array_foreach(json_object_get(pledge, "targets"), i, target)
		made = fmin(made, number(target, "baseline_year") + 1);
	return made;
}

/* Reports and measurements of the future do not exist yet: as-of looks at what was known on that day. */
static void weigh_reports(const pledge_facts *f, const promise *p, double today, const GArray *path, pledge_judgement *j)
{
	g_autoptr(GArray) reports = promise_reports(p, f->progress, f->n_progress);
	for (guint i = 0; i < reports->len; i++) {
		const report_point *r = &g_array_index(reports, report_point, i);
		if (r->at > today + 1e-9)
			continue;
		j->reported = r->value;
		j->reported_at = r->at;
		j->reported_at_least = r->summed;
	}
	j->expected = path_value(path, j->reported_at);
}

static void weigh_measured(const pledge_facts *f, const promise *p, double today, pledge_judgement *j)
{
	for (gsize i = 0; i < f->n_measured; i++) {
		const measured_value *m = &f->measured[i];
		if (m->target == p->number && !(m->at > today + 1e-9) && !(j->measured.at >= m->at))
			j->measured = *m;
	}
	j->measured_state = promise_measured_state(f->pledge, p, j->measured.sites ? &j->measured : NULL);
}

void promise_judge(const pledge_facts *f, gsize index, const char *today, pledge_judgement *out)
{
	double now = day_end(today);
	*out = (pledge_judgement){.promised = NAN, .due = NAN, .expected = NAN, .expected_now = NAN, .reported = NAN, .reported_at = NAN,
		.measured = MEASURED_NOTHING, .last_report = NAN};
	promise p = {0};
	if (promise_read(f->pledge, index, &p)) {
		g_autoptr(GArray) path = promise_path(f->pledge, &p);
		out->target = p.number;
		out->unit = p.unit;
		out->unit_as_stated = p.unit_as_stated;
		out->promised = p.value;
		out->due = p.due;
		weigh_reports(f, &p, now, path, out);
		weigh_measured(f, &p, now, out);
		out->expected_now = path_value(path, now);
	}
	out->last_report = pledge_last_report(f->progress, f->n_progress);
	/* A year as date of a report may end after today; it cannot have been said later than now. */
	if (out->last_report > now)
		out->last_report = now;
	out->months_silent = day_months(isfinite(out->last_report) ? out->last_report : made_at(f->pledge), now);
	for (gsize i = 0; i < pledge_rules_count && !out->rule; i++)
		if (pledge_rules[i].holds(f, &p, out, now))
			out->rule = &pledge_rules[i];
}

void pledge_judge(const pledge_facts *f, const char *today, pledge_judgement *out)
{
	promise_judge(f, 0, today, out);
	for (gsize i = 1; i < promise_count(f->pledge); i++) {
		pledge_judgement other;
		promise_judge(f, i, today, &other);
		if (other.rule->state < out->rule->state)
			*out = other;
	}
}
