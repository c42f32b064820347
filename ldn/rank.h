/* The processes of one run under MPI (`mpirun -np N ldn ...`): ranks. Without MPI, or run alone, there is one rank, number 0.
 * MPI is entered only when a launcher started the program, so that `ldn` by itself pays nothing for it. */
#pragma once

#include "failure.h"

void rank_start(int *count, char ***arguments);
void rank_finish(int code); /* code not 0 ends the other ranks as well */
bool rank_possible(void);   /* built with MPI */
int rank_number(void);
int rank_count(void);

/* A few bytes to the next rank, which takes them when it comes to it. By the main thread, as all of these. */
void rank_pass(const void *bytes, size_t length);
/* The oldest bytes that the rank before passed and that were not yet taken; false when there are none. wait: until there are. */
bool rank_take(void *bytes, size_t length, bool wait);

/* Every rank calls these together. */

/* Rank 0 gets the bytes of every rank: joined[r] (free each and the array) with lengths[r]; the others get NULL. */
unsigned char **rank_gather(const void *bytes, size_t length, size_t **lengths);
/* Everybody gets rank 0's bytes; *bytes is replaced by new memory on the others. */
void rank_share(void **bytes, size_t *length);
/* Did all ranks come through? Where one failed its failure is copied to rank 0, and the others fail without words of their own. */
bool rank_agree(failure *why);
