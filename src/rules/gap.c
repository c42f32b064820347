#include "rules/gap.h"

#include <math.h>

#include "rules/day.h"

#define N_(text) text

const figure_words figures_explained[FIGURES] = {
	[FIGURE_PROMISED] = {"promised", N_("Promised"),
		N_("What the pledger promised, in the unit of the promise."),
		N_("Taken from the pledge as it was published; nothing is computed. A sum adds only targets of one metric in one unit."),
		N_("None of its own: a promise is a text. What it leaves open stands under completeness.")},
	[FIGURE_MAPPED] = {"mapped", N_("Mapped"),
		N_("Area of the sites that the pledge names, each counted in full."),
		N_("Area on the WGS 84 ellipsoid of each site’s boundary, edges straight in longitude and latitude (RFC 7946), added up."),
		N_("As exact as the boundaries that were handed in. Sites known only as a point have no area.")},
	[FIGURE_NET] = {"net", N_("Net of overlap"),
		N_("Area of the same sites with every hectare counted once."),
		N_("Area of the union of the boundaries, computed exactly; the order in which sites came in changes nothing."),
		N_("As exact as the boundaries that were handed in.")},
	[FIGURE_REPORTED] = {"reported", N_("Reported"),
		N_("What the pledger says was done, as far as it answers the promise in its unit."),
		N_("The newest figure of the progress reports that names this target; yearly amounts are added up from the baseline on."),
		N_("Not stated by the reports. The figure is the pledger’s own and was not checked here.")},
	[FIGURE_MEASURED] = {"measured", N_("Measured"),
		N_("What satellites show on the mapped sites that answers the promise."),
		N_("The newest measurement of each site, added up, each hectare once: where sites overlap, the newest measurement speaks for the land. Which measured areas count depends on what is promised (page Method)."),
		N_("The range is the sum of the sites’ 95 per cent ranges; of a site that overlaps a newer measured one, all of the overlap is taken off the lower end.")},
	[FIGURE_GROSS] = {"gross", N_("Gross"),
		N_("Area of the sites that have a boundary, each counted in full; of pledges, once for each that names it."),
		N_("Area on the WGS 84 ellipsoid of each site’s boundary, edges straight in longitude and latitude (RFC 7946), added up."),
		N_("As exact as the boundaries that were handed in. Sites known only as a point have no area.")},
	[FIGURE_CONTESTED] = {"contested", N_("Contested"),
		N_("Area that sites of more than one organisation claim."),
		N_("Area of the overlaps between sites of different organisations, computed exactly, each hectare once."),
		N_("As exact as the boundaries that were handed in.")},
	[FIGURE_EXPECTED] = {"expected", N_("Due by then"),
		N_("How much the promise itself would have had done by that day."),
		N_("Read off a line that runs straight from the baseline over the milestones to the deadline."),
		N_("A line is an assumption: work may come in steps. Milestones make it the pledger’s own.")},
	[FIGURE_COMPLETENESS] = {"completeness", N_("Completeness"),
		N_("How many of the things a promise needs the pledge states, of those that apply to it."),
		N_("Counted over a fixed list; what is missing in the sources read here counts as missing."),
		N_("The pledger may have stated more elsewhere.")},
	[FIGURE_STATUS] = {"status", N_("Status"),
		N_("Where the pledge stands, in one of ten words."),
		N_("A list of rules is tried in order; the first that holds decides. A pledge of several targets is as far as the worst of them."),
		N_("Only as good as what was reported and measured; an unknown number never makes a rule hold.")},
	[FIGURE_ACCOUNT] = {"account", N_("Land account"),
		N_("Hectares of the sites by the stage at which they stand."),
		N_("As reported: opening plus gained less lost is closing, and a year opens with what the year before closed with. Both are checked here."),
		N_("Not stated by the reports. Stages that a report leaves out are unknown, not zero.")},
	[FIGURE_DIFFERENCE] = {"difference", N_("Difference"),
		N_("Reported less measured, for the same end of year or the next one that was measured."),
		N_("Computed only where both are known; the range follows from the measured one."),
		N_("As wide as the measured range. Sites that were not measured are not in it.")},
	[FIGURE_COVER] = {"cover", N_("Changes of land cover"),
		N_("Hectares that passed from one class of land cover to another between two maps; gain and loss as the UNCCD counts them."),
		N_("Cells of the two maps laid over each other, each with its area on the ellipsoid and the share of it that lies in the site. Of several sites the newest measurement of each, each hectare once."),
		N_("As good as the two maps, whose errors are not known here. Where sites overlap, the range says how much of it may be the same land.")},
	[FIGURE_STATED] = {"stated", N_("As stated"),
		N_("A figure in the words and the unit of its source."),
		N_("Taken from the source as it stands there; nothing is computed."),
		N_("None but what the source says itself; it was not checked here. Who says it, a company, an authority or reviewed research, stands with the source.")},
};

