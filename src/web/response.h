/* What a handler answers with. Exactly one of these is called; http.c adds ETag, compression, caching and security headers. */
#pragma once

#include "web/request.h"

typedef struct response response;

/* A page: templates/NAME.mustache inside templates/layout.mustache (where it is {{>page}}). The view (stolen) must hold "title"; may hold
 * "description", "active" (navigation entry: "/cases") and whatever both templates know. Added for both: "root" (before every address:
 * href="{{root}}/cases"), "language" {tag, name, dir}, "languages" [{tag, name, href, current}], "navigation" [{href, label, current}],
 * "site" (its name), "path", "address" (absolute, without query), "as_of" {date, label, href to now} if asked, "formats" [{name, href}] that the address
 * has, "year", "feeds" [{type, title, href}], "linked" (JSON-LD, with the page's own
 * "entity" in it: web/linked.h), "embed" (where to show it elsewhere; null). A template writes href="/static/NAME": it becomes the fingerprinted address when the template is loaded. */
void response_page(response *out, const request *r, int status, const char *template, json_t *view);
/* A small page that other sites may show in a frame: templates/NAME.mustache inside templates/frame.mustache. The view (stolen) must hold "title" and
 * "page" (the address it stands for); "root", "language" and "site" are added. */
void response_frame(response *out, const request *r, const char *template, json_t *view);
void response_json(response *out, json_t *value /* stolen */);
void response_json_as(response *out, const char *content_type, json_t *value /* stolen */);
void response_bytes(response *out, const char *content_type, GBytes *bytes /* stolen */);
void response_text(response *out, const char *content_type, char *text /* stolen */);
/* A text under a status that is not 200. */
void response_status(response *out, int status, const char *content_type, char *text /* stolen */);
void response_file_name(response *out, const char *name); /* offers it as a download of that name */
/* A part of an open file, which is closed later: `size` bytes from `first` on, of them what the request's Range asks for (206, 416). The file is what its etag says for
 * ever, and saved under this name. */
void response_file(response *out, const request *r, const char *content_type, int file, guint64 first, guint64 size, const char *etag, const char *name);
/* What it says is true at this moment only, though the records stay as they are: it is made for each request. */
void response_passing(response *out);
/* When what it tells of last changed, RFC 3339: Last-Modified. */
void response_modified(response *out, const char *time);
/* It speaks the request's language: Content-Language, and Vary where that was negotiated. Pages do anyway. */
void response_worded(response *out);
/* In which coordinate reference system the geometries of the answer are: the Content-Crs header (OGC 18-058r1, 7.4). */
void response_crs(response *out, const char *uri);
/* Adds to the Link header (RFC 8288): "next", "prev", "first", "alternate" ... address is a request_link_... */
void response_link(response *out, const char *relation, const char *target);
void response_link_typed(response *out, const char *relation, const char *content_type, const char *target);
void response_redirect(response *out, int status, const char *location);
/* An error: a page for people, application/problem+json (RFC 9457) for programs. detail says what to do. */
void response_problem(response *out, const request *r, int status, const char *title, const char *detail);
/* When to ask again. */
void response_retry(response *out, guint seconds);
/* From a GError of the store and others: 500 or 503, logged once with an id that the page shows. */
void response_error(response *out, const request *r, const GError *error);
