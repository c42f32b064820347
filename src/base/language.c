#include "base/language.h"

#include <gio/gio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "base/catalogue.h"

#define DECIMALS 7
#define DIGITS 7

/* Catalogues and country names (locale/meson.build); programs without them speak English and name countries by code. */
extern const guint8 locale_bundle[] __attribute__((weak));
extern const guint8 locale_bundle_end[] __attribute__((weak));

#define GROUPED 3

struct language {
	const char *tag, *name, *locale; /* locale: what ICU knows it by */
	const char *countries;           /* the language that country names are taken from */
	gboolean rtl, hidden;
	gsize loaded;
	gboolean plain;                  /* numbers are written with the digits 0 to 9 */
	char thousands[GROUPED][8];      /* what stands before the last three digits of whole numbers of four, five and six */
	char point[8];                   /* what stands before decimals */
	catalogue *messages;
	GHashTable *names; /* ISO 3166-1 alpha-3 -> name */
	UNumberFormatter *number[DECIMALS], *significant[DIGITS], *percent[DECIMALS];
	UListFormatter *list;
	UCollator *collator;
	UDateFormat *dates[2]; /* month, day */
	GMutex dates_lock;     /* formatting a date changes the formatter's calendar */
};

/* In the order offered. English is written the international way: 24 August 2026. */
static language languages[] = {
	{ "en", "English", "en_GB", "en", FALSE, FALSE },
	{ "mn", "Монгол", "mn", "mn", FALSE, FALSE },
	{ "fr", "Français", "fr", "fr", FALSE, FALSE },
	{ "es", "Español", "es", "es", FALSE, FALSE },
	{ "ru", "Русский", "ru", "ru", FALSE, FALSE },
	{ "zh", "中文", "zh", "zh", FALSE, FALSE },
	{ "ar", "العربية", "ar", "ar", TRUE, FALSE },
	{ "en-XA", "[Ƥşḗŭḓŏ]", "en_GB", "en", FALSE, TRUE },
	{ "ar-XB", "Pseudo (right to left)", "ar_EG", "ar", TRUE, TRUE },
};

static GResource *bundle(void)
{
	static gsize once;
	static GResource *resource;
	if (g_once_init_enter(&once)) {
		if (locale_bundle) {
			g_autoptr(GBytes) bytes = g_bytes_new_static(locale_bundle, (gsize)(locale_bundle_end - locale_bundle));
			resource = g_resource_new_from_data(bytes, NULL);
		}
		g_once_init_leave(&once, 1);
	}
	return resource;
}

static GBytes *bundle_file(const char *folder, const char *name, const char *ending)
{
	g_autofree char *path = g_strconcat("/aftermine/", folder, "/", name, ending, NULL);
	return bundle() ? g_resource_lookup_data(bundle(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL) : NULL;
}

static gboolean is_offered(const language *l)
{
	g_autoptr(GBytes) bytes = bundle_file("locale", l->tag, ".mo");
	return l == &languages[0] || bytes;
}

static const char **offered(gboolean hidden)
{
	const char **tags = g_new0(const char *, G_N_ELEMENTS(languages) + 1);
	gsize n = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (languages[i].hidden == hidden && is_offered(&languages[i]))
			tags[n++] = languages[i].tag;
	return tags;
}

const char *const *language_tags(void)
{
	static gsize once;
	if (g_once_init_enter(&once))
		g_once_init_leave(&once, (gsize)offered(FALSE));
	return (const char *const *)once;
}

static void load_countries(language *l)
{
	l->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GBytes) bytes = bundle_file("countries", l->countries, ".json");
	if (!bytes)
		return;
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	json_t *names = json_loadb(data, size, 0, NULL);
	const char *code;
	json_t *name;
	json_object_foreach(names, code, name)
		g_hash_table_insert(l->names, g_strdup(code), g_strdup(json_string_value(name)));
	json_decref(names);
}

static char *to_utf8(const UChar *text, int32_t length)
{
	return g_utf16_to_utf8((const gunichar2 *)text, length, NULL, NULL, NULL);
}

