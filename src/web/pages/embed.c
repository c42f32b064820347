/* What other sites can show of a record or a country: a badge, a card in a frame, a picture for links; and the page that says how. */
#include <string.h>

#include "publish/card.h"
#include "record/vocabulary.h"
#include "web/pages/families.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"
#include "web/pages/site.h"

/* What is shown of a subject; texts owned, NULL where there is none. */
typedef struct subject {
	const char *kicker;
	char *title, *mark, *sentence;
	gboolean loud;
} subject;

static void subject_clear(subject *s)
{
	g_free(s->title), g_free(s->mark), g_free(s->sentence);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(subject, subject_clear)

/* ---- what a subject says ---- */

static gboolean tell_pledge(subject *s, const request *r, const board *b, const record *rec, GError **error)
{
	const board_pledge *p = board_find(b, rec->id);
	(void)error;
	if (rec->state == RECORD_WITHDRAWN || !p) {
		s->mark = g_strdup_printf("%s %s", pledge_state_words[PLEDGE_WITHDRAWN].glyph, request_text(r, pledge_state_words[PLEDGE_WITHDRAWN].label));
		s->sentence = g_strdup(rec->reason);
		return TRUE;
	}
	const pledge_state_word *word = &pledge_state_words[p->judgement.rule->state];
	s->mark = g_strdup_printf("%s %s", word->glyph, request_text(r, word->label));
	s->loud = pledge_is_loud(&p->judgement);
	s->sentence = pledge_verdict(r, &p->judgement);
	return TRUE;
}

static gboolean tell_site(subject *s, const request *r, const board *b, const record *rec, GError **error)
{
	g_auto(site_case) known = { 0 };
	if (!site_case_read(r, rec, &known, error))
		return FALSE;
	const record *newest = site_case_newest(&known);
	json_t *ids = json_pack("[s]", rec->id);
	land_totals land = board_land_of(board_land_get(b), ids);
	json_decref(ids);
	g_autofree char *hectares = land.mapped ? view_significant(r, land.net) : NULL, *year = newest ? view_values(r, newest, "period_until") : NULL;
	s->mark = year ? view_message(request_text(r, N_("measured until {year}")), "year", year, NULL) : g_strdup(request_text(r, N_("not measured")));
	s->sentence = hectares ? view_message(request_text(r, N_("{n} hectares within its boundary.")), "n", hectares, NULL) : g_strdup(request_text(r, N_("No boundary is known.")));
	return TRUE;
}

/* shared: pledges beside those of the sums that also name other countries. */
static void tell_sums(subject *s, const request *r, const pledge_sums *sums, guint shared)
{
	guint own = sums ? sums->pledges : 0, n = own + shared;
	g_autofree char *states = own ? pledge_states_text(r, sums) : NULL;
	g_autofree char *others = shared ? view_count(request_language(r), request_text(r, N_("{n} also names other countries")), request_text(r, N_("{n} also name other countries")), shared) : NULL;
	s->mark = n ? view_count(request_language(r), request_text(r, N_("{n} pledge")), request_text(r, N_("{n} pledges")), n) : g_strdup(request_text(r, N_("no pledge known")));
	s->sentence = states && others ? g_strdup_printf("%s; %s", states, others) : g_strdup(states ? states : others);
}

static gboolean tell_organisation(subject *s, const request *r, const board *b, const record *rec, GError **error)
{
	(void)error;
	tell_sums(s, r, board_organisation(b, rec->id), 0);
	return TRUE;
}

static gboolean tell_case(subject *s, const request *r, const board *b, const record *rec, GError **error)
{
	(void)b, (void)error;
	g_autofree char *grade = view_values(r, rec, "evidence_grade");
	s->mark = grade ? view_message(request_text(r, N_("Evidence: {grade}")), "grade", grade, NULL) : NULL;
	s->sentence = view_shorten(record_summary(rec), 220);
	return TRUE;
}

static const struct {
	const char *plural, *kind; /* kind NULL: countries */
	gboolean (*tell)(subject *s, const request *r, const board *b, const record *rec, GError **error);
} subjects[] = {
	{ "pledges", "pledge", tell_pledge }, { "sites", "site", tell_site }, { "organisations", "organisation", tell_organisation }, { "cases", "case", tell_case }, { "countries", NULL, NULL },
};

char *embed_address(const request *r)
{
	const char *path = request_path(r), *second = strchr(path + 1, '/');
	for (gsize i = 0; second && request_part(r, "id") && !strchr(second + 1, '/') && i < G_N_ELEMENTS(subjects); i++)
		if (strncmp(path + 1, subjects[i].plural, (gsize)(second - path - 1)) == 0 && strlen(subjects[i].plural) == (gsize)(second - path - 1))
			return g_strconcat("/embed", path, NULL);
	return NULL;
}

/* The subject the address names; FALSE: the answer is given. */
static gboolean find(subject *s, const request *r, response *out)
{
	const char *plural = request_part(r, "plural"), *id = request_part(r, "id");
	g_autoptr(GError) error = NULL;
	g_autoptr(board) b = pledge_board(r, &error);
	gsize i = 0;
	while (i < G_N_ELEMENTS(subjects) && strcmp(subjects[i].plural, plural) != 0)
		i++;
	const kind *k = i < G_N_ELEMENTS(subjects) && subjects[i].kind ? kind_by_name(subjects[i].kind) : NULL;
	g_autoptr(record) rec = k && b ? store_get(request_reader(r), k->name, id, request_as_of(r), &error) : NULL;
	gboolean country = i < G_N_ELEMENTS(subjects) && !k && vocabulary_find(vocabulary_get("countries"), id), told = FALSE;
	if (rec) {
		s->kicker = request_text(r, k->label);
		s->title = g_strdup(record_title(rec));
		told = subjects[i].tell(s, r, b, rec, &error);
	} else if (country && b) {
		guint shared = 0;
		s->kicker = request_text(r, N_("Country"));
		s->title = language_country(request_language(r), id);
		const pledge_sums *sums = board_country(b, id, &shared);
		tell_sums(s, r, sums, shared);
		told = TRUE;
	}
	if (error)
		response_error(out, r, error);
	else if (!told)
		response_problem(out, r, 404, request_text(r, N_("There is nothing to show elsewhere")),
			request_text(r, N_("Pledges, sites, organisations, cases and countries have badges and cards.")));
	return told && !error;
}

/* The page it stands for, with the day kept. */
static char *page_of(const request *r)
{
	g_autofree char *path = g_strdup_printf("/%s/%s", request_part(r, "plural"), request_part(r, "id")), *address = view_address(r, path);
	return g_strconcat(request_site_address(r), address, NULL);
}

static char *day_words(const request *r)
{
	char today[11];
	board_today(request_as_of(r), today);
	g_autofree char *date = language_date(request_language(r), today);
	return view_message(request_text(r, N_("As of {date}")), "date", date, NULL);
}

/* ---- the answers ---- */

void page_embed_badge(const request *r, response *out)
{
	g_auto(subject) s = { 0 };
	g_autoptr(GError) error = NULL;
	if (!find(&s, r, out))
		return;
	GBytes *picture = badge_make(s.title, s.mark ? s.mark : s.kicker, s.loud, page_drawing_form(r).scheme, &error);
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else
		response_error(out, r, error);
}

static void answer_picture(const request *r, response *out, const subject *s)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *day = day_words(r), *page = page_of(r), *note = g_strdup_printf("%s · %s", day, strstr(page, "://") + 3);
	const card c = { .site = request_site_name(r), .kicker = s->kicker, .title = s->title, .mark = s->mark, .loud = s->loud, .sentence = s->sentence, .note = note };
	GBytes *picture = card_make(&c, &error);
	if (!picture) {
		response_error(out, r, error);
		return;
	}
	response_bytes(out, "image/png", picture);
	response_worded(out);
}

