/* The plural rule of a gettext catalogue: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : ...)" (GNU gettext manual, 12.6). */
#pragma once

#include <glib.h>

typedef struct plural_rule plural_rule;

/* Reads the value of a Plural-Forms header. NULL if it is not one, or is longer or deeper than any honest rule. */
plural_rule *plural_rule_new(const char *text);
void plural_rule_free(plural_rule *rule);
/* Which form n takes: 0 .. number of forms - 1, whatever the rule says. */
guint plural_rule_form(const plural_rule *rule, guint64 n);
