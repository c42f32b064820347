#include "tests/rules/cases.h"

#include "rules/alignment.h"

static json_t *words_or_null(const char *word)
{
	return strcmp(word, "-") == 0 ? NULL : json_string(word);
}

static json_t *told_sites(const char *text)
{
	static const char *const names[] = {"country", "biome", "duty"};
	json_t *list = json_array();
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	for (char **p = parts; *p; p++) {
		if (!*g_strstrip(*p))
			continue;
		g_auto(GStrv) words = g_strsplit(*p, " ", -1);
		json_t *site = json_object();
		for (guint i = 0; i < G_N_ELEMENTS(names); i++)
			json_object_set_new(site, names[i], words_or_null(words[i]));
		json_array_append_new(list, site);
	}
	return list;
}

static json_t *told_ldn_target(const char *text)
{
	if (!*text)
		return NULL;
	json_auto_t *years = NULL;
	g_auto(GStrv) words = g_strsplit(text, " ", 3);
	g_autofree char *line = g_strdup_printf("- - x %s", words[1]);
	json_t *target = json_pack("{s:s}", "country", words[0]);
	years = told_target(line);
	json_object_set(target, "baseline_year", json_object_get(years, "baseline_year"));
	json_object_set(target, "target_year", json_object_get(years, "target_year"));
	if (words[2])
		json_object_set_new(target, "biomes", told_words(words[2]));
	return target;
}

/* Bodies of reviews; the countries of their reviewers, kept inside them. */
static json_t *told_reviews(const char *text)
{
	json_t *list = json_array();
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	for (char **p = parts; *p; p++) {
		if (!*g_strstrip(*p))
			continue;
		g_auto(GStrv) words = g_strsplit(*p, " ", -1);
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:s*}", "role", words[0], "made_on", words[1], "counts_towards_target", strcmp(words[2], "yes") == 0,
			"state", "open", "country", words[3]));
	}
	return list;
}

static json_t **items_of(const json_t *list)
{
	json_t **items = g_new0(json_t *, json_array_size(list) + 1);
	for (gsize i = 0; i < json_array_size(list); i++)
		items[i] = json_array_get(list, i);
	return items;
}

static char *align(char **cells, guint n)
{
	(void)n;
	json_auto_t *sites = told_sites(cells[2]), *target = told_ldn_target(cells[3]), *reviews = told_reviews(cells[6]);
	json_auto_t *pledge = json_pack("{s:[o], s:o, s:o}", "targets", told_target(cells[0]), "countries", told_words(cells[1]), "sites", json_array());
	for (gsize i = 0; i < json_array_size(sites); i++)
		json_array_append_new(json_object_get(pledge, "sites"), json_sprintf("s%zu", i));
	g_autofree json_t **site_items = items_of(sites), **review_items = items_of(reviews);
	g_autofree const char **countries = g_new0(const char *, json_array_size(reviews) + 1);
	for (gsize i = 0; i < json_array_size(reviews); i++)
		countries[i] = json_string_value(json_object_get(review_items[i], "country"));
	char *end = NULL;
	guint mapped = (guint)g_ascii_strtoull(cells[4], &end, 10), all = *end == '/' ? (guint)g_ascii_strtoull(end + 1, &end, 10) : 0;
	const land_totals land = {.gross = 100, .net = 100, .contested = g_ascii_strtod(end, NULL), .mapped = mapped, .sites = all};
	const alignment_facts facts = {.pledge = pledge, .target = target, .sites = site_items, .n_sites = json_array_size(sites), .land = *cells[4] ? &land : NULL,
		.also_claimed = (guint)g_ascii_strtoull(cells[5], NULL, 10), .reviews = review_items, .review_countries = countries, .n_reviews = json_array_size(reviews)};
	alignment_finding findings[ALIGNMENT_QUESTIONS];
	alignment_test(&facts, "2026-11-24", findings);
	GString *out = g_string_new(NULL);
	for (int i = 0; i < ALIGNMENT_QUESTIONS; i++) {
		assert_true(strlen(findings[i].reason) > 10);
		g_string_append_c(out, "n?y"[findings[i].answer]);
	}
	g_string_append_printf(out, " %s", alignment_answer_ids[alignment_verdict(findings)]);
	return g_string_free(out, FALSE);
}

static void the_cases_hold(void **state)
{
	(void)state;
	cases_hold("alignment.txt", 8, align);
}

/* A pledge may name a site that nobody has described: then nothing is known of where it lies. */
static void a_site_that_is_not_known_answers_nothing(void **state)
{
	(void)state;
	json_auto_t *pledge = json_pack("{s:[o], s:[s], s:[s, s]}", "targets", told_target("100 ha area-restored 2020-2030"), "countries", "MNG", "sites", "a", "b");
	json_auto_t *site = json_pack("{s:s, s:s}", "country", "MNG", "biome", "steppe"), *target = told_ldn_target("MNG 2015-2030 steppe");
	json_t *sites[] = {site, NULL};
	const alignment_facts facts = {.pledge = pledge, .target = target, .sites = sites, .n_sites = 2};
	alignment_finding findings[ALIGNMENT_QUESTIONS];
	alignment_test(&facts, "2026-11-24", findings);
	assert_int_equal(findings[ALIGN_LAND].answer, ALIGNED_UNKNOWN);
	assert_int_equal(findings[ALIGN_AREA].answer, ALIGNED_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cases_hold),
		cmocka_unit_test(a_site_that_is_not_known_answers_nothing),
	};
	return cmocka_run_group_tests_name("alignment", tests, NULL, NULL);
}