static json_t *subject_view(const request *r, const subject *s)
{
	json_t *view = json_object();
	view_put(view, "kicker", s->kicker);
	view_put(view, "title", s->title);
	view_put(view, "mark", s->mark);
	view_put(view, "sentence", s->sentence);
	view_take(view, "page", page_of(r));
	view_take(view, "day", day_words(r));
	json_object_set_new(view, "loud", json_boolean(s->loud));
	return view;
}

void page_embed_card(const request *r, response *out)
{
	g_auto(subject) s = { 0 };
	if (!find(&s, r, out))
		return;
	if (request_format(r) == FORMAT_PNG)
		answer_picture(r, out, &s);
	else
		response_frame(out, r, "embed_card", subject_view(r, &s));
}

/* A text as it stands in HTML: what is copied is shown, and so escaped once more by the template. */
static void put_escaped(json_t *view, const char *name, const char *text)
{
	view_take(view, name, text ? g_markup_escape_text(text, -1) : NULL);
}

void page_embed(const request *r, response *out)
{
	g_auto(subject) s = { 0 };
	if (!find(&s, r, out))
		return;
	json_t *view = subject_view(r, &s), *copy = json_object();
	const char *plural = request_part(r, "plural"), *id = request_part(r, "id");
	const struct { const char *name, *path; } addresses[] = { { "badge", "badge.svg" }, { "card", "card" }, { "picture", "card.png" } };
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
		g_autofree char *path = g_strdup_printf("/embed/%s/%s/%s", plural, id, addresses[i].path), *address = view_address(r, path), *whole = g_strconcat(request_site_address(r), address, NULL);
		view_put(view, addresses[i].name, address);
		put_escaped(copy, addresses[i].name, whole);
	}
	g_autofree char *page = page_of(r), *words = g_strdup_printf("%s: %s", s.title, s.mark ? s.mark : s.kicker), *list = g_strdup_printf("/%s", plural);
	put_escaped(copy, "page", page);
	put_escaped(copy, "title", s.title);
	put_escaped(copy, "mark", s.mark);
	put_escaped(copy, "sentence", s.sentence);
	put_escaped(copy, "words", words);
	put_escaped(copy, "site", request_site_name(r));
	put_escaped(copy, "day", json_string_value(json_object_get(view, "day")));
	json_object_set_new(view, "copy", copy);
	view_put(view, "subject", s.title);
	view_take(view, "title", view_message(request_text(r, N_("Show it elsewhere: {title}")), "title", s.title, NULL));
	view_put(view, "active", list);
	json_object_set_new(view, "breadcrumbs", json_null());
	response_page(out, r, 200, "embed", view);
}
