#include "web/view.h"

#include <math.h>
#include <string.h>

#include "record/vocabulary.h"

#define MESSAGE_NAMES 24

typedef struct placeholder {
	const char *name, *value;
} placeholder;

/* The value of the placeholder that begins at the brace, and where it ends; NULL: it is none of these. */
static const char *placeholder_value(const char *brace, const placeholder *known, guint n, const char **after)
{
	for (guint i = 0; i < n; i++) {
		gsize length = strlen(known[i].name);
		if (strncmp(brace + 1, known[i].name, length) == 0 && brace[1 + length] == '}') {
			*after = brace + 1 + length + 1;
			return known[i].value;
		}
	}
	return NULL;
}

char *view_message(const char *message, ...)
{
	placeholder known[MESSAGE_NAMES];
	guint n = 0;
	va_list arguments;
	va_start(arguments, message);
	for (const char *name; (name = va_arg(arguments, const char *)); n++) {
		const char *value = va_arg(arguments, const char *);
		g_assert(n < MESSAGE_NAMES);
		known[n] = (placeholder){ name, value ? value : "" };
	}
	va_end(arguments);
	GString *text = g_string_sized_new(strlen(message) + 32);
	const char *plain = message;
	for (const char *at = message, *after; (at = strchr(at, '{'));) {
		const char *value = placeholder_value(at, known, n, &after);
		if (!value) {
			at++;
			continue;
		}
		g_string_append_len(text, plain, at - plain);
		g_string_append(text, value);
		plain = at = after;
	}
	g_string_append(text, plain);
	return g_string_free(text, FALSE);
}

char *view_count(const language *l, const char *one, const char *many, guint64 n)
{
	g_autofree char *number = language_number(l, (double)n, 0);
	return view_message(language_plural(l, one, many, n), "n", number, NULL);
}

void view_put(json_t *object, const char *name, const char *text)
{
	/* Text was checked at the door, and names are ours. */
	json_object_set_new_nocheck(object, name, text ? json_string_nocheck(text) : json_null());
}

void view_take(json_t *object, const char *name, char *text)
{
	view_put(object, name, text);
	g_free(text);
}

char *view_shorten(const char *text, glong characters)
{
	if (g_utf8_strlen(text, -1) <= characters)
		return g_strdup(text);
	const char *end = g_utf8_offset_to_pointer(text, characters), *word = end;
	while (word > text && *word != ' ')
		word--;
	if (word == text)
		word = end;
	return g_strdup_printf("%.*s …", (int)(word - text), text);
}

char *view_address(const request *r, const char *path)
{
	const char *day = request_as_of(r), *fragment = strchrnul(path, '#');
	if (!day)
		return g_strconcat(request_root(r), path, NULL);
	g_autofree char *page = g_strndup(path, (gsize)(fragment - path));
	return g_strconcat(request_root(r), page, strchr(page, '?') ? "&as-of=" : "?as-of=", day, fragment, NULL);
}

char *view_record_address(const request *r, const kind *k, const char *id)
{
	const char *day = request_as_of(r);
	return g_strconcat(request_root(r), "/", k->plural, "/", id, day ? "?as-of=" : NULL, day, NULL);
}

char *view_record_title(const request *r, const char *kind_name, const char *id)
{
	char *title = store_title(request_reader(r), kind_name, id, request_as_of(r), NULL);
	return title ? title : g_strdup(id);
}

const char *view_copy(const request *r, const char *text)
{
	return text ? pool_text(request_pool(r), text, strlen(text)) : NULL;
}

const char *view_own(const request *r, char *text)
{
	const char *own = view_copy(r, text);
	g_free(text);
	return own;
}

/* The label of a term; the id itself where there is no such term. */
static const char *term_label(const request *r, const char *vocabulary_id, const char *id)
{
	const language *l = request_language(r);
	gboolean country = strcmp(vocabulary_id, "countries") == 0;
	const term *t = country ? NULL : vocabulary_find(vocabulary_get(vocabulary_id), id);
	const char *label = country ? language_country_name(l, id) : t ? language_text(l, t->label) : NULL;
	return label ? label : id;
}

static const char *number_text(const request *r, double value, int max_decimals)
{
	char plain[LANGUAGE_NUMBER];
	gboolean written = language_number_into(request_language(r), value, max_decimals, plain);
	return written ? view_copy(r, plain) : view_own(r, language_number(request_language(r), value, max_decimals));
}

const char *view_number(const request *r, double value)
{
	return number_text(r, value, 0);
}

