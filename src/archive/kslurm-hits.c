/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-hits.h"

#include <string.h>

#define NAME_BYTES "_-+~@"
#define LOOK_AHEAD 8 /* dots that do or do not end the match */

typedef struct {
  char *bytes;
  gsize length;
} Needle;

struct _KslurmHits {
  GArray *needles; /* of Needle */
  gsize longest;
  gboolean searched, found; /* of the current file */
  GByteArray *seam;         /* the end of what was seen, and the begin of what comes */
};

static void
needle_clear(gpointer data)
{
  g_free(((Needle *)data)->bytes);
}

static void
add_needle(KslurmHits *hits, const char *bytes)
{
  Needle needle = {NULL, strlen(bytes)};

  for (guint i = 0; i < hits->needles->len; i++)
    if (g_str_equal(g_array_index(hits->needles, Needle, i).bytes, bytes))
      return;
  if (needle.length == 0)
    return;
  needle.bytes = g_strdup(bytes);
  hits->longest = MAX(hits->longest, needle.length);
  g_array_append_val(hits->needles, needle);
}

/* as Python's json writes a path that is no ASCII: kernel.json and direct_url.json do */
static char *
dup_ascii_json(const char *place)
{
  GString *text = g_string_new(NULL);

  for (const char *p = place; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (c >= 0x10000)
      g_string_append_printf(text, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
                             0xdc00 + (c & 0x3ff));
    else if (c >= 0x80)
      g_string_append_printf(text, "\\u%04x", c);
    else if (c == '"' || c == '\\')
      g_string_append_printf(text, "\\%c", (char)c);
    else
      g_string_append_c(text, (char)c);
  }
  return g_string_free(text, FALSE);
}

/* as scripts that activate an environment write it: Python's way for shells, ours, fish's
 */
static void
add_quoted(KslurmHits *hits, const char *place)
{
  static const char *const quotes[] = {"'\"'\"'", "'\\''", "\\'"};

  for (gsize i = 0; i < G_N_ELEMENTS(quotes); i++) {
    g_auto(GStrv) pieces = g_strsplit(place, "'", -1);
    g_autofree char *quoted = g_strjoinv(quotes[i], pieces);

    add_needle(hits, quoted);
  }
}

/**
 * kslurm_hits_new: (skip)
 * @places: the spellings of an environment's path
 *
 * Makes a search for files that name a place, as it is, quoted, in a URL or in JSON.
 *
 * Returns: (transfer full): the search, for one file after the other
 */
KslurmHits *
kslurm_hits_new(const char *const *places)
{
  KslurmHits *hits = g_new0(KslurmHits, 1);

  hits->needles = g_array_new(FALSE, FALSE, sizeof(Needle));
  g_array_set_clear_func(hits->needles, needle_clear);
  hits->seam = g_byte_array_new();
  for (gsize i = 0; places[i] != NULL; i++) {
    g_autofree char *url = g_uri_escape_string(places[i], "/", FALSE);

    add_needle(hits, places[i]);
    add_needle(hits, url);
    add_quoted(hits, places[i]);
    if (g_utf8_validate(places[i], -1, NULL)) {
      g_autofree char *json = dup_ascii_json(places[i]);

      add_needle(hits, json);
    }
  }
  return hits;
}

static gboolean
is_name_byte(guint8 byte)
{
  return g_ascii_isalnum(byte) || (byte != '\0' && strchr(NAME_BYTES, byte) != NULL);
}

/* '/a/venv' is not in '/a/venv2' nor in '/a/venv.old', but it ends the sentence '/a/venv.'
 */
static gboolean
is_boundary(const guint8 *at, const guint8 *end)
{
  while (at < end && *at == '.')
    at++;
  return at == end || !is_name_byte(*at);
}

/* looks for what begins before @stop; what follows it up to @end may decide on its end */
static gboolean
holds_needle(const Needle *needle,
             const guint8 *from,
             const guint8 *stop,
             const guint8 *end)
{
  while (from < stop) {
    const guint8 *at = memmem(from, (gsize)(end - from), needle->bytes, needle->length);

    if (at == NULL || at >= stop)
      return FALSE;
    if (is_boundary(at + needle->length, end))
      return TRUE;
    from = at + 1;
  }
  return FALSE;
}

static gboolean
holds_any(KslurmHits *hits, const guint8 *from, const guint8 *stop, const guint8 *end)
{
  for (guint i = 0; i < hits->needles->len; i++)
    if (holds_needle(&g_array_index(hits->needles, Needle, i), from, stop, end))
      return TRUE;
  return FALSE;
}

/* how many bytes at the end of what was seen the next ones may still make a match */
static gsize
get_seam(KslurmHits *hits)
{
  return hits->longest + LOOK_AHEAD;
}

/**
 * kslurm_hits_begin: (skip)
 * @hits: a search
 * @searched: whether it is to be searched at all
 *
 * Begins with the next file.
 */
void
kslurm_hits_begin(KslurmHits *hits, gboolean searched)
{
  hits->searched = searched && hits->longest > 0;
  hits->found = FALSE;
  g_byte_array_set_size(hits->seam, 0);
}

/**
 * kslurm_hits_add: (skip)
 * @hits: a search
 * @data: (array length=length): the next bytes of the file, in pieces of any size
 * @length: in bytes
 *
 * Searches, also across the edges of the pieces.
 */
void
kslurm_hits_add(KslurmHits *hits, const void *data, gsize length)
{
  GByteArray *seam = hits->seam;
  const guint8 *bytes = data;
  gsize size = get_seam(hits), step = MIN(length, size);

  if (hits->found || !hits->searched)
    return;
  g_byte_array_append(seam, bytes, (guint)step);
  if (seam->len > size) {
    gsize decided = seam->len - size;

    hits->found = holds_any(hits, seam->data, seam->data + decided, seam->data + seam->len);
    g_byte_array_remove_range(seam, 0, (guint)decided);
  }
  if (length > step) {
    const guint8 *end = bytes + length;

    hits->found = hits->found || holds_any(hits, bytes, end - size, end);
    g_byte_array_set_size(seam, 0);
    g_byte_array_append(seam, end - size, (guint)size);
  }
}

/**
 * kslurm_hits_end: (skip)
 * @hits: a search that has the whole file
 *
 * Returns: whether the file names a place
 */
gboolean
kslurm_hits_end(KslurmHits *hits)
{
  const guint8 *data = hits->seam->data;
  const guint8 *end = data + hits->seam->len;

  return hits->found || (hits->seam->len > 0 && holds_any(hits, data, end, end));
}

/**
 * kslurm_hits_is_searched: (skip)
 * @name: of a file
 *
 * Says whether a file that names a place matters: a .pyc stays as it is, always.
 *
 * Returns: whether to search it
 */
gboolean
kslurm_hits_is_searched(const char *name)
{
  return !g_str_has_suffix(name, ".pyc");
}

/**
 * kslurm_hits_free: (skip)
 * @hits: (transfer full): a search
 */
void
kslurm_hits_free(KslurmHits *hits)
{
  g_array_unref(hits->needles);
  g_byte_array_unref(hits->seam);
  g_free(hits);
}
