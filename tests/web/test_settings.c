#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "web/settings.h"

static settings *load(const char *text, GError **error)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("aftermine-settings-XXXXXX", &path, NULL);
	assert_true(fd >= 0 && g_close(fd, NULL));
	assert_true(g_file_set_contents(path, text, -1, NULL));
	settings *s = settings_load(path, error);
	g_unlink(path);
	return s;
}

static void the_file_that_init_writes_changes_nothing(void **state)
{
	(void)state;
	g_autofree char *text = settings_template();
	g_autoptr(settings) s = load(text, NULL), plain = settings_load(NULL, NULL);
	assert_non_null(s);
	assert_string_equal(s->host, plain->host);
	assert_int_equal(s->port, 8080);
	assert_int_equal(s->cache_bytes, 12 << 20);
	assert_int_equal(s->rows_bytes, 512 << 20);
	assert_int_equal(s->queue, plain->queue);
	assert_string_equal(s->access_log, "access.log");
}

static void what_the_file_says_goes_before_the_defaults(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = load("[site]\nname=Land\naddress=https://land.example/\n[server]\nlisten=[::1]:81\ncache-mib=0\nqueue=3\n[log]\naccess=\n", &error);
	assert_null(error);
	assert_string_equal(s->name, "Land");
	assert_string_equal(s->host, "::1");
	assert_int_equal(s->port, 81);
	assert_int_equal(s->cache_bytes, 0);
	assert_int_equal(s->queue, 3);
	assert_string_equal(s->access_log, "");
}

static void a_wrong_setting_stops_and_says_which(void **state)
{
	(void)state;
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "[server]\nqeue=3\n", "qeue" }, { "[sever]\nqueue=3\n", "sever" }, { "[server]\nqueue=0\n", "from 1 to 10000" }, { "[server]\nqueue=-1\n", "queue" }, { "[server]\nworkers=65\n", "workers" },
		{ "[server]\nlisten=example.org:80\n", "numeric host" }, { "[server]\nlisten=127.0.0.1:99999\n", "numeric host" }, { "[server]\ntrusted-proxy=perhaps\n", "true or false" },
		{ "[site]\nname=\n", "name" }, { "not an ini file", "Key file" },
		{ "[site]\naddress=ftp://land.example\n", "address of a site" }, { "[site]\naddress=land.example\n", "address of a site" }, { "[site]\naddress=https://\n", "address of a site" },
		{ "[site]\naddress=https://land.example/a?b\n", "address of a site" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(load(cases[i].text, &error));
		if (!strstr(error->message, cases[i].said))
			fail_msg("“%s” does not say “%s”", error->message, cases[i].said);
	}
}

static void the_operators_guide_lists_every_setting_with_its_default(void **state)
{
	(void)state;
	g_autofree char *path = g_build_filename(g_getenv("AFTERMINE_SOURCE"), "docs", "operator.md", NULL), *guide = NULL, *text = settings_template();
	assert_true(g_file_get_contents(path, &guide, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		char *value = strchr(*line, '=');
		if ((*line)[0] != '#' || (*line)[1] == ' ' || !value)
			continue;
		*value++ = '\0';
		g_autofree char *row = g_strdup_printf("`%s` | %s%s%s", *line + 1, *value ? "`" : "", value, *value ? "`" : "");
		if (!strstr(guide, row))
			fail_msg("docs/operator.md has no row with %s", row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_that_init_writes_changes_nothing),
		cmocka_unit_test(what_the_file_says_goes_before_the_defaults),
		cmocka_unit_test(a_wrong_setting_stops_and_says_which),
		cmocka_unit_test(the_operators_guide_lists_every_setting_with_its_default),
	};
	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
