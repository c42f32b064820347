#include "cli/serving.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/bar.h"
#include "cli/report.h"

static sigset_t ends_signals(void)
{
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	return ends;
}

void serving_begin(void)
{
	sigset_t ends = ends_signals();
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
}

outcome serve_site(const http_site *site, gboolean json, GError **error)
{
	sigset_t ends = ends_signals();
	http *server = http_start(site, error);
	if (!server)
		return OUTCOME_FAILED;
	bar_end(); /* of what went before */
	gboolean six = strchr(site->settings->host, ':') != NULL;
	g_autofree char *address = g_strdup_printf("http://%s%s%s:%u/", six ? "[" : "", site->settings->host, six ? "]" : "", http_port(server));
	if (json)
		report_json(stdout, json_pack("{s:s}", "address", address));
	else
		printf(_("aftermine listens on %s"), address), putchar('\n');
	fflush(stdout);
	int signal_number;
	sigwait(&ends, &signal_number);
	http_stop(server);
	return OUTCOME_DONE;
}