static char *format_number(const UNumberFormatter *format, double value)
{
	UChar text[512];
	UErrorCode code = U_ZERO_ERROR;
	char *out = NULL;
	UFormattedNumber *result = unumf_openResult(&code);
	if (format && U_SUCCESS(code) && isfinite(value)) {
		unumf_formatDouble(format, value, result, &code);
		int32_t length = unumf_resultToString(result, text, G_N_ELEMENTS(text), &code);
		out = U_SUCCESS(code) ? to_utf8(text, length) : NULL;
	}
	unumf_closeResult(result);
	return out ? out : g_strdup("–");
}

static UNumberFormatter *open_number(const language *l, const char *skeleton)
{
	UChar text[64];
	UErrorCode code = U_ZERO_ERROR;
	u_uastrncpy(text, skeleton, G_N_ELEMENTS(text));
	UNumberFormatter *format = unumf_openForSkeletonAndLocale(text, -1, l->locale, &code);
	return U_SUCCESS(code) ? format : NULL;
}

static void load_numbers(language *l)
{
	static const char fill[] = "#######";
	char skeleton[64];
	for (int i = 0; i < DECIMALS; i++) {
		g_snprintf(skeleton, sizeof skeleton, "%s%.*s rounding-mode-half-up", i ? "." : "precision-integer", i, fill);
		l->number[i] = open_number(l, skeleton);
		g_snprintf(skeleton, sizeof skeleton, "percent scale/100 %s%.*s rounding-mode-half-up", i ? "." : "precision-integer", i, fill);
		l->percent[i] = open_number(l, skeleton);
	}
	for (int i = 0; i < DIGITS; i++) {
		g_snprintf(skeleton, sizeof skeleton, "@%.*s rounding-mode-half-up", i, fill);
		l->significant[i] = open_number(l, skeleton);
	}
	g_autofree char *digits = format_number(l->number[0], 987);
	l->plain = strcmp(digits, "987") == 0;
	for (int i = 0; i < GROUPED; i++) {
		static const struct { double value; const char *front; } shapes[GROUPED] = { { 1456, "1" }, { 12456, "12" }, { 123456, "123" } };
		g_autofree char *whole = format_number(l->number[0], shapes[i].value);
		gsize length = strlen(whole), front = strlen(shapes[i].front);
		l->plain = l->plain && g_str_has_prefix(whole, shapes[i].front) && g_str_has_suffix(whole, "456") && length - front - 3 < sizeof l->thousands[i];
		if (l->plain)
			g_snprintf(l->thousands[i], sizeof l->thousands[i], "%.*s", (int)(length - front - 3), whole + front);
	}
	g_autofree char *half = format_number(l->number[1], 1.5);
	gsize length = strlen(half);
	l->plain = l->plain && g_str_has_prefix(half, "1") && g_str_has_suffix(half, "5") && length - 2 < sizeof l->point;
	if (l->plain)
		g_snprintf(l->point, sizeof l->point, "%.*s", (int)(length - 2), half + 1);
}

static void load_dates(language *l)
{
	static const char *const skeletons[] = { "yMMMM", "yMMMMd" };
	static const UChar utc[] = u"UTC";
	UErrorCode code = U_ZERO_ERROR;
	UDateTimePatternGenerator *generator = udatpg_open(l->locale, &code);
	for (gsize i = 0; i < G_N_ELEMENTS(skeletons) && U_SUCCESS(code); i++) {
		UChar skeleton[16], pattern[64];
		u_uastrncpy(skeleton, skeletons[i], G_N_ELEMENTS(skeleton));
		int32_t length = udatpg_getBestPattern(generator, skeleton, -1, pattern, G_N_ELEMENTS(pattern), &code);
		l->dates[i] = udat_open(UDAT_PATTERN, UDAT_PATTERN, l->locale, utc, -1, pattern, length, &code);
	}
	udatpg_close(generator);
}

