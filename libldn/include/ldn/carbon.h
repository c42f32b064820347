/* Soil organic carbon, 0-30 cm, from land cover change (IPCC tier 1 land-use factors; Trends.Earth gee/soc.py, PRAIS4 manual SO 1-3).
 *
 * A change of land cover moves the stock towards factor * stock in 20 equal yearly steps. Stocks are t C/ha in double, NaN is no data.
 * Management and input factors are 1. Land cover is the UNCCD class 0..7 (ldn_unccd_class), 0 is no data.
 * Percents and classes may be written onto an input of the same type, stocks may not.
 */
#ifndef LDN_CARBON_H
#define LDN_CARBON_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_CARBON_ZONES 13   /* IPCC climate zone codes 0 (unknown), 1 .. 12 */

/* factor[zone][from][to]; NaN: unknown, the stock becomes no data where such a change happens. steps: years until a change has worked
 * out. */
typedef struct ldn_carbon_factors {
	double factor[LDN_CARBON_ZONES][8][8];
	int steps;
} ldn_carbon_factors;

/* The table of the method. crop_factor: the f of tree, grass <-> crop for every zone, or NaN to take each zone's own
 * (rule->zone0_factor for zone 0; dry temperate to polar 0.80, moist 0.69, tropical dry 0.58, tropical wet and moist 0.48, tropical
 * montane 0.64). */
LDN_API void ldn_carbon_factors_default(const ldn_carbon_rule *rule, double crop_factor, ldn_carbon_factors *factors);

/* Bytes of scratch for n pixels in ldn_carbon_annual. */
LDN_API size_t ldn_carbon_scratch(size_t n);

/* Stocks of every year. cover is year-major [years * n], stock too; reference [n] is the stock of the first year, zone [n] codes 0..12
 * (anything else: unknown). Missing cover in a later year: no event, the clock of the running change stands still; missing in the
 * first two years, or a missing reference: no data for every year. LDN_ERROR_ARGUMENT: years < 2; LDN_ERROR_SCRATCH. */
LDN_API ldn_status ldn_carbon_annual(const ldn_carbon_factors *factors, size_t n, size_t years, const uint8_t *cover,
	const double *reference, const uint8_t *zone, double *stock, void *scratch, size_t scratch_bytes);

/* Two dates only: the change is set in the middle of the period, t0 + floor(years / 2), so that min(years - floor(years / 2), 20)
 * steps count (Trends.Earth's offline rule). end [n] is the stock at the second date, percent [n] (may be NULL) its change; te rounds
 * both to whole numbers, the percent from the rounded stock. */
LDN_API void ldn_carbon_two_dates(const ldn_carbon_rule *rule, const ldn_carbon_factors *factors, size_t n, int years, const uint8_t *from,
	const uint8_t *to, const double *reference, const uint8_t *zone, double *end, double *percent);

/* Percent change 100 (end - start) / start, by the rule whole or not; NaN where a stock is missing or start is 0. */
LDN_API void ldn_carbon_percent(const ldn_carbon_rule *rule, size_t n, const double *start, const double *end, double *percent);

/* Class of a percent change, and of two stocks. A loss beyond rule->lowest_percent keeps its number (te). water[i] != 0 (water in the
 * *initial* land cover) gives no data; water may be NULL. Stocks are compared multiplied out, 100 (end - start) against the limit
 * times start. Within 1e-9 per cent of a limit a change is exactly that limit. */
LDN_API void ldn_carbon_class(const ldn_carbon_rule *rule, size_t n, const double *percent, const uint8_t *water, int16_t *classes);
LDN_API void ldn_carbon_class_stocks(const ldn_carbon_rule *rule, size_t n, const double *start, const double *end, const uint8_t *water,
	int16_t *classes);

/* The same for stocks and percents kept as int16 (LDN_NODATA missing), as the peer and most ready-made layers keep them. */
LDN_API void ldn_carbon_from_int16(size_t n, const int16_t *in, double *out);
LDN_API void ldn_carbon_to_int16(size_t n, const double *in, int16_t *out); /* towards zero; outside int16 or NaN: LDN_NODATA */
LDN_API void ldn_carbon_class_int16(const ldn_carbon_rule *rule, size_t n, const int16_t *percent, const uint8_t *water, int16_t *classes);
LDN_API void ldn_carbon_class_stocks_int16(const ldn_carbon_rule *rule, size_t n, const int16_t *start, const int16_t *end,
	const uint8_t *water, int16_t *classes);

#ifdef __cplusplus
}
#endif
#endif
