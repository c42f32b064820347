#include "vector_inside.h"

#include <math.h>
#include <string.h>

static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; at && *at; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == length && strncmp(at, name, length) == 0)
			return true;
	return false;
}

/* Attributes that say how KML is drawn, not what it is. */
static bool is_drawing(const char *form, const char *name)
{
	return strcmp(form, "KML") == 0 && listed("tessellate,extrude,visibility,drawOrder,icon,altitudeMode", name);
}

/* Text that is UTF-8, or else read as Latin-1; at most VECTOR_TEXT_MOST bytes, whole characters. */
static json_t *text_json(const char *text, unsigned *traits)
{
	size_t length = strlen(text);
	if (length > VECTOR_TEXT_MOST) {
		*traits |= TRAIT_CUT;
		for (length = VECTOR_TEXT_MOST; length && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
			;
	}
	json_t *json = json_stringn(text, length);
	if (json)
		return json;
	*traits |= TRAIT_LATIN;
	autofree char *wide = memory_new(2 * length + 1, 1);
	size_t n = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x80)
			wide[n++] = (char)(0xc0 | c >> 6);
		wide[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	return json_stringn(wide, n);
}

static json_t *time_json(OGRFeatureH feature, int i, OGRFieldType type)
{
	int year, month, day, hour, minute, second, zone;
	char text[40];
	if (!OGR_F_GetFieldAsDateTime(feature, i, &year, &month, &day, &hour, &minute, &second, &zone))
		return json_null();
	if (type == OFTDate)
		snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	else if (type == OFTTime)
		snprintf(text, sizeof text, "%02d:%02d:%02d", hour, minute, second);
	else
		snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%s", year, month, day, hour, minute, second, zone == 100 ? "Z" : "");
	return json_string(text);
}

static json_t *value_json(OGRFeatureH feature, int i, OGRFieldDefnH field, unsigned *traits)
{
	OGRFieldType type = OGR_Fld_GetType(field);
	if (!OGR_F_IsFieldSetAndNotNull(feature, i) || type == OFTBinary)
		return json_null();
	switch ((int)type) {
	case OFTInteger:
		return OGR_Fld_GetSubType(field) == OFSTBoolean ? json_boolean(OGR_F_GetFieldAsInteger(feature, i)) : json_integer(OGR_F_GetFieldAsInteger(feature, i));
	case OFTInteger64:
		return json_integer(OGR_F_GetFieldAsInteger64(feature, i));
	case OFTReal:
		return isfinite(OGR_F_GetFieldAsDouble(feature, i)) ? json_real(OGR_F_GetFieldAsDouble(feature, i)) : json_null();
	case OFTDate:
	case OFTTime:
	case OFTDateTime:
		return time_json(feature, i, type);
	default:
		return text_json(OGR_F_GetFieldAsString(feature, i), traits);
	}
}

json_t *vector_properties(OGRFeatureH feature, const vector_wish *wish, const char *form, vector_feature *f)
{
	json_t *all = json_object();
	for (int i = 0; i < OGR_F_GetFieldCount(feature); i++) {
		OGRFieldDefnH field = OGR_F_GetFieldDefnRef(feature, i);
		const char *name = OGR_Fld_GetNameRef(field);
		if (!f->country[0] && listed(wish->country_field, name) && OGR_F_IsFieldSetAndNotNull(feature, i)) {
			const char *code = OGR_F_GetFieldAsString(feature, i);
			if (strlen(code) == 3 && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3)
				memcpy(f->country, code, sizeof f->country);
		}
		if ((wish->fields && !listed(wish->fields, name)) || is_drawing(form, name))
			continue;
		json_t *key = text_json(name, &f->body.traits);
		json_object_set_new(all, json_string_value(key), value_json(feature, i, field, &f->body.traits));
		json_decref(key);
	}
	return all;
}
