/* aftermine: the platform. This file finds the command, parses its options and turns its answer into an exit status. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "base/language.h"
#include "cli/bar.h"
#include "cli/command.h"
#include "cli/manual.h"

static const command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "cli/commands.def"
#undef COMMAND
};

static const language *terminal_language(void)
{
	static const language *spoken;
	static gsize once;
	if (g_once_init_enter(&once)) {
		const char *const *names = g_get_language_names();
		for (gsize i = 0; names[i] && !spoken; i++) {
			g_autofree char *tag = g_strdelimit(g_strdup(names[i]), "_", '-'); /* en_XA is en-XA on the web */
			spoken = language_get(tag);
		}
		if (!spoken)
			spoken = language_get("en");
		g_once_init_leave(&once, 1);
	}
	return spoken;
}

const char *terminal_text(const char *message)
{
	return language_text(terminal_language(), message);
}

const char *terminal_plural(const char *one, const char *many, guint64 n)
{
	return language_plural(terminal_language(), one, many, n);
}

outcome usage_error(GError **error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, message);
	return OUTCOME_USAGE;
}

static void list_commands(FILE *out)
{
	fprintf(out, "%s\n\n", _("Usage: aftermine COMMAND [OPTION...] ARGUMENT..."));
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, _(commands[i]->summary));
	fprintf(out, "\n%s\n", _("\"aftermine COMMAND --help\" explains a command. Exit status: 0 done, 1 the answer is no, 2 wrong usage, 3 failed."));
}

static const command *command_named(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const char *translate(const char *message, gpointer data)
{
	(void)data;
	return terminal_text(message);
}

static GOptionContext *command_options(const command *c)
{
	GOptionContext *context = g_option_context_new(c->arguments);
	g_autofree char *summary = g_strdup_printf("aftermine %s: %s\n\n%s", c->name, _(c->summary), c->description ? _(c->description) : "");
	g_autofree char *description = g_strdup_printf("%s\n%s", _("Example:"), c->example);
	g_option_context_set_summary(context, summary);
	g_option_context_set_description(context, description);
	g_option_context_set_translate_func(context, translate, NULL, NULL);
	g_option_context_set_help_enabled(context, TRUE);
	if (c->options)
		g_option_context_add_main_entries(context, c->options, NULL);
	g_option_group_set_translate_func(g_option_context_get_main_group(context), translate, NULL, NULL); /* descriptions of options */
	return context;
}

/* GLib's own answer to --help would end the program before anybody sees whether it could be written. */
static gboolean wants_help(char *const *arguments)
{
	for (char *const *word = arguments; *word && strcmp(*word, "--") != 0; word++)
		if (strcmp(*word, "--help") == 0 || strcmp(*word, "-h") == 0)
			return TRUE;
	return FALSE;
}

static outcome command_run(const command *c, char **arguments, GError **error)
{
	g_autoptr(GOptionContext) context = command_options(c);
	g_autofree char *program = g_strdup_printf("aftermine %s", c->name);
	g_set_prgname(program);
	if (wants_help(arguments)) {
		g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
		fputs(help, stdout);
		g_strfreev(arguments);
		return OUTCOME_DONE;
	}
	if (!g_option_context_parse_strv(context, &arguments, error)) {
		g_strfreev(arguments);
		return OUTCOME_USAGE;
	}
	g_auto(GStrv) rest = arguments;
	int n = (int)g_strv_length(rest) - 1;
	if (n > 0 && strcmp(rest[1], "--") == 0) {
		g_free(rest[1]);
		memmove(&rest[1], &rest[2], (gsize)n * sizeof *rest);
		n--;
	}
	if (n < c->minimum || (c->maximum >= 0 && n > c->maximum))
		return usage_error(error, _("expected %s; got %d arguments. \"aftermine %s --help\" explains."), c->arguments, n, c->name);
	return c->run(rest + 1, error);
}

/* What could not be written is a failure, also on standard output. */
static outcome output_closed(outcome answer)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return answer;
	fprintf(stderr, "aftermine: %s\n", _("Standard output could not be written: the disk is full or the reader has gone."));
	return OUTCOME_FAILED;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	language_speak(terminal_language());
	if (argc < 2) {
		list_commands(stderr);
		return OUTCOME_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		list_commands(stdout);
		return (int)output_closed(OUTCOME_DONE);
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("aftermine %s\n", AFTERMINE_VERSION);
		return (int)output_closed(OUTCOME_DONE);
	}
	if (strcmp(argv[1], "--manual") == 0) { /* for setup/manual.py */
		manual_write(stdout, commands, G_N_ELEMENTS(commands));
		return (int)output_closed(OUTCOME_DONE);
	}
	const command *c = command_named(argv[1]);
	if (!c) {
		fprintf(stderr, _("aftermine: there is no command \"%s\". \"aftermine --help\" lists them."), argv[1]);
		fputc('\n', stderr);
		return OUTCOME_USAGE;
	}
	if (argc == 3 && strcmp(argv[2], "--version") == 0) {
		printf("aftermine %s\n", AFTERMINE_VERSION);
		return (int)output_closed(OUTCOME_DONE);
	}
	g_autoptr(GError) error = NULL;
	bar_begin();
	outcome answer = command_run(c, g_strdupv(argv + 1), &error);
	bar_end();
	if (error)
		fprintf(stderr, "aftermine %s: %s\n", c->name, error->message);
	return (int)output_closed(answer);
}
