/* Packs as anybody may send them: refused with the reason, or whole. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "pack/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	if (!*path)
		g_snprintf(path, sizeof path, "/tmp/aftermine-fuzz-pack-%d", (int)getpid());
	g_autoptr(GError) error = NULL;
	if (!g_file_set_contents(path, (const char *)data, (gssize)size, NULL))
		abort();
	g_autoptr(pack) p = pack_open(path, &error);
	if (p && !pack_verify(p, NULL, &error) && !error)
		abort();
	if (!p && !error)
		abort();
	pack_is(path);
	unlink(path);
	return 0;
}
