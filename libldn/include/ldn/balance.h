/* Land degradation neutrality: gains against losses within each land type, like for like (Orr et al. 2017, Scientific Conceptual
 * Framework for LDN; Trends.Earth counterbalancing.py), and the response hierarchy avoid > reduce > reverse. */
#ifndef LDN_BALANCE_H
#define LDN_BALANCE_H

#include "ldn/status.h"
#include "ldn/zonal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A land type from several layers: sum of layer[k] * radix^position, the first layer the most significant as in Trends.Earth when
 * radix is max + 1 of each. layers [count][n] layer-major; radix[k] > every value of layer k. Any layer no data or outside
 * 0 .. radix - 1: type -1. LDN_ERROR_OVERFLOW: the product of the radices does not fit 2^31 - 1. */
LDN_API ldn_status ldn_balance_types(size_t n, size_t count, const int16_t *layers, const int32_t *radix, int32_t *type);

/* From the 7-class status: gains 6, 7 -> 1; losses 1, 2 -> -1; 3, 4, 5 neutral 0; else LDN_NODATA. */
LDN_API void ldn_balance_gain_loss(size_t n, const int16_t *status, int16_t *gain_loss);

/* One land type's account, from a zonal table with a bin for each value of gain/loss. Areas in square metres. */
typedef struct ldn_balance {
	double gains, losses, neutral, unknown;
	double net;     /* gains - losses */
	double total;   /* gains + losses + neutral: cells with a status */
	double percent; /* 100 net / total; NaN when total is 0 */
	uint8_t counted;  /* 0: neither gain nor loss, left out of the count of types */
	uint8_t achieved; /* net >= 0 */
} ldn_balance;

/* table: areas by zone (the land types in the caller's order) over the axis { LDN_DEGRADED, LDN_IMPROVED } (4 bins).
 * LDN_ERROR_ARGUMENT: another number of bins, or no such type. */
LDN_API ldn_status ldn_balance_of(const ldn_table *table, size_t type, ldn_balance *balance);

/* The whole: neutral only if every counted type is. */
typedef struct ldn_neutrality {
	size_t types, failing;
	double failing_area;  /* total area of the types that fail */
	double failing_net;   /* sum of their (negative) net */
	ldn_balance sum;      /* of every counted type, for information: never the verdict */
	uint8_t achieved;
} ldn_neutrality;
LDN_API ldn_status ldn_balance_neutrality(const ldn_table *table, ldn_neutrality *neutrality);

/* Where to act: degraded -> reverse 3; not degraded and (LPD 3 stressed or risk > 0) -> reduce 2; else avoid 1; no indicator: no data.
 * lpd and risk may be NULL; a missing risk counts as none. (Trends.Earth ldn_planning.py compute_arr_classification) */
typedef enum ldn_response { LDN_AVOID = 1, LDN_REDUCE, LDN_REVERSE } ldn_response;
LDN_API void ldn_balance_hierarchy(size_t n, const int16_t *indicator, const int16_t *lpd, const int16_t *risk, int16_t *response);

#ifdef __cplusplus
}
#endif
#endif
