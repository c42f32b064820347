/* What a set of sites covers on the ellipsoid, each hectare counted once (product.md, rule 7). Sums over faces (base/overlay.h): exact, and the
 * same in whatever order sites came in. */
#pragma once

#include "base/overlay.h"

/* In hectares. gross: the areas of the sites added up. net: of their union. contested: of what of it is covered by sites of different
 * organisations, in the set or not. */
typedef struct land_totals {
	double gross, net, contested;
	guint sites;  /* in the set */
	guint mapped; /* of those, with a boundary */
	gboolean approximate; /* boundaries among them cross more often than is followed: good to a few per cent (base/overlay.h) */
} land_totals;

/* Which land: terms of the vocabulary land-classes. */
typedef enum land_class { LAND_OPERATIONAL, LAND_LEGACY, LAND_BEYOND, LAND_ALL, LAND_UNSTATED, LAND_CLASSES } land_class;
extern const char *const land_class_ids[LAND_CLASSES]; /* that of LAND_UNSTATED: "unknown" */
land_class land_class_of(const char *id); /* NULL, or no such term: LAND_UNSTATED */

/* A published site. Texts are interned, or live as long as the land. */
typedef struct land_site {
	const char *id, *title;
	const char *country, *duty, *land; /* terms; NULL: not stated */
	const char *const *organisations;        /* NULL-terminated: who operates it or has a part in it, each once; may be empty */
	guint32 shape;     /* its number in the faces; 0: no boundary. Sites with the same boundary have the same number. */
	overlay_area area; /* of the boundary */
	gint64 since;      /* since when it has had this boundary, seconds since 1970 */
} land_site;

/* The land register: sites and the faces they make. */
typedef struct land_register land_register;

/* Takes both over. sites: land_site; faces: of their shapes. */
land_register *land_register_new(GArray *sites, overlay_faces *faces);
void land_register_free(land_register *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(land_register, land_register_free)

const land_site *land_sites(const land_register *l, gsize *n);
/* By id; NULL if there is none. */
const land_site *land_find(const land_register *l, const char *id);


/* Totals of sites; one that stands in the list twice is twice in gross and once in net, and counts as one site. NULL entries are sites that are not known: counted as
 * sites, not as mapped. */
land_totals land_total(const land_register *l, const land_site *const *sites, gsize n);

/* What of a site's land is left to it in a set where every hectare is one site's: that of the first in the set that covers it. */
typedef struct land_share {
	double kept; /* share of its area, 0..1 */
	double left; /* hectares that are */
	double off;  /* hectares that earlier sites cover */
	gboolean approximate; /* something is off, and boundaries on its land cross more often than is followed (land_totals) */
} land_share;

/* Of each site of a set, in its order: share[n]. A site that is not known (NULL) or has no boundary keeps all: nobody knows what it overlaps. A site that
 * stands in the set before keeps nothing the second time. */
void land_shares(const land_register *l, const land_site *const *sites, gsize n, land_share *share);

/* Two sites that cover the same land. */
typedef struct land_overlap {
	const land_site *a, *b; /* a before b by id */
	double hectares;
	gint64 since;           /* since when both have had their boundaries */
	gboolean contested, approximate;
} land_overlap;

#define LAND_OVERLAP_LEAST 1e-4 /* hectares: what is less is rounding of coordinates, not land */
#define LAND_OVERLAPS_MAX 100000 /* pairs that are looked for: some places are claimed over and over */

/* All overlaps, the largest first. *whole: no pair was left out. Free with g_array_unref. */
GArray *land_overlaps(const land_register *l, gboolean *whole);
