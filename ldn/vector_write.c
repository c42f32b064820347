#include "vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "table.h"

/* ---- examining ---- */

typedef struct print {
	uint64_t hash;
	size_t at;
} print;

static int by_hash(const void *a, const void *b)
{
	const print *x = a, *y = b;
	return x->hash < y->hash ? -1 : x->hash > y->hash ? 1 : x->at < y->at ? -1 : x->at > y->at;
}

/* FNV-1a over the coordinates. */
static uint64_t shape_hash(const shape *s)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++)
			for (size_t j = 0; j < s->parts[i].rings[k].n; j++) {
				uint64_t bits[2];
				memcpy(&bits[0], &s->parts[i].rings[k].x[j], 8);
				memcpy(&bits[1], &s->parts[i].rings[k].y[j], 8);
				hash = (hash ^ bits[0]) * 1099511628211u;
				hash = (hash ^ bits[1]) * 1099511628211u;
				hash ^= hash >> 29;
			}
	return hash;
}

/* Features whose boundary an earlier one has, point for point. */
static void same_find(vector_file *v)
{
	autofree print *prints = memory_new(v->count, sizeof *prints);
	for (size_t i = 0; i < v->count; i++)
		prints[i] = (print){shape_hash(&v->features[i].body.given), i};
	qsort(prints, v->count, sizeof *prints, by_hash);
	for (size_t i = 1; i < v->count; i++) {
		patient *p = &v->features[prints[i].at].body, *first = &v->features[prints[i - 1].at].body;
		if (p->given.count && prints[i].hash == prints[i - 1].hash && shapes_same(&p->given, &first->given))
			p->same = first->same ? first->same : first;
	}
}

void vector_examine(vector_file *v, const doctor *d)
{
	same_find(v);
	for (size_t i = 0; i < v->count; i++) {
		doctor own = *d;
		if (v->features[i].country[0])
			own.country = v->features[i].country;
		doctor_see(&own, &v->features[i].body);
	}
}

/* ---- in brief ---- */

/* What people know a feature by. */
static const char *label_of(const vector_feature *f)
{
	static const char *const names[] = {"name", "Name", "NAME", "id", "ID", "Id", "permit", "title"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = json_string_value(json_object_get(f->properties, names[i]));
		if (text && *text)
			return text;
	}
	return NULL;
}

static void example_add(json_t *entry, const vector_feature *f, const finding *found)
{
	enum { EXAMPLES_MOST = 5 };
	json_t *examples = json_object_get(entry, "examples");
	if (json_array_size(examples) >= EXAMPLES_MOST)
		return;
	json_t *full = finding_json(found), *example = json_object();
	json_object_set_new(example, "feature", json_integer((json_int_t)f->body.number));
	if (label_of(f))
		json_object_set_new(example, "label", json_string(label_of(f)));
	if (json_object_get(full, "detail"))
		json_object_set(example, "detail", json_object_get(full, "detail"));
	json_object_set(example, "places", json_object_get(full, "places"));
	json_array_append_new(examples, example);
	json_decref(full);
}

static json_t *entry_of(json_t *list, const ailment *what)
{
	json_t *entry;
	size_t i;
	json_array_foreach(list, i, entry)
		if (strcmp(json_string_value(json_object_get(entry, "ailment")), what->id) == 0)
			return entry;
	entry = json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:[]}", "ailment", what->id, "severity", severity_names[what->severity], "says", _(what->says), "remedy",
		_(what->remedy), "count", 0, "features", 0, "mended", 0, "examples");
	json_array_append_new(list, entry);
	return entry;
}

static void add_to(json_t *entry, const char *key, size_t more)
{
	json_object_set_new(entry, key, json_integer(json_integer_value(json_object_get(entry, key)) + (json_int_t)more));
}

static int by_weight(const void *a, const void *b)
{
	const ailment *x = *(const ailment *const *)a, *y = *(const ailment *const *)b;
	return x->severity != y->severity ? (x->severity < y->severity ? 1 : -1) : x < y ? -1 : x > y;
}

/* Entries for all ailments found, the gravest first. */
static json_t *entries_make(const vector_file *v)
{
	enum { AILMENTS_MOST = 128 };
	const ailment *order[AILMENTS_MOST];
	size_t count = 0;
	json_t *all = json_array(), *found = json_array(), *entry;
	for (const ailment *a = ailments; a->id && count < AILMENTS_MOST; a++)
		order[count++] = a;
	qsort(order, count, sizeof *order, by_weight);
	for (size_t i = 0; i < count; i++)
		entry_of(all, order[i]);
	for (size_t i = 0; i < v->finding_count; i++) {
		entry = entry_of(all, v->findings[i].what);
		add_to(entry, "count", 1);
		if (v->findings[i].detail[0])
			json_object_set_new(entry, "detail", json_string(v->findings[i].detail));
	}
	for (size_t i = 0; i < v->count; i++)
		for (size_t k = 0; k < v->features[i].body.count; k++) {
			const finding *f = &v->features[i].body.findings[k];
			entry = entry_of(all, f->what);
			add_to(entry, "count", f->count);
			add_to(entry, "features", 1);
			add_to(entry, "mended", f->mended);
			example_add(entry, &v->features[i], f);
		}
	size_t i;
	json_array_foreach(all, i, entry)
		if (json_integer_value(json_object_get(entry, "count")))
			json_array_append(found, entry);
	json_decref(all);
	return found;
}

/* Square metres to the square centimetre: the last bits of sines differ between processors and C libraries. */
static double told(double area)
{
	return round(area * 1e4) / 1e4;
}