/* What a text stands for; a store's facets give years, and yes and no, as text too. */
static char *text_value(const request *r, const field *f, const char *text)
{
	const language *l = request_language(r);
	switch (f->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_URL:
	case FIELD_TIME:
	case FIELD_SHA256:
	case FIELD_YEAR:
	case FIELD_SOURCE:
		return g_strdup(text);
	case FIELD_TERM:
		return g_strdup(term_label(r, f->of, text));
	case FIELD_REF:
		return view_record_title(r, f->of, text);
	case FIELD_DATE:
		return language_date(l, text);
	case FIELD_YESNO:
		return g_strdup(strcmp(text, "true") == 0 || strcmp(text, "yes") == 0 ? language_text(l, "yes") : language_text(l, "no"));
	default:
		return NULL;
	}
}

static char *number_value(const request *r, const field *f, double number)
{
	if (f->type == FIELD_YEAR || f->type == FIELD_SOURCE)
		return g_strdup_printf("%.0f", number);
	if (f->type != FIELD_NUMBER && f->type != FIELD_COUNT)
		return NULL;
	g_autofree char *written = language_number(request_language(r), number, 6);
	return f->unit ? g_strconcat(written, " ", f->unit, NULL) : g_steal_pointer(&written);
}

char *view_value(const request *r, const field *f, const json_t *value)
{
	const char *text = json_is_boolean(value) ? json_is_true(value) ? "true" : "false" : json_string_value(value);
	return text ? text_value(r, f, text) : json_is_number(value) ? number_value(r, f, json_number_value(value)) : NULL;
}

const char *view_facet_label(const request *r, const field *f, const char *value)
{
	return f->type == FIELD_TERM ? term_label(r, f->of, value) : view_own(r, text_value(r, f, value));
}

char *view_value_address(const request *r, const kind *k, const char *path, const json_t *value)
{
	const field *f = kind_field(k, path);
	const char *text = json_string_value(value);
	if (!f || !text)
		return NULL;
	if (f->type == FIELD_URL)
		return g_strdup(text);
	if (f->type == FIELD_REF) {
		const kind *other = kind_by_name(f->of);
		return other ? view_record_address(r, other, text) : NULL;
	}
	if (f->type == FIELD_TERM && !strcmp(f->of, "countries")) {
		g_autofree char *country = g_strdup_printf("/countries/%s", text);
		return view_address(r, country);
	}
	if (!(f->flags & FIELD_FACET))
		return NULL;
	g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
	g_autofree char *list = g_strdup_printf("/%s?%s=%s", k->plural, path, escaped);
	return view_address(r, list);
}

/* The texts of values, each once. */
typedef struct said {
	const char *text;
	struct said *next;
} said;

typedef struct saying {
	const request *r;
	const field *f;
	said *first;
	gsize length; /* of all, joined */
} saying;

static void say(saying *s, const char *text)
{
	said **at = &s->first;
	if (!text)
		return;
	for (; *at; at = &(*at)->next)
		if (strcmp((*at)->text, text) == 0)
			return;
	*at = pool_take(request_pool(s->r), sizeof **at);
	(*at)->text = text;
	s->length += strlen(text) + strlen(", ");
}

static void say_value(const json_t *value, gpointer data)
{
	saying *s = data;
	say(s, json_is_string(value) ? view_facet_label(s->r, s->f, json_string_value(value)) : view_own(s->r, view_value(s->r, s->f, value)));
}

static const char *joined(const saying *s)
{
	if (!s->first)
		return NULL;
	char *whole = pool_take(request_pool(s->r), s->length), *end = stpcpy(whole, s->first->text);
	for (const said *more = s->first->next; more; more = more->next)
		end = stpcpy(stpcpy(end, ", "), more->text);
	return whole;
}

char *view_values(const request *r, const record *rec, const char *path)
{
	saying s = { .r = r, .f = kind_field(rec->kind, path) };
	if (s.f)
		body_each_value(rec->body, path, say_value, &s);
	return g_strdup(joined(&s));
}

const char *view_brief_values(const request *r, const store_hit *hit, const char *path)
{
	saying s = { .r = r, .f = kind_field(hit->kind, path) };
	for (const canonical_leaf *leaf = s.f ? canonical_leaf_at(hit->brief, path) : NULL; leaf; leaf = canonical_leaf_at(leaf->next, path))
		say(&s, leaf->text ? view_facet_label(r, s.f, leaf->text) : view_own(r, number_value(r, s.f, leaf->number)));
	return joined(&s);
}

view_amount view_amount_of(const json_t *group, const char *value_name)
{
	const json_t *value = json_object_get(group, value_name);
	return (view_amount){ .value = json_is_number(value) ? json_number_value(value) : NAN, .unit = json_string_value(json_object_get(group, "unit")),
		.unit_as_stated = json_string_value(json_object_get(group, "unit_as_stated")), .currency = json_string_value(json_object_get(group, "currency")) };
}

