#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/canonical.h"
#include "base/language.h"
#include "record/bounds.h"
#include "record/validate.h"

static json_t *sample(const char *kind_name)
{
	g_autofree char *path = g_build_filename(g_getenv("AFTERMINE_SOURCE"), "tests", "record", "samples.json", NULL);
	json_auto_t *file = json_load_file(path, 0, NULL);
	assert_non_null(file);
	return json_deep_copy(json_object_get(file, kind_name));
}

/* The faults of a sample with some members changed: "name=json" or "name" alone to remove it; several, ended by NULL. */
static GPtrArray *faults_with(const char *kind_name, const char *const *changes)
{
	json_auto_t *body = sample(kind_name);
	for (; *changes; changes++) {
		g_auto(GStrv) parts = g_strsplit(*changes, "=", 2);
		if (parts[1])
			assert_int_equal(json_object_set_new(body, parts[0], json_loads(parts[1], JSON_DECODE_ANY, NULL)), 0);
		else
			json_object_del(body, parts[0]);
	}
	return body_validate(kind_by_name(kind_name), body, NULL);
}

#define CHANGES(...) ((const char *const[]) { __VA_ARGS__, NULL })

static void assert_one_fault(const char *kind_name, const char *const *changes, const char *pointer, const char *message)
{
	g_autoptr(GPtrArray) faults = faults_with(kind_name, changes);
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		assert_true(strlen(f->remedy) > 5);
		if (faults->len != 1)
			print_message("%s: %s\n", f->pointer, f->message);
	}
	assert_int_equal(faults->len, 1);
	const fault *f = faults->pdata[0];
	assert_string_equal(f->pointer, pointer);
	if (!strstr(f->message, message))
		fail_msg("\"%s\" does not say \"%s\"", f->message, message);
}

static void rules_over_several_fields_name_the_field_and_the_remedy(void **state)
{
	(void)state;
	assert_one_fault("case", CHANGES("start_year=1990", "end_year=1980"), "/end_year", "lies before");
	assert_one_fault("case", CHANGES("latitude"), "/longitude", "without latitude");
	assert_one_fault("organisation", CHANGES("membership={\"role\":\"member\",\"since\":\"2020-05\",\"until\":\"2020-04-30\"}"), "/membership/until", "lies before");
	assert_one_fault("pledge", CHANGES("milestones=[{\"target\":3,\"date\":\"2028\"}]"), "/milestones/0/target", "there is no target 3");
	assert_one_fault("pledge", CHANGES("milestones=[{\"target\":1,\"date\":\"2031-01\"}]"), "/milestones/0/date", "after the deadline");
	assert_one_fault("pledge", CHANGES("targets=[{\"metric\":\"net-gain\",\"baseline_year\":2020,\"target_year\":2019}]", "milestones"), "/targets/0/target_year", "lies before");
	assert_one_fault("pledge", CHANGES("withdrawn_on=\"2026\""), "/withdrawal_reason", "without a reason");
	assert_one_fault("pledge", CHANGES("reply"), "/replied_on", "without reply");
	assert_one_fault("progress", CHANGES("nothing_to_report=true"), "/nothing_to_report", "beside figures");
	assert_one_fault("progress", CHANGES("pledge"), "/pledge", "about nothing");
	assert_one_fault("measurement", CHANGES("results=[{\"quantity\":\"area-stable\",\"value\":5,\"low\":6,\"high\":9,\"unit\":\"ha\"}]"), "/results/0/value", "lies before");
	assert_one_fault("measurement", CHANGES("results=[{\"quantity\":\"area-stable\"}]"), "/results/0", "neither a value nor a note");
	assert_one_fault("review", CHANGES("case=\"sudbury-regreening\""), "", "several records");
	assert_one_fault("review", CHANGES("replies"), "/state", "no reply");
	assert_one_fault("finance", CHANGES("worldwide"), "/countries", "no geography");
	assert_one_fault("project", CHANGES("currency"), "/cost", "without currency");
	assert_one_fault("offer", CHANGES("amount_up_to=10"), "/amount_up_to", "lies before");
	assert_one_fault("meeting", CHANGES("actions=[{\"what\":\"x\",\"owner\":\"a\",\"due\":\"2026\",\"state\":\"done\"}]"), "/actions/0/done_on", "no date");
	assert_one_fault("forum", CHANGES("starts=\"25:00\""), "/starts", "not a time of day");
	assert_one_fault("forum", CHANGES("ends=\"09:00\""), "/ends", "before it starts");
	assert_one_fault("policy", CHANGES("in_force_since=\"2013\"", "in_force_until=\"2012\""), "/in_force_until", "lies before");
}