const language *language_get(const char *tag)
{
	language *l = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(languages) && !l; i++)
		if (g_ascii_strcasecmp(languages[i].tag, tag) == 0)
			l = &languages[i];
	if (!l || (!__atomic_load_n(&l->loaded, __ATOMIC_ACQUIRE) && !is_offered(l)))
		return NULL;
	if (g_once_init_enter(&l->loaded)) {
		g_autoptr(GBytes) bytes = bundle_file("locale", l->tag, ".mo");
		g_autoptr(GError) error = NULL;
		l->messages = bytes ? catalogue_new(bytes, &error) : NULL;
		if (error)
			g_error("locale/%s.mo: %s", l->tag, error->message); /* built in, so a broken build */
		load_countries(l);
		load_numbers(l);
		load_dates(l);
		UErrorCode code = U_ZERO_ERROR;
		l->list = ulistfmt_open(l->locale, &code);
		code = U_ZERO_ERROR;
		l->collator = ucol_open(l->locale, &code);
		g_once_init_leave(&l->loaded, 1);
	}
	return l;
}

/* Weight of one language range of Accept-Language, 0..1000; -1 if it is malformed. */
static int range_weight(const char *parameters)
{
	while (*parameters == ' ' || *parameters == '\t')
		parameters++;
	if (*parameters == '\0')
		return 1000;
	if (g_ascii_strncasecmp(parameters, "q=", 2) != 0 || (parameters[2] != '0' && parameters[2] != '1'))
		return -1;
	int weight = (parameters[2] - '0') * 1000;
	int unit = 100;
	if (parameters[3] == '.')
		for (const char *digit = parameters + 4; g_ascii_isdigit(*digit) && unit; digit++, unit /= 10)
			weight += (*digit - '0') * unit;
	return MIN(weight, 1000);
}

const language *language_negotiate(const char *accept_language)
{
	const char *best = NULL;
	int best_weight = 0;
	g_auto(GStrv) ranges = g_strsplit(accept_language ? accept_language : "", ",", 32);
	for (char **range = ranges; *range; range++) {
		char *parameters = strchr(*range, ';');
		if (parameters)
			*parameters++ = '\0';
		g_strstrip(*range);
		int weight = range_weight(parameters ? parameters : "");
		if (weight <= best_weight)
			continue;
		for (const char *const *tag = language_tags(); *tag; tag++) {
			gsize length = strlen(*tag);
			if (g_ascii_strncasecmp(*range, *tag, length) == 0 && ((*range)[length] == '\0' || (*range)[length] == '-')) {
				best = *tag;
				best_weight = weight;
			}
		}
	}
	return language_get(best ? best : "en");
}

const char *language_tag(const language *l)
{
	return l->tag;
}

const char *language_name(const language *l)
{
	return l->name;
}

gboolean language_is_rtl(const language *l)
{
	return l->rtl;
}

static GPrivate spoken;

void language_speak(const language *l)
{
	g_private_set(&spoken, (gpointer)l);
}

const language *language_spoken(void)
{
	return g_private_get(&spoken);
}

const char *language_said(const char *message)
{
	const language *l = g_private_get(&spoken);
	return l ? language_text(l, message) : message;
}

const char *language_text(const language *l, const char *message)
{
	const char *text = l->messages ? catalogue_text(l->messages, NULL, message) : NULL;
	return text ? text : message;
}

const char *language_plural(const language *l, const char *one, const char *many, guint64 n)
{
	const char *text = l->messages ? catalogue_plural(l->messages, one, n) : NULL;
	return text ? text : n == 1 ? one : many;
}

/* Decimals of a number below a million that has no more than these: how many, and the number as a whole of them. FALSE: it has more. */
static gboolean in_decimals(double value, int most, int *decimals, guint64 *whole)
{
	static const double powers[DECIMALS] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	for (*decimals = 0; *decimals <= most; ++*decimals) {
		*whole = (guint64)(value * powers[*decimals] + 0.5);
		if ((double)*whole / powers[*decimals] == value) /* it is the number nearest to these digits */
			return TRUE;
	}
	return FALSE;
}