const char *view_amount_text(const request *r, const view_amount *amount, const char **unit)
{
	gboolean known = !isnan(amount->value), dated = known && g_strcmp0(amount->unit, "calendar year") == 0; /* 2015, not "2,015 years" */
	*unit = dated ? NULL : view_copy(r, amount->unit_as_stated ? amount->unit_as_stated : amount->unit ? term_label(r, "units", amount->unit) : amount->currency);
	return dated ? view_own(r, g_strdup_printf("%.0f", amount->value)) : known ? number_text(r, amount->value, 6) : NULL;
}

json_t *view_quantity(const request *r, const json_t *group, const char *value_name)
{
	json_t *figure = json_object();
	const view_amount amount = view_amount_of(group, value_name);
	const char *unit, *value = view_amount_text(r, &amount, &unit);
	view_put(figure, "value", value);
	view_put(figure, "unit", unit);
	return figure;
}

const char *view_dated(const request *r, const char *what, gint64 year)
{
	char number[24];
	g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, year);
	return !year || strstr(what, number) ? view_copy(r, what) : pool_join(request_pool(r), what, ", ", number, NULL);
}

static void add_piece(json_t *pieces, const char *text, gsize n, json_t *ref)
{
	if (n || ref)
		json_array_append_new(pieces, json_pack("{s:o, s:o}", "text", json_stringn(text, n), "ref", ref ? ref : json_null()));
}

json_t *view_pieces(const char *text)
{
	json_t *pieces = json_array();
	const char *from = text, *at = text;
	while ((at = strchr(at, '['))) {
		char *end;
		guint64 n = g_ascii_isdigit(at[1]) ? g_ascii_strtoull(at + 1, &end, 10) : 0;
		if (n && n < 1000 && *end == ']') {
			add_piece(pieces, from, (gsize)(at - from), NULL);
			add_piece(pieces, "", 0, json_integer((json_int_t)n));
			from = at = end + 1;
		} else {
			at++;
		}
	}
	add_piece(pieces, from, strlen(from), NULL);
	return pieces;
}

json_t *view_prose(const char *text)
{
	json_t *paragraphs = json_array();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		if (*g_strstrip(*line))
			json_array_append_new(paragraphs, json_pack("{s:o}", "pieces", view_pieces(*line)));
	return json_pack("{s:o}", "paragraphs", paragraphs);
}

/* The store sets matches between these two private-use characters. */
#define HIT_START "\xEE\x80\x80"
#define HIT_END "\xEE\x80\x81"

/* Where a mark stands, or else the end. */
static const char *find_mark(const char *text, const char *mark)
{
	const char *found = strstr(text, mark);
	return found ? found : text + strlen(text);
}

/* Each line of a snippet is a field of its own. */
static const char *lines_joined(const request *r, const char *text, gsize n)
{
	if (!memchr(text, '\n', n))
		return pool_text(request_pool(r), text, n);
	g_autofree char *piece = g_strndup(text, n);
	g_auto(GStrv) lines = g_strsplit(piece, "\n", -1);
	return view_own(r, g_strjoinv(" · ", lines));
}

mustache_list *view_marked(const request *r, const char *snippet)
{
	enum { TEXT, HIT };
	static const char *const members[] = { [TEXT] = "text", [HIT] = "hit", NULL };
	mustache_list *pieces = mustache_list_new(request_pool(r), members);
	for (const char *at = snippet; at && *at;) {
		const char *hit = find_mark(at, HIT_START), *begins = *hit ? hit + strlen(HIT_START) : hit, *ends = find_mark(begins, HIT_END);
		mustache_cell *piece = mustache_list_add(pieces);
		piece[TEXT].text = lines_joined(r, at, (gsize)(hit - at));
		piece[HIT].text = lines_joined(r, begins, (gsize)(ends - begins));
		at = *ends ? ends + strlen(HIT_END) : NULL;
	}
	return pieces;
}