static const char approximate_land[] = N_("Approximate: boundaries there cross each other more often than is followed.");

static gap_figure unknown(const char *why)
{
	return (gap_figure){.value = NAN, .low = NAN, .high = NAN, .at = NAN, .why = why};
}

static gap_figure promised_figure(const promise *p)
{
	if (!isfinite(p->value))
		return unknown(N_("The promise names no figure."));
	return (gap_figure){TRUE, p->value, NAN, NAN, p->due, ORIGIN_PLEDGE, .why = isfinite(p->due) ? NULL : N_("The promise names no year.")};
}

/* mapped: gross; else net. */
static gap_figure land_figure(const promise *p, gsize named, const land_totals *land, gboolean mapped, double today)
{
	if (g_strcmp0(p->base, "ha") != 0)
		return unknown(N_("The promise is not in hectares."));
	if (!named)
		return unknown(N_("The pledge names no site."));
	if (!land)
		return unknown(N_("The area of its sites is not computed."));
	if (!land->mapped)
		return unknown(N_("None of its sites has a boundary."));
	gap_figure out = {TRUE, (mapped ? land->gross : land->net) / p->factor, NAN, NAN, today, ORIGIN_SITES, .n = land->mapped, .of = land->sites};
	if (land->mapped < land->sites) {
		out.at_least = TRUE;
		out.why = N_("Some of its sites have no boundary.");
	} else if (land->approximate && !mapped) {
		out.why = approximate_land;
	}
	return out;
}

static gap_figure reported_figure(const pledge_facts *f, const promise *p, const pledge_judgement *j)
{
	if (!isfinite(j->reported))
		return unknown(f->n_progress ? N_("No report gives a figure that answers it.") : N_("No report is known here."));
	gap_figure out = {TRUE, j->reported, NAN, NAN, j->reported_at, ORIGIN_PROGRESS, .at_least = j->reported_at_least};
	g_autoptr(GArray) reports = promise_reports(p, f->progress, f->n_progress);
	for (guint i = 0; i < reports->len; i++)
		if (g_array_index(reports, report_point, i).at == j->reported_at)
			out.progress = g_array_index(reports, report_point, i).progress;
	if (out.at_least)
		out.why = N_("Yearly figures added up.");
	return out;
}

static gap_figure measured_figure(const pledge_judgement *j)
{
	const measured_value *m = &j->measured;
	gboolean known = m->sites && isfinite(m->value);
	gap_figure out = {known, m->value, m->low, m->high, m->at, m->sites ? ORIGIN_MEASUREMENT : ORIGIN_NONE, .record = m->measurement, .n = m->told,
		.of = m->sites, .at_least = j->measured_state == MEASURED_PART};
	if (j->measured_state != MEASURED_WHOLE)
		out.why = measured_state_words[j->measured_state].means;
	else if (m->approximate)
		out.why = approximate_land;
	return out;
}

void promise_gap(const pledge_facts *f, gsize index, const land_totals *land, const char *today, gap_figure out[static GAP_FIGURES])
{
	promise p;
	pledge_judgement j;
	gsize named = json_array_size(json_object_get(f->pledge, "sites"));
	if (!promise_read(f->pledge, index, &p)) {
		for (int i = 0; i < GAP_FIGURES; i++)
			out[i] = unknown(N_("The promise names no figure."));
		return;
	}
	promise_judge(f, index, today, &j);
	out[FIGURE_PROMISED] = promised_figure(&p);
	out[FIGURE_MAPPED] = land_figure(&p, named, land, TRUE, day_end(today));
	out[FIGURE_NET] = land_figure(&p, named, land, FALSE, day_end(today));
	out[FIGURE_REPORTED] = reported_figure(f, &p, &j);
	out[FIGURE_MEASURED] = measured_figure(&j);
}
