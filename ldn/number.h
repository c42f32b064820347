/* Numbers as text for programs to read, and back. */
#pragma once

#include <stddef.h>

/* The shortest digits that read back as the same double (of finite numbers); whole numbers without a point. Returns how many characters. */
size_t number_text(double number, char text[32]) __attribute__((nonnull));
