/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-prefetch-private.h"

#include <string.h>

#include "base/image/kslurm-reference-private.h"

/* of a hostile text: what is looked up or counted takes time for each */
#define MAX_FOUND 4096
#define MAX_SKIPPED 256
#define MARKED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@+-[]"

/**
 * kslurm_image_prefetch_new: (skip)
 *
 * Returns: (transfer full): nothing found yet
 */
KslurmPrefetch *
kslurm_image_prefetch_new(void)
{
  KslurmPrefetch *prefetch = g_new0(KslurmPrefetch, 1);

  prefetch->uris = g_ptr_array_new_with_free_func(g_free);
  prefetch->includes = g_ptr_array_new_with_free_func(g_free);
  prefetch->skipped = g_ptr_array_new_with_free_func(g_free);
  return prefetch;
}

/**
 * kslurm_image_prefetch_free: (skip)
 * @prefetch: (transfer full): what was found
 */
void
kslurm_image_prefetch_free(KslurmPrefetch *prefetch)
{
  g_ptr_array_unref(prefetch->uris);
  g_ptr_array_unref(prefetch->includes);
  g_ptr_array_unref(prefetch->skipped);
  g_free(prefetch->registry);
  g_free(prefetch);
}

/**
 * kslurm_image_prefetch_guess: (skip)
 * @path: the path of a file
 *
 * Returns: what kind of text its name promises
 */
KslurmPrefetchKind
kslurm_image_prefetch_guess(const char *path)
{
  static const struct {
    const char *ending;
    KslurmPrefetchKind kind;
  } kinds[] = {
      {".smk", KSLURM_PREFETCH_SNAKEMAKE},      {"Snakefile", KSLURM_PREFETCH_SNAKEMAKE},
      {"snakefile", KSLURM_PREFETCH_SNAKEMAKE}, {".nf", KSLURM_PREFETCH_NEXTFLOW},
      {".config", KSLURM_PREFETCH_NEXTFLOW},    {".yaml", KSLURM_PREFETCH_TEXT},
      {".yml", KSLURM_PREFETCH_TEXT},           {".json", KSLURM_PREFETCH_TEXT}};

  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_has_suffix(path, kinds[i].ending))
      return kinds[i].kind;
  return KSLURM_PREFETCH_LIST;
}

/**
 * kslurm_image_prefetch_add: (skip)
 * @prefetch: takes the image
 * @uri: as it is written
 */
void
kslurm_image_prefetch_add(KslurmPrefetch *prefetch, const char *uri)
{
  if (prefetch->uris->len < MAX_FOUND &&
      !g_ptr_array_find_with_equal_func(prefetch->uris, uri, g_str_equal, NULL))
    g_ptr_array_add(prefetch->uris, g_strdup(uri));
}

/* what fills lines is shown on one */
static char *
dup_line(const char *begin, const char *end)
{
  g_autofree char *part = g_strndup(begin, (gsize)(end - begin));
  GString *line = g_string_new(NULL);

  for (const char *p = part; *p != '\0'; p++)
    if (!g_ascii_isspace(*p))
      g_string_append_c(line, *p);
    else if (line->len > 0 && line->str[line->len - 1] != ' ')
      g_string_append_c(line, ' ');
  g_strchomp(line->str);
  return g_string_free(line, FALSE);
}

static gboolean
is_skipped(const KslurmPrefetch *prefetch, const char *line)
{
  for (guint i = 0; i < prefetch->skipped->len; i++)
    if (g_str_equal(strchr(prefetch->skipped->pdata[i], ' ') + 1, line))
      return TRUE;
  return FALSE;
}

/**
 * kslurm_image_prefetch_skip: (skip)
 * @prefetch: takes what stands there, once
 * @text: the whole text
 * @at: where something begins that cannot be read
 * @end: where it ends
 */
void
kslurm_image_prefetch_skip(KslurmPrefetch *prefetch,
                           const char *text,
                           const char *at,
                           const char *end)
{
  g_autofree char *whole = dup_line(at, end);
  g_autofree char *shown = kslurm_reference_dup_shown(whole, -1);
  guint line = 1;

  if (prefetch->skipped->len == MAX_SKIPPED || is_skipped(prefetch, shown))
    return;
  for (const char *p = text; p < at; p++)
    if (*p == '\n')
      line++;
  g_ptr_array_add(prefetch->skipped, g_strdup_printf("%u: %s", line, shown));
}