/* A number of so many decimals, the whole of which is below a million, with what stands before the thousands and the decimals. */
static void write_plainly(const language *l, guint64 n, int decimals, char out[static LANGUAGE_NUMBER])
{
	char text[LANGUAGE_NUMBER], *at = text + sizeof text - 1;
	gsize length = strlen(l->point);
	*at = '\0';
	for (int i = 0; i < decimals; i++, n /= 10)
		*--at = (char)('0' + n % 10);
	if (decimals)
		memcpy(at -= length, l->point, length);
	const char *mark = n < 1000 ? "" : l->thousands[(n >= 10000) + (n >= 100000)];
	length = strlen(mark);
	for (guint i = 0; n || i == 0; i++, n /= 10) {
		if (i == 3)
			memcpy(at -= length, mark, length);
		*--at = (char)('0' + n % 10);
	}
	memcpy(out, at, (gsize)(text + sizeof text - at));
}

gboolean language_number_into(const language *l, double value, int max_decimals, char out[static LANGUAGE_NUMBER])
{
	int decimals;
	guint64 whole;
	gboolean plain = l->plain && value > 0 && value < 1e6 && in_decimals(value, CLAMP(max_decimals, 0, DECIMALS - 1), &decimals, &whole);
	if (plain)
		write_plainly(l, whole, decimals, out);
	return plain;
}

char *language_number(const language *l, double value, int max_decimals)
{
	char plain[LANGUAGE_NUMBER];
	if (language_number_into(l, value, max_decimals, plain)) /* most can be; ICU takes a microsecond */
		return g_strdup(plain);
	return format_number(l->number[CLAMP(max_decimals, 0, DECIMALS - 1)], value);
}

char *language_significant(const language *l, double value, int digits)
{
	return format_number(l->significant[CLAMP(digits, 1, DIGITS) - 1], value);
}

char *language_percent(const language *l, double share, int max_decimals)
{
	return format_number(l->percent[CLAMP(max_decimals, 0, DECIMALS - 1)], share);
}

char *language_date(const language *l, const char *date)
{
	gsize length = strlen(date);
	gboolean day = length >= 10;
	g_autoptr(GDateTime) time = NULL;
	if (length >= 7 && date[4] == '-') {
		g_autofree char *whole = g_strdup_printf("%.*s%sT00:00:00Z", day ? 10 : 7, date, day ? "" : "-01");
		time = g_date_time_new_from_iso8601(whole, NULL);
	}
	if (!time || !l->dates[day])
		return g_strdup(date);
	UChar text[128];
	UErrorCode code = U_ZERO_ERROR;
	language *own = (language *)l;
	g_mutex_lock(&own->dates_lock);
	int32_t n = udat_format(l->dates[day], (double)g_date_time_to_unix(time) * 1000, text, G_N_ELEMENTS(text), NULL, &code);
	g_mutex_unlock(&own->dates_lock);
	return U_SUCCESS(code) ? to_utf8(text, n) : g_strdup(date);
}

char *language_list(const language *l, const char *const *items)
{
	gsize n = g_strv_length((char **)items);
	if (n == 0)
		return g_strdup("");
	g_autofree const UChar **texts = g_new0(const UChar *, n);
	g_autofree int32_t *lengths = g_new0(int32_t, n);
	gsize total = 64;
	for (gsize i = 0; i < n; i++) {
		glong length = 0;
		texts[i] = (const UChar *)g_utf8_to_utf16(items[i], -1, NULL, &length, NULL);
		lengths[i] = (int32_t)length;
		total += (gsize)length + 32;
	}
	g_autofree UChar *out = g_new(UChar, total);
	UErrorCode code = U_ZERO_ERROR;
	int32_t length = l->list ? ulistfmt_format(l->list, texts, lengths, (int32_t)n, out, (int32_t)total, &code) : 0;
	for (gsize i = 0; i < n; i++)
		g_free((gpointer)texts[i]);
	return U_SUCCESS(code) && length ? to_utf8(out, length) : g_strjoinv(", ", (char **)items);
}

const char *language_country_name(const language *l, const char *iso3)
{
	return g_hash_table_lookup(l->names, iso3);
}

char *language_country(const language *l, const char *iso3)
{
	const char *name = language_country_name(l, iso3);
	return g_strdup(name ? name : iso3);
}

int language_compare(const language *l, const char *a, const char *b)
{
	UErrorCode code = U_ZERO_ERROR;
	if (!l->collator)
		return strcmp(a, b);
	return ucol_strcollUTF8(l->collator, a, -1, b, -1, &code);
}
