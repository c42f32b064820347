#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "publish/qr.h"

static const char address[] = "https://land.example.org/log/verify?of=case/giant-mine-arsenic/1";

static void the_same_text_gives_the_same_picture_with_its_quiet_zone(void **state)
{
	(void)state;
	g_autoptr(GBytes) one = qr_draw(address, "Check", DRAWING_SVG, NULL), other = qr_draw(address, "Check", DRAWING_SVG, NULL);
	assert_true(g_bytes_equal(one, other));
	g_autofree char *svg = g_strndup(g_bytes_get_data(one, NULL), g_bytes_get_size(one));
	assert_non_null(strstr(svg, "<title>Check</title>"));
	/* Version 5 (37 modules) holds 64 bytes at level M; with the quiet zone 45 modules of 4 pixels. */
	assert_non_null(strstr(svg, "width=\"180px\" height=\"180px\""));
	assert_null(strstr(svg, "M 0 "));
}

static void a_text_that_no_code_holds_is_refused(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strnfill(2001, 'a');
	assert_null(qr_draw(text, "Check", DRAWING_SVG, &error));
	assert_non_null(error);
}

/* zbar (Debian zbar-tools) reads it as a telephone does. */
static void another_program_reads_the_text(void **state)
{
	(void)state;
	g_autofree char *program = g_find_program_in_path("zbarimg"), *path = NULL;
	g_autoptr(GBytes) picture = qr_draw(address, "Check", DRAWING_PNG, NULL);
	if (!program) {
		print_message("zbarimg is not there: not read by another program\n");
		return;
	}
	int file = g_file_open_tmp("aftermine-qr-XXXXXX.png", &path, NULL);
	assert_true(file >= 0);
	g_close(file, NULL);
	assert_true(g_file_set_contents(path, g_bytes_get_data(picture, NULL), (gssize)g_bytes_get_size(picture), NULL));
	char raw[] = "--raw", quiet[] = "-q", *arguments[] = { program, raw, quiet, path, NULL };
	g_autofree char *said = NULL;
	assert_true(g_spawn_sync(NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL, NULL, NULL));
	g_unlink(path);
	assert_string_equal(g_strchomp(said), address);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_text_gives_the_same_picture_with_its_quiet_zone),
		cmocka_unit_test(a_text_that_no_code_holds_is_refused),
		cmocka_unit_test(another_program_reads_the_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
