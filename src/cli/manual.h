/* The commands as a section of the manual page (mdoc(7)), from the same table that --help reads; docs/man/aftermine.1.in has the rest. */
#pragma once

#include <stdio.h>

#include "cli/command.h"

void manual_write(FILE *out, const command *const *commands, gsize n);
