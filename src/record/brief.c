#include "record/brief.h"

static json_t *shown(const field *fields, const json_t *object)
{
	json_t *out = json_object();
	for (const field *f = fields; f->name; f++) {
		json_t *value = f->flags & FIELD_BRIEF ? json_object_get(object, f->name) : NULL;
		if (value && f->type != FIELD_GROUP)
			json_object_set(out, f->name, value);
	}
	return out;
}

json_t *record_brief(const record *r)
{
	const kind *k = r->kind;
	json_t *brief = shown(k->fields, r->body);
	const json_t *lead = kind_lead(k, r->body);
	const field *group = lead ? kind_field(k, k->lead) : NULL;
	if (group)
		json_object_set_new(brief, k->lead, json_pack("[o]", shown(group->fields, lead)));
	return brief;
}
