#include "cli/manual.h"

#include <string.h>

/* A line of text: what would be a request or an escape is none. */
static void put_text(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++)
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
}

static void put_lines(FILE *out, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		if (**line) {
			put_text(out, *line);
			fputc('\n', out);
		}
}

static void put_option(FILE *out, const GOptionEntry *option)
{
	fputs(".It ", out);
	if (option->short_name)
		fprintf(out, "Fl %c , ", option->short_name);
	fprintf(out, "Fl -%s", option->long_name);
	if (option->arg_description)
		fprintf(out, " Ar %s", option->arg_description);
	fputc('\n', out);
	put_lines(out, option->description);
}

static void put_command(FILE *out, const command *c)
{
	fprintf(out, ".Ss aftermine %s %s\n", c->name, c->arguments);
	g_autofree char *summary = g_strdup(c->summary);
	summary[0] = g_ascii_toupper(summary[0]);
	put_text(out, summary);
	fputs(".\n", out);
	if (c->description) {
		fputs(".Pp\n", out);
		put_lines(out, c->description);
	}
	if (c->options && c->options->long_name)
		fputs(".Bl -tag -width Ds\n", out);
	for (const GOptionEntry *option = c->options; option && option->long_name; option++)
		put_option(out, option);
	if (c->options && c->options->long_name)
		fputs(".El\n", out);
	fputs(".Bd -literal -offset indent\n", out);
	put_lines(out, c->example);
	fputs(".Ed\n", out);
}

void manual_write(FILE *out, const command *const *commands, gsize n)
{
	for (gsize i = 0; i < n; i++)
		put_command(out, commands[i]);
}
