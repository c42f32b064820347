/* ldn: land degradation, its indicator and its balance, from rasters. Finds the command, parses its options, runs it, says what failed. */
#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <gdal.h>

#include "command.h"
#include "interrupt.h"
#include "rank.h"

static const command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "commands.def"
#undef COMMAND
	NULL
};

static int usage(FILE *out)
{
	fputs(_("usage: ldn COMMAND [OPTIONS] FILE...\n\n"
	        "Land productivity, land cover, soil carbon, SDG indicator 15.3.1 and the neutrality balance, from rasters.\n\n"),
		out);
	for (const command *const *row = commands; *row; row++)
		fprintf(out, "  %-14s %s\n", (*row)->name, _((*row)->summary));
	fputs(_("\n`ldn COMMAND --help` shows a command's options and an example; `ldn --version` the version.\n"), out);
	return OUTCOME_DONE;
}

static void help(const command *which)
{
	printf(_("usage: ldn %s [OPTIONS] %s\n\n%s\n\n"), which->name, which->arguments, _(which->description));
	if (which->options)
		options_print(which->options);
	printf(_("Example:\n%s\n"), which->example);
}

static const command *command_find(const char *name)
{
	for (const command *const *row = commands; *row; row++)
		if (strcmp((*row)->name, name) == 0)
			return *row;
	return NULL;
}

static bool asks_for_help(int count, char *const *arguments)
{
	for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++)
		if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0)
			return true;
	return false;
}

/* GDAL's own words are kept for our messages instead of going to the terminal by themselves. */
static void CPL_STDCALL gdal_quiet(CPLErr level, CPLErrorNum number, const char *text)
{
	(void)level, (void)number, (void)text;
}

static int command_run(const command *which, int count, char *const *arguments)
{
	failure why = {0};
	text_list rest = {0};
	void *settings = memory_new(1, which->settings_size);
	if (which->defaults)
		which->defaults(settings);
	static const option *const none[] = {NULL};
	int code = OUTCOME_USAGE;
	if (options_parse(which->options ? which->options : none, count, arguments, settings, &rest, &why))
		code = which->run(settings, &rest, &why);
	if (why.code != OUTCOME_DONE)
		code = why.code;
	if (why.code == OUTCOME_USAGE && why.text[0])
		fprintf(stderr, _("ldn %s: %s\nusage: ldn %s [OPTIONS] %s\n"), which->name, why.text, which->name, which->arguments);
	else if (why.code != OUTCOME_DONE && why.text[0])
		fprintf(stderr, "ldn %s: %s\n", which->name, why.text);
	options_free(which->options ? which->options : none, settings);
	free(rest.items);
	free(settings);
	return code;
}

static void prepare(int *count, char ***arguments)
{
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, ""); /* never LC_NUMERIC: numbers for machines do not depend on the reader's language */
	bindtextdomain("aftermine", LDN_LOCALE_FOLDER);
	bind_textdomain_codeset("aftermine", "UTF-8");
	textdomain("aftermine");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file-size limit is an error of write(), told like a full disk */
	/* Blocks come and go by the megabyte: keep their pages instead of asking the system for cleared ones each time. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	interrupt_watch();
	rank_start(count, arguments);
	CPLSetErrorHandler(gdal_quiet);
	CPLSetConfigOption("GDAL_PAM_ENABLED", "YES");
	GDALAllRegister();
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* The words after the program's name. */
static int words_run(int count, char *const *words)
{
	const command *which = count > 0 ? command_find(words[0]) : NULL;
	if (count == 0) {
		usage(stderr);
		return OUTCOME_USAGE;
	}
	if (is_help(words[0])) {
		const command *about = count > 1 ? command_find(words[1]) : NULL;
		if (!about)
			return usage(stdout);
		help(about);
		return OUTCOME_DONE;
	}
	if (strcmp(words[0], "--version") == 0) {
		printf("ldn %s (GDAL %s%s)\n", AFTERMINE_VERSION, GDALVersionInfo("RELEASE_NAME"), rank_possible() ? ", MPI" : "");
		return OUTCOME_DONE;
	}
	if (!which) {
		fprintf(stderr, _("ldn: no command %s; `ldn --help` lists them\n"), words[0]);
		return OUTCOME_USAGE;
	}
	if (asks_for_help(count - 1, words + 1)) {
		help(which);
		return OUTCOME_DONE;
	}
	if (count > 1 && strcmp(words[1], "--version") == 0) {
		printf("ldn %s %s\n", which->name, AFTERMINE_VERSION);
		return OUTCOME_DONE;
	}
	return command_run(which, count - 1, words + 1);
}

int main(int count, char **arguments)
{
	prepare(&count, &arguments);
	int code = words_run(count - 1, arguments + 1);
	/* A full disk is an error on stdout as well. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno != EPIPE)
			fprintf(stderr, _("ldn: writing to standard output: %s\n"), strerror(errno));
		code = OUTCOME_FAILED;
	}
	rank_finish(code);
	return code;
}
