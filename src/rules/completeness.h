/* How complete a pledge is: a checklist of what makes a promise one that can be kept or broken. Missing is shown as missing. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum completeness { COMPLETE_MISSING, COMPLETE_PARTLY, COMPLETE_PRESENT, COMPLETE_NOT_APPLICABLE } completeness;
extern const char *const completeness_ids[]; /* "missing", "partly", "present", "not-applicable" */

typedef struct completeness_item {
	const char *id;      /* "baseline" */
	const char *label;   /* a msgid */
	const char *present, *missing, *not_applicable; /* the sentence for each case; msgids; partly uses missing */
	completeness state;
	guint have, of;      /* targets that say it, of those that should */
} completeness_item;

#define COMPLETENESS_ITEMS 15

typedef struct completeness_list {
	completeness_item items[COMPLETENESS_ITEMS];
	guint present, applicable; /* "9 of 12" */
} completeness_list;

void pledge_completeness(const json_t *pledge, completeness_list *out);
