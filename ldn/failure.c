#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>

__attribute__((format(printf, 3, 0))) static bool failure_note(failure *why, int code, const char *format, va_list arguments)
{
	if (why->code != OUTCOME_DONE)
		return false;
	why->code = code;
	vsnprintf(why->text, sizeof why->text, format, arguments);
	return false;
}

bool failure_set(failure *why, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	failure_note(why, OUTCOME_FAILED, format, arguments);
	va_end(arguments);
	return false;
}

bool failure_usage(failure *why, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	failure_note(why, OUTCOME_USAGE, format, arguments);
	va_end(arguments);
	return false;
}

bool failure_system(failure *why, const char *doing, const char *path)
{
	int number = errno;
	const char *remedy = "";
	if (number == ENOSPC || number == EDQUOT)
		remedy = _("; free some space or choose another folder with --output");
	else if (number == EFBIG)
		remedy = _("; raise the limit on file size (ulimit -f) or choose another folder with --output");
	else if (number == EACCES || number == EPERM || number == EROFS)
		remedy = _("; check the permissions");
	else if (number == ENOENT)
		remedy = _("; check the path");
	return failure_set(why, "%s: %s: %s%s", path, doing, strerror(number), remedy);
}

bool failure_gdal(failure *why, const char *doing, const char *thing)
{
	const char *text = CPLGetLastErrorMsg();
	return failure_set(why, "%s: %s: %s", thing, doing, text && *text ? text : _("GDAL gives no reason"));
}

static void memory_missing(void)
{
	fputs(_("ldn: out of memory; use a smaller --memory or fewer --threads\n"), stderr);
	_Exit(OUTCOME_FAILED);
}

void *memory_new(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);
	if (!memory)
		memory_missing();
	return memory;
}

void *memory_grow(void *old, size_t count, size_t size)
{
	void *memory = reallocarray(old, count ? count : 1, size ? size : 1);
	if (!memory)
		memory_missing();
	return memory;
}

char *text_copy(const char *text)
{
	size_t length = strlen(text) + 1;
	return memcpy(memory_new(length, 1), text, length);
}

char *text_format(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		memory_missing();
	va_end(arguments);
	return text;
}

void memory_free_at(void *pointer)
{
	free(*(void **)pointer);
}
