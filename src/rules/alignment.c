#include "rules/alignment.h"

#include <math.h>
#include <string.h>

#include "rules/day.h"

#define N_(text) text

const char *const alignment_answer_ids[] = {"no", "not-known", "yes"};

const alignment_word alignment_words[ALIGNMENT_QUESTIONS] = {
	[ALIGN_LAND] = {"land-type", N_("Same type of land?")},
	[ALIGN_AREA] = {"area", N_("Inside the target’s area?")},
	[ALIGN_PERIOD] = {"period", N_("Inside the target’s period?")},
	[ALIGN_ONCE] = {"once", N_("Counted once?")},
	[ALIGN_DUTY] = {"duty", N_("Beyond legal duty?")},
	[ALIGN_CONFIRMED] = {"confirmed", N_("Confirmed by the country’s focal point?")},
};

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static gboolean lists(const json_t *list, const char *text)
{
	const json_t *entry;
	gsize i;
	json_array_foreach(list, i, entry)
		if (g_strcmp0(json_string_value(entry), text) == 0)
			return TRUE;
	return FALSE;
}

static alignment_finding found(alignment_answer answer, const char *reason)
{
	return (alignment_finding){answer, reason, NULL};
}

/* Are all sites that the pledge names at hand? */
static gboolean sites_known(const alignment_facts *f)
{
	gsize named = json_array_size(json_object_get(f->pledge, "sites"));
	for (gsize i = 0; i < f->n_sites; i++)
		if (!f->sites[i])
			return FALSE;
	return named > 0 && f->n_sites == named;
}

static alignment_finding test_land(const alignment_facts *f)
{
	const json_t *types = json_object_get(f->target, "biomes");
	gboolean silent = !sites_known(f);
	if (!json_array_size(types))
		return found(ALIGNED_UNKNOWN, N_("The target names no type of land."));
	for (gsize i = 0; i < f->n_sites; i++) {
		const char *type = member(f->sites[i], "biome");
		if (type && !lists(types, type))
			return found(ALIGNED_NO, N_("A site lies in another type of land than the target names."));
		silent |= !type;
	}
	return silent ? found(ALIGNED_UNKNOWN, N_("Not every site of the pledge says in which type of land it lies."))
		: found(ALIGNED_YES, N_("Every site lies in a type of land that the target names."));
}

static alignment_finding test_area(const alignment_facts *f)
{
	const char *country = member(f->target, "country");
	const json_t *countries = json_object_get(f->pledge, "countries");
	for (gsize i = 0; i < f->n_sites; i++) {
		const char *lies_in = member(f->sites[i], "country");
		if (lies_in && g_strcmp0(lies_in, country) != 0)
			return found(ALIGNED_NO, N_("A site lies in another country."));
	}
	if (json_array_size(countries) && !lists(countries, country))
		return found(ALIGNED_NO, N_("The pledge does not name the target’s country."));
	if (sites_known(f))
		return found(ALIGNED_YES, N_("Every site lies in the target’s country."));
	return json_array_size(countries) == 1 ? found(ALIGNED_UNKNOWN, N_("The pledge names the country, but maps no land in it."))
		: found(ALIGNED_UNKNOWN, N_("The pledge does not say how much of it lies in the target’s country."));
}

static alignment_finding test_period(const alignment_facts *f)
{
	double from = number(f->target, "baseline_year"), until = number(f->target, "target_year");
	gboolean silent = FALSE;
	promise p;
	if (!isfinite(from) || !isfinite(until))
		return found(ALIGNED_UNKNOWN, N_("The target does not say from when until when it counts."));
	for (gsize i = 0; promise_read(f->pledge, i, &p); i++) {
		if (p.due > until + 1 + 1e-9)
			return found(ALIGNED_NO, N_("The pledge is due after the target’s year."));
		/* What was done before the target's baseline is part of the baseline. */
		if (p.starts < from - 1e-9)
			return found(ALIGNED_NO, N_("The pledge counts from before the target’s baseline."));
		silent |= !isfinite(p.due) || !isfinite(p.starts);
	}
	return silent ? found(ALIGNED_UNKNOWN, N_("The pledge does not say from when until when it counts."))
		: found(ALIGNED_YES, N_("The pledge begins and is due within the target’s period."));
}

