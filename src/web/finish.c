#include "web/finish.h"

#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>
#include <sodium.h>
#include <string.h>

#include "web/http_date.h"
#include "web/memento.h"

#define SMALLEST_COMPRESSED 512

static const char page_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
	"worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'";
/* A card that other sites show in a frame: a style sheet and nothing else. */
static const char frame_policy[] = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
/* A picture on its own cannot run anything, and may style itself. */
static const char picture_policy[] = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/* What somebody gave us is shown or saved, and nothing more. */
static const char file_policy[] = "default-src 'none'; sandbox";
static const char kept_forever[] = "public, max-age=31536000, immutable";

answer *answer_ref(answer *a)
{
	return g_atomic_rc_box_acquire(a);
}

static void clear(gpointer data)
{
	answer *a = data;
	MHD_destroy_response(a->full);
	g_clear_pointer(&a->body, g_bytes_unref);
}

void answer_unref(answer *a)
{
	g_atomic_rc_box_release_full(a, clear);
}

encoding encoding_accepted(const char *accept, encoding best)
{
	for (encoding e = best; e > ENCODING_IDENTITY && accept; e--) {
		gsize length = strlen(encoding_names[e]);
		for (const char *at = accept; (at = strstr(at, encoding_names[e])); at += length) {
			gboolean begins = at == accept || strchr(" \t,", at[-1]);
			const char *rest = at + length + strspn(at + length, " \t");
			if (!begins || !strchr(",;", *rest)) /* strchr finds the end as well */
				continue;
			const char *quality = *rest == ';' ? strstr(rest, "q=") : NULL;
			if (!quality || quality > rest + strcspn(rest, ",") || g_ascii_strtod(quality + 2, NULL) > 0)
				return e;
		}
	}
	return ENCODING_IDENTITY;
}

gboolean etag_matches(const char *if_none_match, const char *etag)
{
	gsize length = strlen(etag);
	if (!if_none_match || !length)
		return FALSE;
	for (const char *at = if_none_match; *at;) {
		at += strspn(at, " \t,");
		if (*at == '*')
			return TRUE;
		if (g_str_has_prefix(at, "W/"))
			at += 2;
		if (strncmp(at, etag, length) == 0)
			return TRUE;
		if (*at == '"') {
			at += 1 + strcspn(at + 1, "\"");
			at += *at == '"';
		} else {
			at += strcspn(at, ",");
		}
	}
	return FALSE;
}

gboolean answer_is_unchanged(const answer *a, const request *r)
{
	const char *etags = r->headers[HEADER_IF_NONE_MATCH], *since = r->headers[HEADER_IF_MODIFIED_SINCE];
	gint64 seconds;
	if (!a->kept)
		return FALSE;
	return etags ? etag_matches(etags, a->etag) : a->modified && since && http_date_read(since, &seconds) && a->modified <= seconds;
}

static void add(struct MHD_Response *to, const char *name, const char *value)
{
	if (value)
		MHD_add_response_header(to, name, value);
}

static void unref_bytes(void *bytes)
{
	g_bytes_unref(bytes);
}

static struct MHD_Response *response_from(GBytes *body)
{
	gsize size = 0;
	const void *data = body ? g_bytes_get_data(body, &size) : NULL;
	if (size == 0)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_buffer_with_free_callback_cls(size, (void *)data, unref_bytes, g_bytes_ref(body));
}

/* Packing takes memory that serves one thread: each keeps its own. */
static gpointer kept_by_thread(GPrivate *kept, gpointer (*make)(void))
{
	gpointer own = g_private_get(kept);
	if (!own) {
		own = make();
		g_private_set(kept, own);
	}
	return own;
}

#define SMALL_LEVEL 6

static gpointer make_compressor(void)
{
	return libdeflate_alloc_compressor(SMALL_LEVEL);
}

static void free_compressor(gpointer engine)
{
	libdeflate_free_compressor(engine);
}

