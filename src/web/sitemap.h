/* /sitemap.xml for search engines (sitemaps.org): every page and every record whose kind has a page, with the day it last changed. More addresses than
 * one file may hold stand in parts, /sitemap/1.xml and so on, and /sitemap.xml lists these. */
#pragma once

#include "web/response.h"

#define SITEMAP_MOST 50000 /* addresses of a file */

void sitemap_answer(const request *r, response *out);
/* The same with parts of another size. */
void sitemap_write(const request *r, response *out, guint most);
