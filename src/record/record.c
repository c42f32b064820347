#include "record/record.h"

#include <string.h>

#include "base/canonical.h"
#include "base/slug.h"
#include "record/message.h"

const char *const record_state_names[] = { "draft", "submitted", "in review", "published", "withdrawn" };

void record_free(record *r)
{
	if (!r)
		return;
	g_free(r->id);
	g_free(r->time);
	g_free(r->author);
	g_free(r->reason);
	g_free(r->previous);
	json_decref(r->body);
	g_free(r);
}

record *record_copy(const record *r)
{
	record *copy = g_new(record, 1);
	*copy = *r;
	copy->id = g_strdup(r->id);
	copy->time = g_strdup(r->time);
	copy->author = g_strdup(r->author);
	copy->reason = g_strdup(r->reason);
	copy->previous = g_strdup(r->previous);
	copy->body = json_deep_copy(r->body);
	return copy;
}

json_t *record_to_json(const record *r)
{
	json_t *envelope = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "kind", r->kind->name, "id", r->id, "revision", (json_int_t)r->revision,
	    "state", record_state_names[r->state], "time", r->time, "author", r->author);
	if (r->reason)
		json_object_set_new(envelope, "reason", json_string(r->reason));
	if (r->previous)
		json_object_set_new(envelope, "previous", json_string(r->previous));
	json_object_set(envelope, "body", r->body);
	return envelope;
}

static gboolean refuse(GError **error, const char *what, const char *remedy)
{
	g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_FAILED, _("The record's %s is missing or wrong. %s"), what, remedy);
	return FALSE;
}

static gboolean state_from_name(const char *name, record_state *state)
{
	for (gsize i = 0; name && i < G_N_ELEMENTS(record_state_names); i++)
		if (strcmp(name, record_state_names[i]) == 0) {
			*state = (record_state)i;
			return TRUE;
		}
	return FALSE;
}

static gboolean time_is_valid(const char *time)
{
	if (!time || strlen(time) != 20 || time[19] != 'Z')
		return FALSE;
	g_autoptr(GDateTime) parsed = g_date_time_new_from_iso8601(time, NULL);
	g_autofree char *again = parsed ? g_date_time_format(parsed, "%Y-%m-%dT%H:%M:%SZ") : NULL;
	return g_strcmp0(time, again) == 0;
}

static gboolean hash_is_valid(const char *hash)
{
	return strlen(hash) == 64 && strspn(hash, "0123456789abcdef") == 64;
}

static gboolean envelope_read(record *r, const json_t *envelope, GError **error)
{
	const char *kind_name = json_string_value(json_object_get(envelope, "kind")), *id = json_string_value(json_object_get(envelope, "id"));
	const char *time = json_string_value(json_object_get(envelope, "time")), *author = json_string_value(json_object_get(envelope, "author"));
	const json_t *revision = json_object_get(envelope, "revision"), *reason = json_object_get(envelope, "reason"), *previous = json_object_get(envelope, "previous");
	json_t *body = json_object_get(envelope, "body");

	if (!kind_name || !(r->kind = kind_by_name(kind_name)))
		return refuse(error, "kind", _("Name one of the kinds that \"aftermine schema\" lists."));
	if (!id || !id_is_valid(id))
		return refuse(error, "id", _("Use lower-case letters, digits and single hyphens, at most 120 bytes."));
	if (!json_is_integer(revision) || json_integer_value(revision) < 1 || json_integer_value(revision) > G_MAXINT32)
		return refuse(error, "revision", _("Count revisions from 1."));
	if (!state_from_name(json_string_value(json_object_get(envelope, "state")), &r->state))
		return refuse(error, "state", _("It is draft, submitted, in review, published or withdrawn."));
	if (!time_is_valid(time))
		return refuse(error, "time", _("Write it in UTC as 2026-08-24T10:30:00Z."));
	if (!author || !*author)
		return refuse(error, "author", _("Name the organisation or role that answers for the revision."));
	if (reason && !json_is_string(reason))
		return refuse(error, "reason", _("Write it as text, or leave it out."));
	if (previous && (!json_is_string(previous) || !hash_is_valid(json_string_value(previous))))
		return refuse(error, "previous", _("Give the SHA-256 of the revision before, or leave it out for the first."));
	if (!json_is_object(body))
		return refuse(error, "body", _("Give the fields that its kind declares."));

	r->id = g_strdup(id);
	r->revision = (guint)json_integer_value(revision);
	r->time = g_strdup(time);
	r->author = g_strdup(author);
	r->reason = g_strdup(json_string_value(reason));
	r->previous = g_strdup(json_string_value(previous));
	r->body = json_incref(body);
	return TRUE;
}

record *record_from_json(const json_t *envelope, GError **error)
{
	g_autoptr(record) r = g_new0(record, 1);
	g_autofree char *bytes = envelope_read(r, envelope, error) ? record_canonical(r, NULL, error) : NULL;
	return bytes ? g_steal_pointer(&r) : NULL;
}

record *record_from_excerpt(const char *bytes, gsize length, const char *hash, GError **error)
{
	json_error_t at;
	json_auto_t *envelope = canonical_read(bytes, length);
	g_autoptr(record) r = g_new0(record, 1);
	if (!envelope)
		envelope = json_loadb(bytes, length, 0, &at);
	if (!envelope) {
		refuse(error, "text", at.text);
		return NULL;
	}
	if (!envelope_read(r, envelope, error))
		return NULL;
	g_strlcpy(r->hash, hash, sizeof r->hash);
	return g_steal_pointer(&r);
}

record *record_from_canonical(const char *bytes, gsize length, GError **error)
{
	g_autofree char *hash = sha256_hex(bytes, length);
	return record_from_excerpt(bytes, length, hash, error);
}

char *record_canonical(record *r, gsize *length, GError **error)
{
	json_auto_t *envelope = record_to_json(r);
	gsize n;
	char *bytes = canonical_text(envelope, &n, error);
	if (!bytes)
		return NULL;
	g_autofree char *hash = sha256_hex(bytes, n);
	g_strlcpy(r->hash, hash, sizeof r->hash);
	if (length)
		*length = n;
	return bytes;
}

static const char *body_text(const record *r, const char *name)
{
	const char *text = name ? json_string_value(json_object_get(r->body, name)) : NULL;
	return text ? text : "";
}

const char *record_title(const record *r)
{
	return body_text(r, r->kind->title);
}

const char *record_summary(const record *r)
{
	return body_text(r, r->kind->summary);
}

gboolean id_is_valid(const char *id)
{
	return slug_is_valid(id);
}

char *id_from_text(const char *text)
{
	return slug_from_text(text);
}

const char *record_entry(const char *canonical, gsize length, char buffer[static 72], gsize *entry_length)
{
	*entry_length = length;
	if (length <= RECORD_ENTRY_BYTES)
		return canonical;
	g_autofree char *hash = sha256_hex(canonical, length);
	*entry_length = (gsize)g_snprintf(buffer, 72, "sha256:%s", hash);
	return buffer;
}