static alignment_finding test_once(const alignment_facts *f)
{
	if (f->also_claimed)
		return found(ALIGNED_NO, N_("Another pledge names the same site."));
	if (f->land && f->land->contested > 0)
		return found(ALIGNED_NO, N_("Part of its land is claimed by sites of another organisation."));
	if (!f->land || !f->land->sites || f->land->mapped < f->land->sites)
		return found(ALIGNED_UNKNOWN, N_("Not all of its land is mapped, so nobody can tell."));
	return found(ALIGNED_YES, N_("All of its land is mapped, and nobody else claims any of it."));
}

static alignment_finding test_duty(const alignment_facts *f)
{
	gboolean silent = promise_count(f->pledge) == 0;
	promise p;
	for (gsize i = 0; promise_read(f->pledge, i, &p); i++) {
		duty_judgement duty = promise_duty(&p, f->sites, f->n_sites);
		if (duty.class == DUTY_DUTY)
			return found(ALIGNED_NO, N_("Law or permit obliges the pledger anyway."));
		if (duty.class == DUTY_OFFSET)
			return found(ALIGNED_NO, N_("It makes up for harm elsewhere, and so is no gain."));
		if (duty.disputed)
			return found(ALIGNED_UNKNOWN, N_("The pledge says beyond duty, but a site of it is under duty."));
		silent |= duty.class == DUTY_UNKNOWN;
	}
	return silent ? found(ALIGNED_UNKNOWN, N_("Nobody says whether law or permit obliges the pledger."))
		: found(ALIGNED_YES, N_("It goes beyond what law or permit oblige."));
}

static alignment_finding test_confirmed(const alignment_facts *f, double today)
{
	alignment_finding newest = found(ALIGNED_UNKNOWN, N_("The focal point has not spoken."));
	double newest_at = NAN;
	for (gsize i = 0; i < f->n_reviews; i++) {
		const json_t *review = f->reviews[i], *counts = json_object_get(review, "counts_towards_target");
		double at = day_end(member(review, "made_on"));
		if (g_strcmp0(member(review, "role"), "focal-point") != 0 || !json_is_boolean(counts) || g_strcmp0(member(review, "state"), "withdrawn") == 0)
			continue;
		const char *spoken_for = f->review_countries ? f->review_countries[i] : NULL;
		if (at > today || newest_at > at || (spoken_for && g_strcmp0(spoken_for, member(f->target, "country")) != 0))
			continue;
		newest_at = at;
		newest = json_is_true(counts) ? found(ALIGNED_YES, N_("The focal point confirms it.")) : found(ALIGNED_NO, N_("The focal point disputes it."));
		newest.review = f->review_ids ? f->review_ids[i] : NULL;
	}
	return newest;
}

void alignment_test(const alignment_facts *f, const char *today, alignment_finding out[static ALIGNMENT_QUESTIONS])
{
	const alignment_finding nameless = found(ALIGNED_UNKNOWN, N_("The pledge names no target it could be held against."));
	out[ALIGN_LAND] = f->target ? test_land(f) : nameless;
	out[ALIGN_AREA] = f->target ? test_area(f) : nameless;
	out[ALIGN_PERIOD] = f->target ? test_period(f) : nameless;
	out[ALIGN_ONCE] = test_once(f);
	out[ALIGN_DUTY] = test_duty(f);
	out[ALIGN_CONFIRMED] = f->target ? test_confirmed(f, day_end(today)) : nameless;
}

alignment_answer alignment_verdict(const alignment_finding findings[static ALIGNMENT_QUESTIONS])
{
	alignment_answer worst = ALIGNED_YES;
	for (int i = 0; i < ALIGNMENT_QUESTIONS; i++)
		worst = MIN(worst, findings[i].answer);
	return worst;
}
