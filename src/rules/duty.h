/* Duty is not a gift: land that law or permit obliges to rehabilitate is told apart from what is done beyond duty, from offsets and from
 * what nobody says. */
#pragma once

#include "rules/promise.h"

typedef enum duty_class { DUTY_DUTY, DUTY_BEYOND, DUTY_OFFSET, DUTY_UNKNOWN, DUTY_CLASSES } duty_class;
extern const char *const duty_class_ids[]; /* terms of the vocabulary duty-classes */

typedef struct duty_judgement {
	duty_class class;
	gboolean from_sites; /* the pledge does not say; all its sites agree */
	gboolean disputed;   /* the pledge says beyond duty, but a site's land is under duty: then it is counted as unknown */
} duty_judgement;

/* sites: bodies of the pledge's sites, in any order; NULL entries are sites that are not known. */
duty_judgement promise_duty(const promise *p, json_t *const *sites, gsize n_sites);
