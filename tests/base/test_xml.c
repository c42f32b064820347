#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/xml.h"

static void what_is_begun_is_ended_and_every_text_is_escaped(void **state)
{
	(void)state;
	xml *x = xml_new();
	xml_begin(x, "a");
	xml_attribute(x, "b", "1 < \"2\" & 'x'\n\ttab");
	xml_attribute(x, "none", NULL);
	xml_element(x, "c", "]]> & <d>\r\n");
	xml_element(x, "none", NULL);
	xml_begin(x, "e");
	xml_end(x);
	xml_begin(x, "f");
	xml_begin(x, "g");
	g_autofree char *text = xml_finish(x);
	assert_string_equal(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"1 &lt; &quot;2&quot; &amp; 'x'&#10;&#9;tab\">\n<c>]]&gt; &amp; &lt;d&gt;&#13;\n</c>\n<e/>\n<f>\n<g/>\n</f>\n</a>\n");
}

static void characters_that_xml_cannot_hold_are_left_out(void **state)
{
	(void)state;
	xml *x = xml_new();
	xml_element(x, "a", "\x01" "b\x1f" "c\x7f \xef\xbf\xbe\xef\xbf\xbf\xe7\x9f\xbf\xf0\x9f\x8c\xb1");
	g_autofree char *text = xml_finish(x);
	assert_non_null(strstr(text, "<a>bc\x7f \xe7\x9f\xbf\xf0\x9f\x8c\xb1</a>"));
}

static void a_text_with_markup_beside_it_keeps_its_space(void **state)
{
	(void)state;
	xml *x = xml_new();
	xml_begin(x, "p");
	xml_text(x, "one ");
	xml_element(x, "b", "two");
	xml_text(x, " three");
	g_autofree char *text = xml_finish(x);
	assert_non_null(strstr(text, "<p>one <b>two</b> three</p>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_begun_is_ended_and_every_text_is_escaped),
		cmocka_unit_test(characters_that_xml_cannot_hold_are_left_out),
		cmocka_unit_test(a_text_with_markup_beside_it_keeps_its_space),
	};
	return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