/* '- image', 'image  # why', '"image"' */
static char *
dup_item(const char *line)
{
  g_autofree char *item = g_strdup(line);
  char *comment = item;

  while ((comment = strchr(comment, '#')) != NULL && comment != item &&
         !g_ascii_isspace(comment[-1]))
    comment++;
  if (comment != NULL)
    *comment = '\0';
  g_strstrip(item);
  if (g_str_has_prefix(item, "- "))
    g_strstrip(memset(item, ' ', 2));
  g_strdelimit(item, "\"'", ' ');
  return g_strdup(g_strstrip(item));
}

static void
scan_list(KslurmPrefetch *prefetch, const char *text)
{
  for (const char *line = text; *line != '\0';) {
    gsize length = strcspn(line, "\n");
    g_autofree char *whole = g_strndup(line, length);
    g_autofree char *item = dup_item(whole);
    g_autoptr(KslurmReference) reference = kslurm_reference_parse(item, NULL);

    if (reference != NULL)
      kslurm_image_prefetch_add(prefetch, item);
    else if (item[0] != '\0')
      kslurm_image_prefetch_skip(prefetch, text, line, line + length);
    line += length + (line[length] == '\n' ? 1 : 0);
  }
}

static void
scan_text(KslurmPrefetch *prefetch, const char *text)
{
  static const char *const marks[] = {"docker://", "oras://"};

  for (const char *p = text; *p != '\0'; p++)
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
      gboolean marked = g_str_has_prefix(p, marks[i]);
      gsize length = marked ? strspn(p, MARKED) : 0;
      g_autofree char *uri = marked ? g_strndup(p, length) : NULL;
      g_autoptr(KslurmReference) reference = NULL;

      while (length > 0 && strchr(".:,-", uri[length - 1]) != NULL)
        uri[--length] = '\0';
      reference = length > 0 ? kslurm_reference_parse(uri, NULL) : NULL;
      if (reference != NULL)
        kslurm_image_prefetch_add(prefetch, uri);
      else if (length > 0)
        kslurm_image_prefetch_skip(prefetch, text, p, p + strcspn(p, " \t\r\n"));
    }
}

/**
 * kslurm_image_prefetch_scan: (skip)
 * @prefetch: takes what is found
 * @kind: of the text
 * @data: (array length=length): a text, of which nothing is run
 * @length: in bytes, or -1 when @data ends with NUL
 *
 * Finds the images that a workflow names, and the files that it goes on in.
 */
void
kslurm_image_prefetch_scan(KslurmPrefetch *prefetch,
                           KslurmPrefetchKind kind,
                           const char *data,
                           gssize length)
{
  g_autofree char *text = g_utf8_make_valid(data, length);

  switch (kind) {
  case KSLURM_PREFETCH_SNAKEMAKE:
    kslurm_image_prefetch_scan_snakemake(prefetch, text);
    break;
  case KSLURM_PREFETCH_NEXTFLOW:
    kslurm_image_prefetch_scan_nextflow(prefetch, text);
    break;
  case KSLURM_PREFETCH_TEXT:
    scan_text(prefetch, text);
    break;
  case KSLURM_PREFETCH_LIST:
    scan_list(prefetch, text);
    break;
  }
}

/* as Nextflow does: before an image that has a host already nothing is put */
static char *
dup_with_registry(const char *uri, const char *registry)
{
  gsize first = strcspn(uri, "/");
  g_autofree char *plain = g_strdup(registry != NULL ? registry : "");

  if (plain[0] == '\0' || strstr(uri, "://") != NULL ||
      (uri[first] == '/' && kslurm_reference_looks_like_host(uri, first)))
    return g_strdup(uri);
  if (g_str_has_suffix(plain, "/"))
    plain[strlen(plain) - 1] = '\0';
  return g_strconcat(plain, "/", uri, NULL);
}

/**
 * kslurm_image_prefetch_list: (skip)
 * @prefetch: what was found in all files
 *
 * Returns: (transfer full): the images to pull, with the registry that a configuration
 *   puts before them
 */
char **
kslurm_image_prefetch_list(const KslurmPrefetch *prefetch)
{
  GPtrArray *uris = g_ptr_array_new();

  for (guint i = 0; i < prefetch->uris->len; i++)
    g_ptr_array_add(uris, dup_with_registry(prefetch->uris->pdata[i], prefetch->registry));
  g_ptr_array_add(uris, NULL);
  return (char **)g_ptr_array_free(uris, FALSE);
}
