#include "rules/duty.h"

const char *const duty_class_ids[] = {"duty", "beyond-duty", "offset", "unknown"};

static duty_class class_of(const char *id)
{
	for (int i = 0; i < DUTY_UNKNOWN; i++)
		if (g_strcmp0(id, duty_class_ids[i]) == 0)
			return i;
	return DUTY_UNKNOWN;
}

duty_judgement promise_duty(const promise *p, json_t *const *sites, gsize n_sites)
{
	duty_judgement out = {.class = class_of(p->duty)};
	duty_class agreed = DUTY_UNKNOWN;
	gboolean agree = n_sites > 0, under_duty = FALSE;
	for (gsize i = 0; i < n_sites; i++) {
		duty_class here = class_of(json_string_value(json_object_get(sites[i], "duty")));
		agree &= here != DUTY_UNKNOWN && (i == 0 || here == agreed);
		agreed = here;
		under_duty |= here == DUTY_DUTY;
	}
	if (out.class == DUTY_UNKNOWN && agree)
		return (duty_judgement){.class = agreed, .from_sites = TRUE};
	if (out.class == DUTY_BEYOND && under_duty)
		return (duty_judgement){.class = DUTY_UNKNOWN, .disputed = TRUE};
	return out;
}
