/* A GeoJSON geometry from outside: refused with a reason, or read into a form that reads as itself and lies over itself once. */
#include <math.h>
#include <stdint.h>

#include "base/canonical.h"
#include "base/overlay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void boundary_keeps_its_promises(const boundary *b)
{
	json_auto_t *form = boundary_geojson(b);
	g_autoptr(boundary) again = boundary_read(form, NULL);
	g_autoptr(GBytes) bytes = boundary_bytes(b);
	gsize length;
	const void *raw = g_bytes_get_data(bytes, &length);
	g_autoptr(boundary) stored = boundary_from_bytes(raw, length);
	json_auto_t *same = boundary_geojson(stored);
	g_assert_true(json_equal(form, same));
	g_assert_true(b->box.west >= -180 && b->box.east <= 180 && b->box.south >= -90 && b->box.north <= 90);
	double area = boundary_area(b);
	g_assert_true(area >= -1e-3 && area <= 5.2e14);
	if (again) { /* GEOS may find fault with what its own cut at the antimeridian rounded */
		json_auto_t *twice = boundary_geojson(again);
		g_assert_true(json_equal(form, twice));
	}
	const overlay_shape twice[] = {{1, b}, {2, b}};
	g_autoptr(overlay_faces) faces = overlay_world(twice, 2);
	double sum = 0;
	for (guint i = 0; i < faces->faces->len; i++) {
		const overlay_face *face = &g_array_index(faces->faces, overlay_face, i);
		g_assert_cmpuint(face->n, ==, 2);
		sum += (double)face->area / 1e4;
	}
	g_assert_true(fabs(sum - area) <= 1 + 1e-9 * area);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_auto_t *geometry = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(boundary) b = geometry ? boundary_read(geometry, &error) : NULL;
	if (b)
		boundary_keeps_its_promises(b);
	else
		g_assert_true(!geometry || g_utf8_validate(error->message, -1, NULL));
	return 0;
}
