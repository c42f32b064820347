/* Messages of this room: looked up in the language the thread speaks (base/language.h). */
#pragma once

#include "base/language.h"

#define _(message) language_said(message)
#define N_(message) message /* marked here, looked up where it is shown */
