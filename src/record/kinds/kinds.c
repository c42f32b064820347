/* The list of kinds, in the order of the product page. A new kind: one file beside this one, and one line here. */
#include "record/kind.h"

#define KINDS(_) \
	_(organisation) \
	_(case) \
	_(practice) \
	_(site) \
	_(pledge) \
	_(progress) \
	_(measurement) \
	_(review) \
	_(target) \
	_(policy) \
	_(finance) \
	_(project) \
	_(offer) \
	_(meeting) \
	_(forum) \
	_(edition)

#define DECLARE(name) extern const kind kind_##name;
KINDS(DECLARE)

#define LIST(name) &kind_##name,
const kind *const kinds[] = { KINDS(LIST) };
const gsize kinds_count = G_N_ELEMENTS(kinds);
