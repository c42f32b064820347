#include "prose.h"

#include <math.h>
#include <string.h>

#include "record/vocabulary.h"

struct prose {
	GRand *dice;
	char *words[PROSE_WORDS];
	double longitude, latitude; /* of the last boundary */
};

guint prose_below(prose *p, guint n)
{
	return (guint)g_rand_int_range(p->dice, 0, (gint32)n);
}

/* The inverse of the harmonic sum, ln(r + 1) / ln(n + 1) being the share of ranks up to r. */
guint prose_rank(prose *p, guint n)
{
	double r = exp(g_rand_double(p->dice) * log((double)n + 1)) - 1;
	return MIN((guint)r, n - 1);
}

const char *prose_word(prose *p, guint rank)
{
	return p->words[MIN(rank, PROSE_WORDS - 1)];
}

static char *invent_word(guint rank)
{
	static const char *const starts[] = { "b", "br", "c", "cl", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v" };
	static const char *const middles[] = { "a", "e", "i", "o", "u", "ea", "io", "ar", "en", "or" };
	GString *word = g_string_new(NULL);
	for (guint rest = rank + 1; rest; rest /= 200)
		g_string_append_printf(word, "%s%s", starts[rest % 20], middles[rest / 20 % 10]);
	return g_string_free(word, FALSE);
}

prose *prose_new(guint32 seed)
{
	prose *p = g_new0(prose, 1);
	p->dice = g_rand_new_with_seed(seed);
	for (guint i = 0; i < PROSE_WORDS; i++)
		p->words[i] = invent_word(i);
	return p;
}

void prose_free(prose *p)
{
	for (guint i = 0; i < PROSE_WORDS; i++)
		g_free(p->words[i]);
	g_rand_free(p->dice);
	g_free(p);
}

static json_t *text_of(prose *p, guint words)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < words; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "" : i % 12 == 0 ? ". " : " ", prose_word(p, prose_rank(p, PROSE_WORDS)));
	*text->str = g_ascii_toupper(*text->str);
	return json_string(text->str);
}

static guint pool_of(const char *kind_name)
{
	return strcmp(kind_name, "organisation") == 0 ? 3000 : strcmp(kind_name, "practice") == 0 ? 90 : strcmp(kind_name, "site") == 0 ? 50000 : 500;
}

static json_t *value_of(prose *p, const field *f, guint depth);

static json_t *group_of(prose *p, const field *fields, guint depth)
{
	json_t *group = json_object();
	for (const field *f = fields; f->name; f++) {
		if (!(f->flags & FIELD_REPEATED)) {
			json_object_set_new(group, f->name, value_of(p, f, depth));
			continue;
		}
		json_t *list = json_array();
		for (guint n = 1 + prose_below(p, depth > 0 ? 2 : 4); n > 0; n--)
			json_array_append_new(list, value_of(p, f, depth));
		json_object_set_new(group, f->name, list);
	}
	return group;
}

static json_t *term_of(prose *p, const field *f)
{
	const vocabulary *v = vocabulary_get(f->of);
	return json_string(vocabulary_term(v, prose_rank(p, (guint)vocabulary_size(v)))->id);
}

/* A site as mines are drawn: 12 to 80 points around an irregular patch of 0.3 to 6 km, in one of 400 mining districts; one in ten reaches into
 * the one before it. */
static json_t *geometry_of(prose *p)
{
	json_t *ring = json_array();
	double size = 0.003 * exp(3 * g_rand_double(p->dice)), spin = g_rand_double_range(p->dice, 0, 6.28), half = size;
	guint points = 12 + prose_below(p, 69);
	if (prose_below(p, 10) == 0) {
		p->longitude += g_rand_double_range(p->dice, -half, half);
		p->latitude += g_rand_double_range(p->dice, -half, half);
	} else {
		guint district = prose_rank(p, 400);
		p->longitude = -170 + fmod(district * 137.508, 340) + g_rand_double_range(p->dice, -2, 2);
		p->latitude = -50 + fmod(district * 61.803, 110) + g_rand_double_range(p->dice, -2, 2);
	}
	for (guint i = 0; i <= points; i++) {
		double angle = 6.283185307179586 * (i % points) / points, far = size * (0.7 + 0.2 * sin(3 * angle + spin) + 0.1 * sin(7 * angle + 2 * spin));
		json_array_append_new(ring, json_pack("[ff]", round((p->longitude + far * cos(angle)) * 1e6) / 1e6, round((p->latitude + far * sin(angle)) * 1e6) / 1e6));
	}
	return json_pack("{s:s,s:[o]}", "type", "Polygon", "coordinates", ring);
}

static json_t *value_of(prose *p, const field *f, guint depth)
{
	double low = f->maximum > f->minimum ? f->minimum : 0, high = f->maximum > f->minimum ? f->maximum : 100000;
	switch (f->type) {
	case FIELD_TERM:
		return term_of(p, f);
	case FIELD_REF:
		return json_sprintf("%s-%u", f->of, prose_rank(p, pool_of(f->of)));
	case FIELD_YEAR:
		return json_integer(2026 - (json_int_t)prose_rank(p, 60));
	case FIELD_DATE:
		return json_sprintf("20%02u-%02u-%02u", 10 + prose_below(p, 16), 1 + prose_below(p, 12), 1 + prose_below(p, 28));
	case FIELD_TIME:
		return json_sprintf("%02u:%02u", prose_below(p, 24), prose_below(p, 60));
	case FIELD_NUMBER:
		return json_real(round(g_rand_double_range(p->dice, low, high) * 100) / 100);
	case FIELD_COUNT:
		return json_integer((json_int_t)g_rand_double_range(p->dice, low, high));
	case FIELD_YESNO:
		return json_boolean(prose_below(p, 2));
	case FIELD_URL:
		return json_sprintf("https://example.org/%u", prose_below(p, 1000000));
	case FIELD_SHA256:
		return json_sprintf("%08x%056x", prose_below(p, G_MAXINT32), prose_below(p, G_MAXINT32));
	case FIELD_SOURCE:
		return json_integer(1);
	case FIELD_GEOMETRY:
		return geometry_of(p);
	case FIELD_GROUP:
		return group_of(p, f->fields, depth + 1);
	case FIELD_TEXT:
		return text_of(p, depth > 0 ? 12 + prose_below(p, 12) : f->flags & FIELD_REPEATED ? 20 + prose_below(p, 20) : 60 + prose_below(p, 60));
	case FIELD_LINE:
		return text_of(p, 3 + prose_below(p, 6));
	}
	g_assert_not_reached();
}

json_t *prose_body(prose *p, const kind *k)
{
	return group_of(p, k->fields, 0);
}