static void a_boundary_that_crosses_itself_is_told_with_its_place(void **state)
{
	(void)state;
	assert_one_fault("site", CHANGES("geometry={\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}"), "/geometry",
		"crosses itself, at longitude 1, latitude 1");
}

/* Rule 4 of the product page. */
static void a_land_account_must_balance_row_by_row_and_as_a_whole(void **state)
{
	(void)state;
	assert_one_fault("progress", CHANGES("newly_disturbed=25"), "/newly_disturbed", "20 ha in all");
	assert_one_fault("progress", CHANGES("newly_disturbed", "land_account=[{\"stage\":\"disturbed\",\"opening\":100,\"gained\":20,\"lost\":30,\"closing\":91}]"), "/land_account/0/closing", "does not balance");
	g_autoptr(GPtrArray) rounded = faults_with("progress", CHANGES("newly_disturbed", "land_account=[{\"stage\":\"disturbed\",\"opening\":100.004,\"gained\":20,\"lost\":30,\"closing\":90.01}]"));
	assert_int_equal(rounded->len, 0);
}

/* Rule 1 of the product page. */
static void a_figure_must_name_a_source_that_exists(void **state)
{
	(void)state;
	assert_one_fault("policy", CHANGES("figures=[{\"what\":\"levy\",\"value\":1,\"unit\":\"%\"}]"), "/figures/0/source", "is missing");
	assert_one_fault("policy", CHANGES("figures=[{\"what\":\"levy\",\"value\":1,\"unit\":\"%\",\"source\":77}]"), "/figures/0/source", "no source 77");
	assert_one_fault("offer", CHANGES("sources=[{\"n\":2,\"title\":\"a\",\"kind\":\"media\"},{\"n\":2,\"title\":\"b\",\"kind\":\"media\"}]"), "/sources/1/n", "two sources");
}

/* Rule 11 of the product page. */
static void a_case_without_what_did_not_work_is_not_accepted(void **state)
{
	(void)state;
	assert_one_fault("case", CHANGES("limits"), "/limits", "What did not work is missing");
}

static void every_fault_is_reported_not_the_first_alone_and_in_the_order_of_the_document(void **state)
{
	(void)state;
	json_auto_t *body = json_loads("{\"evidence_grade\":\"Z\",\"title\":\"\",\"a/b~c\":1,\"themes\":[\"circular economie\"]}", 0, NULL);
	g_autoptr(GPtrArray) faults = body_validate(kind_by_name("case"), body, NULL);
	static const char *const pointers[] = { "/evidence_grade", "/title", "/a~1b~0c", "/themes/0", "/summary" };
	assert_true(faults->len > G_N_ELEMENTS(pointers));
	for (gsize i = 0; i < G_N_ELEMENTS(pointers); i++)
		assert_string_equal(((fault *)faults->pdata[i])->pointer, pointers[i]);
	assert_string_equal(((fault *)faults->pdata[3])->remedy, "Did you mean \"circular-economy\"?");
}

static gboolean only_vale(gpointer data, const char *kind_name, const char *id)
{
	(void)data;
	return strcmp(kind_name, "organisation") == 0 && strcmp(id, "vale") == 0;
}

static void references_are_followed_when_somebody_can_answer(void **state)
{
	(void)state;
	json_auto_t *body = sample("organisation");
	record_lookup lookup = { only_vale, NULL };
	json_object_set_new(body, "parent", json_string("vale"));
	g_autoptr(GPtrArray) none = body_validate(kind_by_name("organisation"), body, &lookup);
	assert_int_equal(none->len, 0);
	json_object_set_new(body, "parent", json_string("wale"));
	g_autoptr(GPtrArray) one = body_validate(kind_by_name("organisation"), body, &lookup);
	assert_int_equal(one->len, 1);
	assert_string_equal(((fault *)one->pdata[0])->pointer, "/parent");
}

