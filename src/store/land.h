/* What the sites of a store cover, taken apart into faces (base/overlay.h): from them every total of land is a sum. */
#pragma once

#include "base/overlay.h"
#include "store/store.h"

/* A published site. */
typedef struct store_site {
	char *id, *title;
	guint32 shape;     /* its number in the members of faces; sites with the same boundary have the same one; 0: no boundary */
	gint64 since;      /* since when it has had this boundary, seconds since 1970 */
	overlay_area area;
	store_value *values; /* of every facet of its kind, in the order of the declaration's fields */
	gsize n_values;
} store_site;

typedef struct store_land {
	GArray *sites; /* store_site, by id */
	overlay_faces *faces;
} store_land;

/* At present, from the faces that the store keeps; or as of a day ("2026-12-31"), laid anew if other boundaries held then. */
store_land *store_land_get(store_reader *r, const char *as_of, GError **error);
void store_land_free(store_land *land);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_land, store_land_free)
