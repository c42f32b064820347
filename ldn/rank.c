#include "rank.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_MPI
#include <mpi.h>
#endif

static int number = 0, total = 1;

bool rank_possible(void)
{
#ifdef HAVE_MPI
	return true;
#else
	return false;
#endif
}

int rank_number(void)
{
	return number;
}

int rank_count(void)
{
	return total;
}

#ifdef HAVE_MPI

static bool entered;

/* What Open MPI's, MPICH's and Slurm's launchers leave in the environment of the processes they start. */
static bool launched(void)
{
	static const char *const marks[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK", "MPI_LOCALNRANKS", "SLURM_NTASKS"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (getenv(marks[i]))
			return true;
	return false;
}

/* Ranks exchange few and small messages, for which sockets and shared memory do. Asked for the best, Open MPI first looks for fabrics, and one library among
 * those it asks (PSM2) waits a fifth of a second for an adapter that most machines do not have. */
static void transport_choose(void)
{
#ifdef OPEN_MPI
	setenv("OMPI_MCA_pml", "ob1", 0); /* unless the user chose: mpirun --mca pml ... */
#endif
}

void rank_start(int *count, char ***arguments)
{
	int level;
	if (!launched())
		return;
	transport_choose();
	if (MPI_Init_thread(count, arguments, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
		return;
	entered = true;
	MPI_Comm_rank(MPI_COMM_WORLD, &number);
	MPI_Comm_size(MPI_COMM_WORLD, &total);
}

void rank_finish(int code)
{
	(void)code;
	if (entered)
		MPI_Finalize();
}

enum { TAG_SIZE = 1, TAG_BYTES, TAG_PASSED };

void rank_pass(const void *bytes, size_t length)
{
	MPI_Send(bytes, (int)length, MPI_BYTE, number + 1, TAG_PASSED, MPI_COMM_WORLD);
}

bool rank_take(void *bytes, size_t length, bool wait)
{
	int waiting = wait;
	if (!wait)
		MPI_Iprobe(number - 1, TAG_PASSED, MPI_COMM_WORLD, &waiting, MPI_STATUS_IGNORE);
	if (waiting)
		MPI_Recv(bytes, (int)length, MPI_BYTE, number - 1, TAG_PASSED, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	return waiting;
}

unsigned char **rank_gather(const void *bytes, size_t length, size_t **lengths)
{
	unsigned char **all = NULL;
	*lengths = NULL;
	if (number == 0) {
		all = memory_new((size_t)total, sizeof *all);
		*lengths = memory_new((size_t)total, sizeof **lengths);
		all[0] = memory_new(length, 1);
		memcpy(all[0], bytes, length);
		(*lengths)[0] = length;
	}
	/* Messages are counted in int by MPI: send them in pieces. */
	const size_t piece = (size_t)1 << 30;
	for (int r = 1; r < total; r++) {
		if (number == r) {
			uint64_t size = length;
			MPI_Send(&size, 1, MPI_UINT64_T, 0, TAG_SIZE, MPI_COMM_WORLD);
			for (size_t done = 0; done < length; done += piece)
				MPI_Send((const char *)bytes + done, (int)(length - done < piece ? length - done : piece), MPI_BYTE, 0, TAG_BYTES, MPI_COMM_WORLD);
		} else if (number == 0) {
			uint64_t size;
			MPI_Recv(&size, 1, MPI_UINT64_T, r, TAG_SIZE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
			all[r] = memory_new(size, 1);
			(*lengths)[r] = size;
			for (size_t done = 0; done < size; done += piece)
				MPI_Recv(all[r] + done, (int)(size - done < piece ? size - done : piece), MPI_BYTE, r, TAG_BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
		}
	}
	return all;
}

void rank_share(void **bytes, size_t *length)
{
	if (total == 1)
		return;
	uint64_t size = *length;
	MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
	if (number != 0) {
		free(*bytes);
		*bytes = memory_new(size, 1);
		*length = size;
	}
	const size_t piece = (size_t)1 << 30;
	for (size_t done = 0; done < size; done += piece)
		MPI_Bcast((char *)*bytes + done, (int)(size - done < piece ? size - done : piece), MPI_BYTE, 0, MPI_COMM_WORLD);
}

#else

void rank_pass(const void *bytes, size_t length)
{
	(void)bytes, (void)length;
}

bool rank_take(void *bytes, size_t length, bool wait)
{
	(void)bytes, (void)length, (void)wait;
	return false;
}

void rank_start(int *count, char ***arguments)
{
	(void)count, (void)arguments;
}

void rank_finish(int code)
{
	(void)code;
}

unsigned char **rank_gather(const void *bytes, size_t length, size_t **lengths)
{
	unsigned char **all = memory_new(1, sizeof *all);
	*lengths = memory_new(1, sizeof **lengths);
	all[0] = memory_new(length, 1);
	memcpy(all[0], bytes, length);
	(*lengths)[0] = length;
	return all;
}

void rank_share(void **bytes, size_t *length)
{
	(void)bytes, (void)length;
}

#endif

bool rank_agree(failure *why)
{
	/* Once all know of a failure they part: some may have left already. */
	static bool parted;
	if (total == 1 || parted)
		return why->code == OUTCOME_DONE;
	size_t *lengths;
	unsigned char **all = rank_gather(why, sizeof *why, &lengths);
	int code = OUTCOME_DONE;
	void *answer = &code;
	size_t size = sizeof code;
	if (number == 0) {
		for (int r = total - 1; r >= 0; r--) {
			const failure *his = (const failure *)(const void *)all[r];
			if (his->code != OUTCOME_DONE)
				*why = *his;
			free(all[r]);
		}
		code = why->code;
		rank_share(&answer, &size);
	} else {
		answer = NULL;
		rank_share(&answer, &size);
		memcpy(&code, answer, sizeof code);
		free(answer);
		if (code != OUTCOME_DONE) {
			why->code = code;
			why->text[0] = 0; /* rank 0 speaks */
		}
	}
	free(all);
	free(lengths);
	parted = code != OUTCOME_DONE;
	return !parted;
}
