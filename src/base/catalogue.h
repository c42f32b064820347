/* Messages of one language out of a gettext catalogue (.mo, GNU gettext manual 10.3), read by a bounded reader: no offset is trusted. */
#pragma once

#include <glib.h>

typedef struct catalogue catalogue;

/* The catalogue in these bytes; keeps a reference to them. NULL with an error when they are not one. */
catalogue *catalogue_new(GBytes *bytes, GError **error);
void catalogue_free(catalogue *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(catalogue, catalogue_free)

/* Translation of a message (context NULL: none), or NULL. */
const char *catalogue_text(const catalogue *c, const char *context, const char *message);
/* Translation of a plural message for n, or NULL. */
const char *catalogue_plural(const catalogue *c, const char *one, guint64 n);