json_t *vector_digest(const vector_file *v, const char *name, const char *sha256)
{
	size_t usable = 0, invalid = 0;
	double given = 0, mended = 0;
	for (size_t i = 0; i < v->count; i++) {
		const patient *p = &v->features[i].body;
		usable += p->usable;
		invalid += p->invalid;
		given += isfinite(p->area_given) ? told(p->area_given) : 0;
		mended += isfinite(p->area_mended) ? told(p->area_mended) : 0;
	}
	json_t *digest = json_object();
	json_object_set_new(digest, "program", json_string("ldn " AFTERMINE_VERSION));
	json_object_set_new(digest, "file", json_string(name));
	json_object_set_new(digest, "sha256", json_string(sha256));
	json_object_set_new(digest, "form", json_string(v->form));
	json_object_set_new(digest, "reference", json_string(v->reference));
	json_object_set_new(digest, "features", json_integer((json_int_t)v->count));
	json_object_set_new(digest, "points", json_integer((json_int_t)v->points));
	json_object_set_new(digest, "usable", json_integer((json_int_t)usable));
	json_object_set_new(digest, "invalid", json_integer((json_int_t)invalid));
	json_object_set_new(digest, "area_given_m2", json_real(told(given)));
	json_object_set_new(digest, "area_m2", json_real(told(mended)));
	json_object_set_new(digest, "findings", entries_make(v));
	return digest;
}

/* ---- GeoJSON ---- */

/* An area; null where coordinates beyond reason give none. */
static json_t *known(double area)
{
	return isfinite(area) ? json_real(area) : json_null();
}

static void put_point(FILE *out, double x, double y)
{
	char a[32], b[32];
	number_text(x, a);
	number_text(y, b);
	fprintf(out, "[%s,%s]", a, b);
}

static void put_part(FILE *out, const part *p)
{
	putc('[', out);
	for (size_t k = 0; k < p->count; k++) {
		fputs(k ? ",[" : "[", out);
		bool comma = false;
		for (size_t i = 0; i < p->rings[k].n; i++)
			if (isfinite(p->rings[k].x[i]) && isfinite(p->rings[k].y[i])) {
				if (comma)
					putc(',', out);
				put_point(out, p->rings[k].x[i], p->rings[k].y[i]);
				comma = true;
			}
		putc(']', out);
	}
	putc(']', out);
}

static void put_geometry(FILE *out, const patient *p)
{
	if (p->mended.count == 1) {
		fputs("{\"type\":\"Polygon\",\"coordinates\":", out);
		put_part(out, &p->mended.parts[0]);
	} else if (p->mended.count) {
		fputs("{\"type\":\"MultiPolygon\",\"coordinates\":[", out);
		for (size_t i = 0; i < p->mended.count; i++) {
			if (i)
				putc(',', out);
			put_part(out, &p->mended.parts[i]);
		}
		putc(']', out);
	} else if ((p->traits & TRAIT_POINTS) && !p->given.count) {
		fputs("{\"type\":\"Point\",\"coordinates\":", out);
		put_point(out, p->point[0], p->point[1]);
	} else {
		fputs("null", out);
		return;
	}
	putc('}', out);
}

/* On one line, numbers with the shortest digits that read back. */
static void put_json(FILE *out, const json_t *value)
{
	const char *key, *comma = "";
	char text[32];
	json_t *member;
	size_t i;
	if (json_is_object(value)) {
		putc('{', out);
		json_object_foreach((json_t *)(size_t)value, key, member) {
			json_t *name = json_string(key);
			fputs(comma, out);
			json_dumpf(name, out, JSON_ENCODE_ANY);
			json_decref(name);
			putc(':', out);
			put_json(out, member);
			comma = ",";
		}
		putc('}', out);
	} else if (json_is_array(value)) {
		putc('[', out);
		json_array_foreach(value, i, member) {
			if (i)
				putc(',', out);
			put_json(out, member);
		}
		putc(']', out);
	} else if (json_is_real(value)) {
		number_text(json_real_value(value), text);
		fprintf(out, strpbrk(text, ".e") ? "%s" : "%s.0", text);
	} else {
		json_dumpf(value, out, JSON_ENCODE_ANY);
	}
}

static void put_member(FILE *out, const char *key, json_t *value)
{
	fprintf(out, ",\"%s\":", key);
	put_json(out, value);
	json_decref(value);
}

static void put_feature(FILE *out, const vector_feature *f)
{
	const patient *p = &f->body;
	json_t *findings = json_array();
	for (size_t i = 0; i < p->count; i++)
		json_array_append_new(findings, finding_json(&p->findings[i]));
	fputs("{\"type\":\"Feature\",\"geometry\":", out);
	put_geometry(out, p);
	put_member(out, "properties", json_incref(f->properties));
	put_member(out, "number", json_integer((json_int_t)p->number));
	if (label_of(f))
		put_member(out, "label", json_string(label_of(f)));
	if (f->layer)
		put_member(out, "layer", json_string(f->layer));
	put_member(out, "usable", json_boolean(p->usable));
	put_member(out, "invalid", json_boolean(p->invalid));
	put_member(out, "area_given_m2", known(told(p->area_given)));
	put_member(out, "area_m2", known(told(p->area_mended)));
	put_member(out, "findings", findings);
	putc('}', out);
}

void vector_write(const vector_file *v, const json_t *digest, FILE *out)
{
	fputs("{\"type\":\"FeatureCollection\"", out);
	put_member(out, "summary", json_incref((json_t *)(size_t)digest));
	fputs(",\"features\":[\n", out);
	for (size_t i = 0; i < v->count; i++) {
		if (i)
			fputs(",\n", out);
		put_feature(out, &v->features[i]);
	}
	fputs("\n]}\n", out);
}
