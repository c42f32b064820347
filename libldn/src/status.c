#include "ldn/status.h"

const char *ldn_status_text(ldn_status status)
{
	switch (status) {
	case LDN_OK:
		return "done";
	case LDN_ERROR_ARGUMENT:
		return "an argument is outside its range";
	case LDN_ERROR_SCRATCH:
		return "the scratch buffer is too small";
	case LDN_ERROR_OVERFLOW:
		return "a number does not fit its type";
	case LDN_ERROR_DOMAIN:
		return "these values have no answer";
	}
	return "unknown status";
}
