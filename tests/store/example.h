/* A store in a folder of its own, and records to put into it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/whole.h"
#include "store/store.h"

typedef struct example {
	char *folder, *path;
	store *s;
	store_reader *r;
} example;

/* cmocka set-up and tear-down: *state is an example with an empty store and one reader. */
int example_begin(void **state);
int example_end(void **state);
/* Closes and opens again. */
void example_reopen(example *e);

/* A record of a kind with a body given as JSON with single quotes for double ones. */
record *record_of(const char *kind_name, const char *id, record_state state, const char *time, const char *body);
/* Writes it whatever its revision is now, and frees it; fails the test if that fails. */
void put(example *e, record *r);
/* A published case. */
void put_case(example *e, const char *id, const char *title, const char *summary, const char *challenge);
/* Ids of the hits, joined by spaces; free with g_free. */
char *ids_of(example *e, const store_query *q);
void assert_finds(example *e, const char *text, const char *ids);