/* As small as is worth the time where many ask for the same. Both give the length, at most that of the data; 0: it would not be smaller. */
static gsize pack_small(const guint8 *data, gsize size, guint8 *out)
{
	static GPrivate kept = G_PRIVATE_INIT(free_compressor);
	struct libdeflate_compressor *engine = kept_by_thread(&kept, make_compressor);
	return engine ? libdeflate_gzip_compress(engine, data, size, out, size) : 0;
}

typedef struct fast_packer {
	struct isal_zstream stream;
	guint8 tables[ISAL_DEF_LVL1_DEFAULT];
} fast_packer;

/* Of zeros: the library's own beginning leaves how far back it may look (hist_bits) as it finds it. */
static gpointer make_fast_packer(void)
{
	return g_new0(fast_packer, 1);
}

/* As fast as can be: half of libdeflate's time on its fastest level, for 3 % more bytes. */
static gsize pack_fast(const guint8 *data, gsize size, guint8 *out)
{
	static GPrivate kept = G_PRIVATE_INIT(g_free);
	if (size > G_MAXUINT32)
		return 0;
	fast_packer *p = kept_by_thread(&kept, make_fast_packer);
	struct isal_zstream *s = &p->stream;
	isal_deflate_stateless_init(s);
	s->level = 1;
	s->level_buf = p->tables;
	s->level_buf_size = sizeof p->tables;
	s->gzip_flag = IGZIP_GZIP;
	s->end_of_stream = 1;
	s->next_in = (guint8 *)data; /* only read */
	s->avail_in = (guint32)size;
	s->next_out = out;
	s->avail_out = (guint32)size;
	return isal_deflate_stateless(s) == COMP_OK ? s->total_out : 0;
}

/* An answer to a question (an address with a query) is hardly asked for twice, so packing it fast is worth more than packing it small. */
static GBytes *compress_bytes(const request *r, GBytes *body)
{
	gsize size;
	const guint8 *data = g_bytes_get_data(body, &size);
	g_autofree guint8 *out = g_malloc(size);
	gsize length = (strchr(request_address(r), '?') ? pack_fast : pack_small)(data, size, out);
	return length ? g_bytes_new(out, length) : NULL; /* of its own size: what is kept lies beside what is kept */
}

/* The descriptor is libmicrohttpd's from now on. */
static struct MHD_Response *response_from_piece(const piece *p)
{
	return MHD_create_response_from_fd_at_offset64(p->length, p->file, p->first);
}

static gboolean is_compressible(const char *content_type)
{
	return content_type && (g_str_has_prefix(content_type, "text/") || strstr(content_type, "json") || strstr(content_type, "xml") || strstr(content_type, "javascript"));
}

static void set_etag(answer *a, GBytes *body, encoding e)
{
	gsize size;
	const void *data = g_bytes_get_data(body, &size);
	guint8 sum[crypto_generichash_BYTES_MIN];
	char text[2 * sizeof sum + 1];
	crypto_generichash(sum, sizeof sum, data, size, NULL, 0);
	sodium_bin2hex(text, sizeof text, sum, sizeof sum);
	g_snprintf(a->etag, sizeof a->etag, "\"%.20s%s%s\"", text, e ? "-" : "", e ? encoding_names[e] : "");
}