static json_t *values_view(const request *r, const record *rec, const char *path, const field *f)
{
	json_t *list = json_array();
	g_autoptr(GPtrArray) values = body_values(rec->body, path);
	for (guint i = 0; i < values->len; i++) {
		const json_t *value = g_ptr_array_index(values, i);
		g_autofree char *text = view_value(r, f, value);
		if (!text)
			continue;
		json_t *item = json_pack("{s:n}", "note");
		view_put(item, "text", text);
		view_take(item, "href", view_value_address(r, rec->kind, path, value));
		json_object_set_new(item, "last", json_boolean(i + 1 == values->len));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *field_view(const request *r, const record *rec, const field *f)
{
	json_t *value = json_object_get(rec->body, f->name);
	if (!value || f->type == FIELD_GROUP || f->type == FIELD_GEOMETRY)
		return json_null();
	json_t *view;
	if (f->type == FIELD_TEXT && !(f->flags & FIELD_REPEATED)) {
		view = view_prose(json_string_value(value));
	} else if (f->type == FIELD_TEXT) {
		view = json_object();
		json_t *items = json_array(), *item;
		gsize i;
		json_array_foreach(value, i, item)
			json_array_append_new(items, json_pack("{s:o}", "pieces", view_pieces(json_string_value(item))));
		json_object_set_new(view, "items", items);
	} else {
		view = json_pack("{s:o}", "values", values_view(r, rec, f->name, f));
		view_take(view, "text", view_values(r, rec, f->name));
	}
	view_put(view, "label", language_text(request_language(r), f->label));
	return view;
}

json_t *view_record(const request *r, const record *rec)
{
	json_t *view = json_object(), *fields = json_object();
	view_put(view, "id", rec->id);
	view_take(view, "address", view_record_address(r, rec->kind, rec->id));
	view_put(view, "kind", language_text(request_language(r), rec->kind->label));
	view_put(view, "title", record_title(rec));
	view_put(view, "summary", record_summary(rec));
	for (const field *f = rec->kind->fields; f->name; f++)
		json_object_set_new(fields, f->name, field_view(r, rec, f));
	json_object_set_new(view, "f", fields);
	return view;
}

#define FACT_VALUES 6

/* A fact of many values: those after the first few, for a fold; null where all are shown. */
static json_t *fact_rest(const request *r, json_t *values)
{
	gsize n = json_array_size(values);
	if (n <= FACT_VALUES + 1)
		return json_null();
	json_t *rest = json_object(), *list = json_array();
	for (gsize i = FACT_VALUES; i < n; i++)
		json_array_append(list, json_array_get(values, i));
	while (json_array_size(values) > FACT_VALUES)
		json_array_remove(values, json_array_size(values) - 1);
	view_take(rest, "label", view_count(request_language(r), "{n} more", "{n} more", n - FACT_VALUES));
	json_object_set_new(rest, "values", list);
	return rest;
}

json_t *view_facts(const request *r, const record *rec, const char *const *paths)
{
	const language *l = request_language(r);
	json_t *facts = json_array();
	for (const char *const *p = paths; *p; p++) {
		gboolean asked = **p == '+';
		const char *path = *p + asked;
		const field *f = kind_field(rec->kind, path);
		if (!f)
			continue;
		json_t *values = values_view(r, rec, path, f);
		if (!json_array_size(values) && asked)
			json_array_append_new(values, json_pack("{s:n, s:n, s:s}", "href", "text", "note", language_text(l, "not reported")));
		if (json_array_size(values)) {
			json_t *rest = fact_rest(r, values);
			json_array_append_new(facts, json_pack("{s:s, s:O, s:o}", "label", language_text(l, f->label), "values", values, "rest", rest));
		}
		json_decref(values);
	}
	return facts;
}

json_t *view_sources(const request *r, const json_t *body)
{
	json_t *sources = json_array(), *source;
	gsize i;
	json_array_foreach(json_object_get(body, "sources"), i, source) {
		const char *kind_of = json_string_value(json_object_get(source, "kind"));
		json_t *view = json_object(), *year = json_object_get(source, "year");
		json_object_set(view, "n", json_object_get(source, "n"));
		view_put(view, "title", json_string_value(json_object_get(source, "title")));
		view_put(view, "href", json_string_value(json_object_get(source, "url")));
		view_put(view, "publisher", json_string_value(json_object_get(source, "publisher")));
		json_object_set_new(view, "year", year ? json_incref(year) : json_null());
		view_take(view, "kind", kind_of ? g_strdup(term_label(r, "source-kinds", kind_of)) : NULL);
		json_array_append_new(sources, view);
	}
	return sources;
}

json_t *view_breadcrumbs(const char *label, ...)
{
	json_t *crumbs = json_array();
	va_list arguments;
	va_start(arguments, label);
	while (label) {
		const char *address = va_arg(arguments, const char *);
		json_t *crumb = json_object();
		view_take(crumb, "label", view_shorten(label, 60));
		view_put(crumb, "href", address);
		json_array_append_new(crumbs, crumb);
		label = address ? va_arg(arguments, const char *) : NULL;
	}
	va_end(arguments);
	return crumbs;
}
