#include "kernel.h"

#include <stdlib.h>

void kendall_build(kendall *out, size_t years)
{
	size_t size = ldn_kendall_size(years);
	out->memory = memory_new(size, 1);
	out->table = ldn_kendall_build(out->memory, size, years);
}

void kendall_free(kendall *out)
{
	free(out->memory);
	out->memory = NULL;
}

bool kernel_failed(ldn_status status, const char *doing, failure *why)
{
	const char *remedy = status == LDN_ERROR_DOMAIN ? _("; this profile has no rule for this number of years, choose others or another --profile") : "";
	return failure_set(why, _("%s cannot be computed: %s%s"), doing, ldn_status_text(status), remedy);
}

const char cite_mann_kendall[] = "Mann 1945, Econometrica 13, 245-259; Kendall 1975, Rank Correlation Methods; Sen 1968, J. Am. Stat. Assoc. 63, 1379-1389";
const char cite_trends_earth[] = "Trends.Earth, Conservation International: trends.earth-algorithms 35b2b7d";
const char cite_jrc[] = "Ivits & Cherlet 2013, Land-Productivity Dynamics, JRC; Rotllan-Puig, Ivits & Cherlet 2021, Ecol. Indic. 133, 108386 (LPDynR 1.0.5, e98e4e9)";
const char cite_prais4[] = "UNCCD PRAIS 4 reporting manual, strategic objective 1, 2026 round";
const char cite_gpg2[] = "Sims et al. 2021, Good Practice Guidance, SDG indicator 15.3.1, version 2, UNCCD";
const char cite_carbon[] = "IPCC 2006, Guidelines for National Greenhouse Gas Inventories, vol. 4, tier 1 land-use factors";
const char cite_neutrality[] = "Orr et al. 2017, Scientific Conceptual Framework for Land Degradation Neutrality, UNCCD; Cowie et al. 2018, Environ. Sci. Policy 79, 25-35";
const char cite_area[] = "Snyder 1987, Map Projections: A Working Manual, USGS Professional Paper 1395";
const char cite_landtrendr[] = "Kennedy, Yang & Cohen 2010, Remote Sens. Environ. 114, 2897-2910 (LandTrendr)";
const char cite_recovery[] = "Kennedy et al. 2012, Remote Sens. Environ. 122, 117-133 (RRI); Pickell et al. 2016, Int. J. Remote Sens. 37, 5738-5761 (R80P, Y2R); "
	"PEOPLE-ER/Spectral-Recovery 733f51d (names and edge cases)";

const char *cite_profile(const ldn_profile *profile)
{
	static const char *const sources[] = {[LDN_PRAIS4] = cite_prais4, [LDN_TE] = cite_trends_earth, [LDN_GPG2] = cite_gpg2};
	return sources[profile->id];
}