static void what_is_too_large_is_refused_without_reading_on(void **state)
{
	(void)state;
	json_auto_t *body = sample("case");
	g_autofree char *text = g_strnfill(LIMIT_TEXT + 1, 'x');
	json_object_set_new(body, "summary", json_string(text));
	g_autoptr(GPtrArray) faults = body_validate(kind_by_name("case"), body, NULL);
	assert_int_equal(faults->len, 1);
	assert_non_null(strstr(((fault *)faults->pdata[0])->message, "20001"));

	json_t *list = json_array();
	for (int i = 0; i < LIMIT_LIST + 1; i++)
		json_array_append_new(list, json_string("lesson"));
	json_object_set_new(body, "summary", json_string("short"));
	json_object_set_new(body, "lessons", list);
	g_autoptr(GPtrArray) many = body_validate(kind_by_name("case"), body, NULL);
	assert_int_equal(many->len, 1);
	assert_string_equal(((fault *)many->pdata[0])->pointer, "/lessons");

	g_autofree char *huge = g_strnfill(LIMIT_RECORD, 'x');
	json_object_set_new(body, "lessons", json_string(huge));
	g_autoptr(GPtrArray) record_too_large = body_validate(kind_by_name("case"), body, NULL);
	assert_int_equal(record_too_large->len, 1);
	assert_string_equal(((fault *)record_too_large->pdata[0])->pointer, "");

	json_auto_t *list_instead = json_array();
	g_autoptr(GPtrArray) wrong = body_validate(kind_by_name("case"), list_instead, NULL);
	assert_int_equal(wrong->len, 1);
}

static void assert_normal(const char *kind_name, const char *before, const char *after)
{
	json_auto_t *body = json_loads(before, JSON_ALLOW_NUL, NULL);
	json_auto_t *clean = body_normalise(kind_by_name(kind_name), body);
	g_autofree char *text = canonical_text(clean, NULL, NULL);
	assert_string_equal(text, after);
	json_auto_t *again = body_normalise(kind_by_name(kind_name), clean);
	assert_true(json_equal(clean, again));
}

static void a_body_is_cleaned_as_its_canonical_form_wants_it(void **state)
{
	(void)state;
	assert_normal("organisation", "{\"name\":\"  Two \\n words\\t\",\"aliases\":[\"\",null,\" \"],\"country\":null,\"membership\":{},\"website\":\"\"}", "{\"name\":\"Two words\"}");
	assert_normal("organisation", "{\"name\":\"Cafe\\u0301\"}", "{\"name\":\"Caf\xc3\xa9\"}");
	assert_normal("case", "{\"country\":\"Canada\",\"themes\":\"Circular economy\",\"evidence_grade\":\"B (government or independently audited)\",\"stage\":\"strange\"}",
	    "{\"country\":\"CAN\",\"evidence_grade\":\"B\",\"stage\":\"strange\",\"themes\":[\"circular-economy\"]}");
	assert_normal("case", "{\"latitude\":\"46.49\",\"longitude\":\"1,234\",\"start_year\":1978.0,\"end_year\":\"1e3\"}", "{\"end_year\":1000,\"latitude\":46.49,\"longitude\":\"1,234\",\"start_year\":1978}");
	assert_normal("case", "{\"summary\":\" one\\r\\n\\r\\ntwo\\rthree \\n\"}", "{\"summary\":\"one\\n\\ntwo\\nthree\"}");
	assert_normal("progress", "{\"nothing_to_report\":\"No\",\"reported_on\":2024,\"unknown\":[null]}", "{\"nothing_to_report\":false,\"reported_on\":\"2024\",\"unknown\":[null]}");
	assert_normal("case", "{\"title\":\"zero\\u0000byte\"}", "{\"title\":\"zero\\u0000byte\"}");
}

static void faults_are_told_in_the_language_the_thread_speaks(void **state)
{
	(void)state;
	language_speak(language_get("en-XA"));
	g_autoptr(GPtrArray) faults = faults_with("case", CHANGES("limits"));
	language_speak(NULL);
	const fault *f = faults->pdata[0];
	assert_int_equal(faults->len, 1);
	assert_true(*f->message == '[' && *f->remedy == '[');
	assert_null(strstr(f->message, "What did not work"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_over_several_fields_name_the_field_and_the_remedy),
		cmocka_unit_test(a_boundary_that_crosses_itself_is_told_with_its_place),
		cmocka_unit_test(a_land_account_must_balance_row_by_row_and_as_a_whole),
		cmocka_unit_test(a_figure_must_name_a_source_that_exists),
		cmocka_unit_test(a_case_without_what_did_not_work_is_not_accepted),
		cmocka_unit_test(every_fault_is_reported_not_the_first_alone_and_in_the_order_of_the_document),
		cmocka_unit_test(references_are_followed_when_somebody_can_answer),
		cmocka_unit_test(faults_are_told_in_the_language_the_thread_speaks),
		cmocka_unit_test(what_is_too_large_is_refused_without_reading_on),
		cmocka_unit_test(a_body_is_cleaned_as_its_canonical_form_wants_it),
	};
	return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
