#include "ldn/balance.h"

#include <math.h>

ldn_status ldn_balance_types(size_t n, size_t count, const int16_t *layers, const int32_t *radix, int32_t *type)
{
	int64_t product = 1;
	for (size_t k = 0; k < count; k++) {
		if (radix[k] < 1)
			return LDN_ERROR_ARGUMENT;
		product *= radix[k];
		if (product > INT32_MAX)
			return LDN_ERROR_OVERFLOW;
	}
	for (size_t i = 0; i < n; i++)
		type[i] = 0;
	for (size_t k = 0; k < count; k++) {
		const int16_t *layer = layers + k * n;
		for (size_t i = 0; i < n; i++) {
			int known = type[i] >= 0 && layer[i] >= 0 && layer[i] < radix[k];
			type[i] = known ? type[i] * radix[k] + layer[i] : -1;
		}
	}
	return LDN_OK;
}

void ldn_balance_gain_loss(size_t n, const int16_t *status, int16_t *gain_loss)
{
	static const int16_t table[9] = {LDN_NODATA, -1, -1, 0, 0, 0, 1, 1, LDN_NODATA};
	for (size_t i = 0; i < n; i++) {
		uint16_t s = (uint16_t)status[i];
		gain_loss[i] = table[s < 8 ? s : 8];
	}
}

static void finish(ldn_balance *balance)
{
	balance->net = balance->gains - balance->losses;
	balance->total = balance->gains + balance->losses + balance->neutral;
	balance->percent = balance->total > 0.0 ? 100.0 * balance->net / balance->total : NAN;
	balance->counted = balance->gains > 0.0 || balance->losses > 0.0;
	balance->achieved = balance->net >= 0.0;
}

ldn_status ldn_balance_of(const ldn_table *table, size_t type, ldn_balance *balance)
{
	if (table->bins != 4 || type >= table->zones)
		return LDN_ERROR_ARGUMENT;
	*balance = (ldn_balance){
		.losses = ldn_table_value(table, type, 0),
		.neutral = ldn_table_value(table, type, 1),
		.gains = ldn_table_value(table, type, 2),
		.unknown = ldn_table_value(table, type, 3)};
	finish(balance);
	return LDN_OK;
}

ldn_status ldn_balance_neutrality(const ldn_table *table, ldn_neutrality *neutrality)
{
	*neutrality = (ldn_neutrality){0};
	for (size_t type = 0; type < table->zones; type++) {
		ldn_balance one;
		ldn_status status = ldn_balance_of(table, type, &one);
		if (status != LDN_OK)
			return status;
		if (!one.counted)
			continue;
		neutrality->types++;
		neutrality->sum.gains += one.gains;
		neutrality->sum.losses += one.losses;
		neutrality->sum.neutral += one.neutral;
		neutrality->sum.unknown += one.unknown;
		if (!one.achieved) {
			neutrality->failing++;
			neutrality->failing_area += one.total;
			neutrality->failing_net += one.net;
		}
	}
	finish(&neutrality->sum);
	neutrality->achieved = neutrality->failing == 0;
	return LDN_OK;
}

void ldn_balance_hierarchy(size_t n, const int16_t *indicator, const int16_t *lpd, const int16_t *risk, int16_t *response)
{
	for (size_t i = 0; i < n; i++) {
		int stressed = (lpd && lpd[i] == 3) || (risk && risk[i] > 0);
		int16_t sound = stressed ? LDN_REDUCE : LDN_AVOID;
		int known = indicator[i] >= LDN_DEGRADED && indicator[i] <= LDN_IMPROVED;
		response[i] = !known ? LDN_NODATA : indicator[i] == LDN_DEGRADED ? LDN_REVERSE : sound;
	}
}
