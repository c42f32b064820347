/* One row an index: its name, formula and function come from one line, so that they cannot differ. */
#include "ldn/spectral.h"

#include "lanes.h"

#include <math.h>
#include <stdbool.h>

const char *const ldn_band_letters[LDN_BANDS] = {"B", "G", "R", "N", "S1", "S2"};
const char *const ldn_band_words[LDN_BANDS] = {"blue", "green", "red", "nir", "swir1", "swir2"};

#define USES_B (1u << LDN_BLUE)
#define USES_G (1u << LDN_GREEN)
#define USES_R (1u << LDN_RED)
#define USES_N (1u << LDN_NIR)
#define USES_S1 (1u << LDN_SWIR1)
#define USES_S2 (1u << LDN_SWIR2)

/* Global environment monitoring index, whose formula has a part of its own. */
LDN_INLINE double gemi(double N, double R)
{
	double e = (2 * (N * N - R * R) + 1.5 * N + 0.5 * R) / (N + R + 0.5);

	return e * (1 - 0.25 * e) - (R - 0.125) / (1 - R);
}

#define SQUARE(x) ((x) * (x))

/* INDEX(name, bands, sign, expression, formula as people read it, title, source) */
#define INDICES(INDEX) \
	INDEX(NDVI, USES_N | USES_R, -1, (N - R) / (N + R), "(N-R)/(N+R)", "normalised difference vegetation index", "Rouse et al. 1974, NASA SP-351") \
	INDEX(NBR, USES_N | USES_S2, -1, (N - S2) / (N + S2), "(N-S2)/(N+S2)", "normalised burn ratio", "Garcia & Caselles 1991, Geocarto Int. 6:31-37") \
	INDEX(NDMI, USES_N | USES_S1, -1, (N - S1) / (N + S1), "(N-S1)/(N+S1)", "normalised difference moisture index", "Wilson & Sader 2002, Remote Sens. Environ. 80:385-396") \
	INDEX(GNDVI, USES_N | USES_G, -1, (N - G) / (N + G), "(N-G)/(N+G)", "green normalised difference vegetation index", "Gitelson et al. 1996, Remote Sens. Environ. 58:289-298") \
	INDEX(NBR2, USES_S1 | USES_S2, -1, (S1 - S2) / (S1 + S2), "(S1-S2)/(S1+S2)", "normalised burn ratio 2", "USGS, Landsat surface reflectance-derived spectral indices") \
	INDEX(MSI, USES_N | USES_S1, 1, S1 / N, "S1/N", "moisture stress index", "Hunt & Rock 1989, Remote Sens. Environ. 30:43-54") \
	INDEX(SAVI, USES_N | USES_R, -1, 1.5 * (N - R) / (N + R + 0.5), "1.5(N-R)/(N+R+0.5)", "soil-adjusted vegetation index", "Huete 1988, Remote Sens. Environ. 25:295-309") \
	INDEX(OSAVI, USES_N | USES_R, -1, (N - R) / (N + R + 0.16), "(N-R)/(N+R+0.16)", "optimised soil-adjusted vegetation index", "Rondeaux et al. 1996, Remote Sens. Environ. 55:95-107") \
	INDEX(EVI, USES_N | USES_R | USES_B, -1, 2.5 * (N - R) / (N + 6 * R - 7.5 * B + 1), "2.5(N-R)/(N+6R-7.5B+1)", "enhanced vegetation index", "Huete et al. 1997, Remote Sens. Environ. 59:440-451") \
	INDEX(EVI2, USES_N | USES_R, -1, 2.5 * (N - R) / (N + 2.4 * R + 1), "2.5(N-R)/(N+2.4R+1)", "two-band enhanced vegetation index", "Jiang et al. 2008, Remote Sens. Environ. 112:3833-3845") \
	INDEX(MSAVI, USES_N | USES_R, -1, 0.5 * (2 * N + 1 - sqrt(SQUARE(2 * N + 1) - 8 * (N - R))), "0.5(2N+1-sqrt((2N+1)^2-8(N-R)))", "modified soil-adjusted vegetation index", "Qi et al. 1994, Remote Sens. Environ. 48:119-126") \
	INDEX(BAI, USES_N | USES_R, 1, 1 / (SQUARE(0.1 - R) + SQUARE(0.06 - N)), "1/((0.1-R)^2+(0.06-N)^2)", "burned area index", "Chuvieco et al. 2002, Int. J. Remote Sens. 23:5103-5110") \
	INDEX(GCI, USES_N | USES_G, -1, N / G - 1, "N/G-1", "green chlorophyll index", "Gitelson et al. 2003, J. Plant Physiol. 160:271-282") \
	INDEX(ARVI, USES_N | USES_R | USES_B, -1, (N - (R - (R - B))) / (N + (R - (R - B))), "(N-(R-(R-B)))/(N+(R-(R-B)))", "atmospherically resistant vegetation index, gamma 1", "Kaufman & Tanre 1992, IEEE Trans. Geosci. Remote Sens. 30:261-270") \
	INDEX(WDRVI, USES_N | USES_R, -1, (0.1 * N - R) / (0.1 * N + R), "(0.1N-R)/(0.1N+R)", "wide dynamic range vegetation index, alpha 0.1", "Gitelson 2004, J. Plant Physiol. 161:165-173") \
	INDEX(GEMI, USES_N | USES_R, -1, gemi(N, R), "e(1-0.25e)-(R-0.125)/(1-R), e=(2(N^2-R^2)+1.5N+0.5R)/(N+R+0.5)", "global environment monitoring index", "Pinty & Verstraete 1992, Vegetatio 101:15-20") \
	INDEX(TCW, USES_B | USES_G | USES_R | USES_N | USES_S1 | USES_S2, -1, 0.1511 * B + 0.1973 * G + 0.3283 * R + 0.3407 * N - 0.7117 * S1 - 0.4559 * S2, "0.1511B+0.1973G+0.3283R+0.3407N-0.7117S1-0.4559S2", "tasselled cap wetness", "Baig et al. 2014, Remote Sens. Lett. 5:423-431") \
	INDEX(TCG, USES_B | USES_G | USES_R | USES_N | USES_S1 | USES_S2, -1, -0.2941 * B - 0.243 * G - 0.5424 * R + 0.7276 * N + 0.0713 * S1 - 0.1608 * S2, "-0.2941B-0.243G-0.5424R+0.7276N+0.0713S1-0.1608S2", "tasselled cap greenness", "Baig et al. 2014, Remote Sens. Lett. 5:423-431")