/* Headers of every answer of this type, whole or unchanged. */
static void add_common(struct MHD_Response *to, const char *content_type, const char *policy, gboolean secure)
{
	gboolean page = content_type && g_str_has_prefix(content_type, "text/html");
	add(to, "X-Content-Type-Options", "nosniff");
	add(to, "Content-Security-Policy", policy);
	add(to, "Referrer-Policy", "same-origin");
	if (page) {
		add(to, "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
		add(to, "Cross-Origin-Opener-Policy", "same-origin");
	} else if (content_type) {
		add(to, "Access-Control-Allow-Origin", "*"); /* open data, no cookies */
		add(to, "Access-Control-Expose-Headers", "Accept-Ranges, Content-Crs, Content-Disposition, Content-Range, ETag, Last-Modified, Link, Location, Memento-Datetime, RateLimit, RateLimit-Policy, Retry-After");
	}
	if (secure)
		add(to, "Strict-Transport-Security", "max-age=31536000");
}

/* What a page of another site may send: questions, and nothing that changes anything (Fetch Standard, 3.3.2). */
static void add_preflight(struct MHD_Response *to, const char *methods)
{
	add(to, "Access-Control-Allow-Origin", "*");
	add(to, "Access-Control-Allow-Methods", methods);
	add(to, "Access-Control-Allow-Headers", "Accept, Accept-Datetime, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range");
	add(to, "Access-Control-Max-Age", "86400");
}

static const char *policy_for(const char *content_type, gboolean forever)
{
	if (content_type && g_str_has_prefix(content_type, "image/svg"))
		return picture_policy;
	return forever ? file_policy : page_policy;
}

/* Free with g_free. */
static char *vary_of(gboolean formed, gboolean packed, gboolean worded, gboolean dated)
{
	const char *names[5] = { NULL };
	guint n = 0;
	if (formed)
		names[n++] = "Accept";
	if (packed)
		names[n++] = "Accept-Encoding";
	if (worded)
		names[n++] = "Accept-Language";
	if (dated)
		names[n++] = "Accept-Datetime";
	return n ? g_strjoinv(", ", (char **)names) : NULL;
}

answer *answer_new(const request *r, response *out, encoding e)
{
	answer *a = g_atomic_rc_box_new0(answer);
	gsize size = out->body ? g_bytes_get_size(out->body) : 0;
	g_autoptr(GBytes) packed = NULL;
	gboolean compressible = is_compressible(out->content_type);
	if (e && compressible && size >= SMALLEST_COMPRESSED)
		packed = compress_bytes(r, out->body);
	gboolean kept = (out->status == 200 || out->status == 206) && r->route && r->route->cache != CACHE_NEVER && !out->no_store;
	if (out->piece)
		g_strlcpy(a->etag, out->etag, sizeof a->etag);
	else if (kept)
		set_etag(a, packed ? packed : out->body, packed ? e : ENCODING_IDENTITY);
	a->status = (unsigned)out->status;
	a->body = packed ? g_bytes_ref(packed) : out->body ? g_bytes_ref(out->body) : NULL;
	if (out->piece)
		a->piece = *out->piece;
	g_clear_pointer(&out->piece, g_free);
	a->full = a->piece.length ? response_from_piece(&a->piece) : response_from(a->body);
	a->kept = kept;
	a->size = a->piece.length ? (gsize)a->piece.length : packed ? g_bytes_get_size(packed) : size;
	gboolean worded = out->worded || (out->content_type && (strstr(out->content_type, "html") || strstr(out->content_type, "svg")));
	gboolean negotiated = worded && !r->address.prefix;
	gboolean formed = r->route && r->route->negotiated; /* in words and as data, by Accept */
	g_autofree char *vary = vary_of(formed, compressible || negotiated, negotiated || (formed && !r->address.prefix), !r->as_of && memento_has_past(r));
	char modified[HTTP_DATE_LENGTH + 1] = "", memento[HTTP_DATE_LENGTH + 1] = "";
	a->modified = kept ? out->modified : 0;
	if (out->memento)
		http_date_write(out->memento, memento);
	if (a->modified)
		http_date_write(a->modified, modified);
	gboolean no_store = out->no_store || (r->route && r->route->cache == CACHE_NEVER);
	gboolean forever = kept && r->route->cache == CACHE_FOREVER;
	add_common(a->full, out->content_type, out->framed ? frame_policy : policy_for(out->content_type, forever), g_str_has_prefix(r->site->settings->address, "https:"));
	add(a->full, "Cache-Control", no_store ? "no-store" : forever ? kept_forever : "no-cache");
	add(a->full, "Vary", vary);
	add(a->full, "ETag", a->etag[0] ? a->etag : NULL);
	add(a->full, "Memento-Datetime", out->memento ? memento : NULL);
	add(a->full, "Last-Modified", a->modified ? modified : NULL);
	add(a->full, "Content-Type", out->content_type);
	add(a->full, "Content-Encoding", packed ? encoding_names[e] : NULL);
	add(a->full, "Content-Language", worded ? language_tag(r->language) : NULL);
	add(a->full, "Allow", out->allow);
	if (out->status == 204 && out->allow)
		add_preflight(a->full, out->allow);
	add(a->full, "Location", out->location);
	add(a->full, "Link", out->link);
	add(a->full, "Content-Range", out->content_range);
	add(a->full, "Accept-Ranges", a->piece.length ? "bytes" : NULL);
	if (out->crs) {
		g_autofree char *value = g_strdup_printf("<%s>", out->crs);
		add(a->full, "Content-Crs", value);
	}
	if (out->file_name) {
		g_autofree char *value = g_strdup_printf("attachment; filename=\"%s\"", out->file_name);
		add(a->full, "Content-Disposition", value);
	}
	if (out->retry_after) {
		g_autofree char *value = g_strdup_printf("%u", out->retry_after);
		add(a->full, "Retry-After", value);
	}
	return a;
}

answer *answer_asset(asset *file, encoding e)
{
	if (!file->bytes[e])
		e = e == ENCODING_BROTLI && file->bytes[ENCODING_GZIP] ? ENCODING_GZIP : ENCODING_IDENTITY;
	if (file->answers[e])
		return file->answers[e];
	answer *a = g_atomic_rc_box_new0(answer);
	a->status = 200;
	a->size = g_bytes_get_size(file->bytes[e]);
	a->full = response_from(file->bytes[e]);
	a->kept = TRUE;
	set_etag(a, file->bytes[ENCODING_IDENTITY], e);
	add_common(a->full, file->content_type, policy_for(file->content_type, FALSE), FALSE);
	add(a->full, "Cache-Control", kept_forever);
	add(a->full, "Vary", "Accept-Encoding");
	add(a->full, "ETag", a->etag);
	add(a->full, "Content-Type", file->content_type);
	add(a->full, "Content-Encoding", encoding_names[e]);
	return file->answers[e] = a;
}

static enum MHD_Result copy_header(void *to, enum MHD_ValueKind kind_of, const char *name, const char *value)
{
	(void)kind_of;
	add(to, name, value);
	return MHD_YES;
}

/* What is said of the body stays away where there is none (RFC 9110, 15.4.5). */
static enum MHD_Result copy_unless_of_body(void *to, enum MHD_ValueKind kind_of, const char *name, const char *value)
{
	static const char *const of_body[] = { "Content-Type", "Content-Encoding", "Content-Language", "Content-Crs", "Content-Disposition", "Accept-Ranges", "Content-Range", "Link", NULL };
	return g_strv_contains(of_body, name) ? MHD_YES : copy_header(to, kind_of, name, value);
}

struct MHD_Response *answer_unchanged(const answer *a)
{
	struct MHD_Response *unchanged = response_from(NULL);
	MHD_get_response_headers(a->full, copy_unless_of_body, unchanged);
	return unchanged;
}

struct MHD_Response *answer_told(const answer *a, gboolean unchanged, const char *policy, const limit_state *left)
{
	piece again = a->piece; /* the descriptor belongs to the answer itself */
	gboolean file = !unchanged && again.length && (again.file = fcntl(again.file, F_DUPFD_CLOEXEC, 0)) >= 0;
	struct MHD_Response *told = file ? response_from_piece(&again) : unchanged ? answer_unchanged(a) : response_from(a->body);
	g_autofree char *state = g_strdup_printf("\"default\";r=%u;t=%u", left->remaining, left->full_after), *wait = g_strdup_printf("%u", left->retry_after);
	if (!unchanged)
		MHD_get_response_headers(a->full, copy_header, told);
	add(told, "RateLimit-Policy", policy);
	add(told, "RateLimit", state);
	add(told, "Retry-After", left->retry_after ? wait : NULL);
	return told;
}

answer *answer_plain(const http_site *site, unsigned status, const char *text, guint retry_after)
{
	request r;
	response out = { 0 };
	request_init(&r, site);
	response_set(&out, (int)status, "text/plain; charset=utf-8", g_bytes_new_static(text, strlen(text)));
	out.no_store = TRUE;
	out.retry_after = retry_after;
	answer *a = answer_new(&r, &out, ENCODING_IDENTITY);
	response_clear(&out);
	request_clear(&r);
	return a;
}
