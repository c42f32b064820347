/* The folder of an instance comes to be whole or not at all. */
#pragma once

#include "cli/command.h"

/* fill makes the instance under another name beside DIR, which it becomes when it is whole: what is interrupted leaves no half instance. DIR is not
 * there yet, or empty; else an error and OUTCOME_FAILED. */
outcome instance_make(const char *dir, outcome (*fill)(const char *folder, gpointer data, GError **error), gpointer data, GError **error);
