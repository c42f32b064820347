/* The registry in one file: data packs from the shelf. */
#include "record/message.h"
#include "web/about.h"
#include "web/pages/pages.h"

#define MAKING_SECONDS 30

/* Nothing there yet: it is being made, or never will be. */
static void nothing_yet(const request *r, response *out)
{
	if (!about_shelf(r)) {
		response_problem(out, r, 404, request_text(r, N_("This site offers no data packs")), request_text(r, N_("Its operator makes one with: aftermine export DIR pack.zip --format pack")));
		return;
	}
	response_problem(out, r, 503, request_text(r, N_("The data pack is being made")), request_text(r, N_("Come again in half a minute; a large registry takes some minutes.")));
	response_retry(out, MAKING_SECONDS);
}

static void lead_to(const request *r, response *out, const char *rest)
{
	shelf_pack newest;
	if (!about_shelf(r) || !shelf_newest(about_shelf(r), &newest)) {
		nothing_yet(r, out);
		return;
	}
	g_autofree char *location = g_strdup_printf("/packs/%s%s", newest.sha256, rest);
	response_redirect(out, 307, location);
}

void pack_newest(const request *r, response *out)
{
	lead_to(r, out, "");
}

void pack_newest_package(const request *r, response *out)
{
	lead_to(r, out, "/geopackage");
}

/* Answers with the pack that the address names, or with the GeoPackage that it holds. */
static void send_asked(const request *r, response *out, gboolean package)
{
	shelf_pack p;
	int file = about_shelf(r) ? shelf_open(about_shelf(r), request_part(r, "sha256"), &p) : -1;
	if (file < 0) {
		response_problem(out, r, 404, request_text(r, N_("That data pack is not here")), request_text(r, N_("Only the newest and the one before it are kept: /data/pack leads to the newest.")));
		return;
	}
	g_autofree char *etag = g_strdup_printf("\"%.32s%s\"", p.sha256, package ? "-g" : "");
	g_autofree char *name = g_strdup_printf("aftermine-%.10s-%.8s.%s", p.time, p.sha256, package ? "gpkg" : "zip"); /* what it is, and of which day */
	if (package)
		response_file(out, r, "application/geopackage+sqlite3", file, p.package, p.package_size, etag, name);
	else
		response_file(out, r, "application/zip", file, 0, p.size, etag, name);
}

void pack_file(const request *r, response *out)
{
	send_asked(r, out, FALSE);
}

void pack_package(const request *r, response *out)
{
	send_asked(r, out, TRUE);
}
