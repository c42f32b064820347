#include "doctor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"

enum { PASSES_MOST = 12 };

const char *const severity_names[] = {"note", "warning", "error"};

const ailment *ailment_named(const char *id)
{
	for (const ailment *a = ailments; a->id; a++)
		if (strcmp(a->id, id) == 0)
			return a;
	return NULL;
}

/* ---- what is found ---- */

static json_t *place_json(const place *at)
{
	json_t *json = json_object();
	json_object_set_new(json, "at", json_pack("[f,f]", at->x, at->y));
	if (at->vertex) {
		json_object_set_new(json, "part", json_integer((json_int_t)at->part));
		json_object_set_new(json, "ring", json_integer((json_int_t)at->ring));
		json_object_set_new(json, "vertex", json_integer((json_int_t)at->vertex));
	}
	return json;
}

json_t *finding_json(const finding *f)
{
	json_t *json = json_object(), *places = json_array();
	json_object_set_new(json, "ailment", json_string(f->what->id));
	json_object_set_new(json, "severity", json_string(severity_names[f->what->severity]));
	json_object_set_new(json, "says", json_string(_(f->what->says)));
	if (f->detail[0])
		json_object_set_new(json, "detail", json_string(f->detail));
	json_object_set_new(json, "remedy", json_string(_(f->what->remedy)));
	json_object_set_new(json, "mended", json_boolean(f->mended));
	json_object_set_new(json, "count", json_integer((json_int_t)f->count));
	for (size_t i = 0; i < f->count && i < PLACES_MOST; i++)
		if (isfinite(f->places[i].x))
			json_array_append_new(places, place_json(&f->places[i]));
	json_object_set_new(json, "places", places);
	return json;
}

/* ---- passes ---- */

static bool known(const patient *p, const ailment *what)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->findings[i].what == what)
			return true;
	return false;
}

/* Through the table once. Found is told in the first pass, and later if it is an error that came up in mending. */
static bool pass(exam *e)
{
	bool changed = false;
	patient *p = e->of;
	for (const ailment *a = ailments; a->id; a++) {
		if (!a->look)
			continue;
		size_t before = p->count;
		bool old = !e->first && known(p, a);
		e->what = a;
		e->open = NULL;
		a->look(e);
		bool found = p->count > before;
		if (found && a->mend && a->mend(e)) {
			changed = true;
			e->valid = -1;
			p->findings[before].mended = true;
		}
		if (found && e->first && a->invalid)
			p->invalid = true;
		if (found && !e->first && (old || a->severity != SEVERITY_ERROR))
			p->count = before; /* told already, or of no weight */
	}
	return changed;
}

/* An error stands as mended only if it is not found any more. */
static void look_again(exam *e)
{
	patient *p = e->of;
	size_t told = p->count;
	e->first = false;
	for (size_t i = 0; i < told; i++) {
		const ailment *what = p->findings[i].what;
		if (!what->mend)
			continue;
		e->what = what;
		e->open = NULL;
		what->look(e);
		p->findings[i].mended = p->findings[i].mended && p->count == told;
		p->count = told;
	}
}

static bool is_well(const patient *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->findings[i].what->severity == SEVERITY_ERROR && !p->findings[i].mended)
			return false;
	return true;
}

static void unsettled(exam *e)
{
	e->what = ailment_named("invalid");
	e->open = NULL;
	exam_found(e, NAN, NAN);
	exam_detail(e, _("repair does not come to rest; the boundary is left as it was given"));
	for (size_t i = 0; i < e->of->count; i++)
		e->of->findings[i].mended = false;
}

static bool is_finite(const shape *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++)
			for (size_t j = 0; j < s->parts[i].rings[k].n; j++)
				if (!isfinite(s->parts[i].rings[k].x[j]) || !isfinite(s->parts[i].rings[k].y[j]))
					return false;
	return true;
}

void doctor_see(const doctor *d, patient *p)
{
	exam e = {.by = d, .of = p, .now = shape_copy(&p->given), .first = true, .valid = -1};
	int passes = 1;
	/* As given, before anything is mended: a spike cut off makes many an invalid ring valid. */
	if (p->given.count && is_finite(&p->given))
		p->invalid = !exam_valid(&e);
	bool changed = pass(&e);
	e.first = false;
	for (; changed && passes < PASSES_MOST; passes++)
		changed = pass(&e);
	look_again(&e);
	if (changed)
		unsettled(&e);
	p->area_given = shape_area(&p->given);
	if (changed || !d->repair) {
		p->mended = shape_copy(&p->given);
		shape_free(&e.now);
		for (size_t i = 0; !d->repair && i < p->count; i++)
			p->findings[i].mended = false;
	} else {
		p->mended = e.now;
	}
	p->area_mended = shape_area(&p->mended);
	p->usable = is_well(p) && (p->mended.count ? p->area_mended > 0 : (p->traits & TRAIT_POINTS) != 0);
}

void patient_free(patient *p)
{
	shape_free(&p->given);
	shape_free(&p->mended);
	free(p->findings);
	*p = (patient){0};
}