#define ROW(name_, bands_, sign_, expression_, formula_, title_, source_) {#name_, title_, formula_, source_, bands_, sign_},
const ldn_index ldn_indices[LDN_INDICES] = {INDICES(ROW)};

/* In an expression a band's letter is its value in the pixel at hand. */
#define B (blue[i])
#define G (green[i])
#define R (red[i])
#define N (nir[i])
#define S1 (swir1[i])
#define S2 (swir2[i])
#define KERNEL(name_, bands_, sign_, expression_, formula_, title_, source_) \
	LDN_CLONES static void compute_##name_(const double *const *bands, size_t n, double *restrict out) \
	{ \
		const double *restrict blue = bands[LDN_BLUE], *restrict green = bands[LDN_GREEN], *restrict red = bands[LDN_RED]; \
		const double *restrict nir = bands[LDN_NIR], *restrict swir1 = bands[LDN_SWIR1], *restrict swir2 = bands[LDN_SWIR2]; \
		(void)blue, (void)green, (void)red, (void)nir, (void)swir1, (void)swir2; \
		for (size_t i = 0; i < n; i++) \
			out[i] = expression_; \
	}
INDICES(KERNEL)
#undef B
#undef G
#undef R
#undef N
#undef S1
#undef S2

#define POINTER(name_, bands_, sign_, expression_, formula_, title_, source_) compute_##name_,
static void (*const kernels[LDN_INDICES])(const double *const *bands, size_t n, double *restrict out) = {INDICES(POINTER)};

static char capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_name(const char *a, const char *b)
{
	while (*a && capital(*a) == capital(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

const ldn_index *ldn_index_find(const char *name)
{
	for (size_t k = 0; k < LDN_INDICES; k++)
		if (same_name(ldn_indices[k].name, name))
			return &ldn_indices[k];
	return NULL;
}

ldn_status ldn_index_compute(const ldn_index *index, const double *const bands[LDN_BANDS], size_t n, double *out)
{
	if (index < ldn_indices || index >= ldn_indices + LDN_INDICES)
		return LDN_ERROR_ARGUMENT;
	for (int b = 0; b < LDN_BANDS; b++)
		if ((index->bands & 1u << b) && !bands[b])
			return LDN_ERROR_ARGUMENT;
	kernels[index - ldn_indices](bands, n, out);
	return LDN_OK;
}

void ldn_bands_mark_missing(double *const bands[LDN_BANDS], size_t n)
{
	double *given[LDN_BANDS];
	int count = 0;

	for (int b = 0; b < LDN_BANDS; b++)
		if (bands[b])
			given[count++] = bands[b];
	for (size_t i = 0; count > 1 && i < n; i++) {
		bool zero = true;
		for (int b = 0; b < count && zero; b++)
			zero = given[b][i] == 0;
		for (int b = 0; b < count && zero; b++)
			given[b][i] = NAN;
	}
}
