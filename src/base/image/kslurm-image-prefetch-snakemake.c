/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/image/kslurm-image-prefetch-private.h"
#include "base/image/kslurm-reference.h"

/* what stands after 'container:', to the end of the line that it ends on */
typedef struct {
  const char *begin;
  const char *end;
  GPtrArray *literals;
  gboolean other;
  gboolean none;
} Value;

static gboolean
is_word(char c)
{
  return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static const char *
skip_comment(const char *p)
{
  return *p == '#' ? p + strcspn(p, "\n") : p;
}

static const char *
skip_word(const char *p)
{
  while (is_word(*p))
    p++;
  return p;
}

/* letters before a quote belong to the literal */
static const char *
take_word(const char *p, Value *value)
{
  const char *end = skip_word(p);
  gsize length = (gsize)(end - p);
  gboolean prefix = length <= 2 && (*end == '"' || *end == '\'');

  if (prefix)
    return kslurm_literal_take_python(
        end, memchr(p, 'f', length) != NULL || memchr(p, 'F', length) != NULL,
        value->literals);
  value->none = value->literals->len == 0 && length == 4 && strncmp(p, "None", 4) == 0;
  value->other = TRUE;
  return end;
}

static const char *
take_token(const char *p, Value *value)
{
  if (*p == '"' || *p == '\'')
    return kslurm_literal_take_python(p, FALSE, value->literals);
  if (is_word(*p))
    return take_word(p, value);
  value->other = value->other || strchr("(), \t\r\\", *p) == NULL;
  return p + 1;
}

static const char *
take_value(const char *p, Value *value)
{
  int depth = 0;

  while (*p != '\0') {
    gboolean begun = value->literals->len > 0 || value->other;

    if (*p == '\n' && begun && depth <= 0)
      return p;
    if (*p == '#' || *p == '\n') {
      p = *p == '#' ? skip_comment(p) : p + 1;
      continue;
    }
    depth += strchr("([{", *p) != NULL ? 1 : strchr(")]}", *p) != NULL ? -1 : 0;
    p = take_token(p, value);
  }
  return p;
}

/* a name without a scheme is a file to Snakemake, or lately an image when it has a tag */
static gboolean
is_image(const char *text)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(text, NULL);

  return reference != NULL &&
         (strstr(text, "://") != NULL || !kslurm_reference_has_implied_tag(reference));
}

static gboolean
is_file(const char *text)
{
  return strstr(text, "://") == NULL && strpbrk(text, ":@") == NULL;
}

/* Python joins literals that stand side by side */
static char *
dup_joined(GPtrArray *literals, gboolean *computed)
{
  GString *text = g_string_new(NULL);

  for (guint i = 0; i < literals->len; i++) {
    const KslurmLiteral *literal = literals->pdata[i];

    g_string_append(text, literal->text);
    *computed = *computed || literal->computed;
  }
  return g_string_free(text, FALSE);
}

static gboolean
add_each(KslurmPrefetch *prefetch, GPtrArray *literals)
{
  gboolean found = FALSE;

  for (guint i = 0; i < literals->len; i++) {
    const KslurmLiteral *literal = literals->pdata[i];

    if (!literal->computed && strstr(literal->text, "://") != NULL &&
        is_image(literal->text)) {
      kslurm_image_prefetch_add(prefetch, literal->text);
      found = TRUE;
    }
  }
  return found;
}

static void
add_container(KslurmPrefetch *prefetch, const char *text, const Value *value)
{
  gboolean computed = FALSE;
  g_autofree char *joined = dup_joined(value->literals, &computed);

  if (value->other) {
    if (!add_each(prefetch, value->literals) && !value->none)
      kslurm_image_prefetch_skip(prefetch, text, value->begin, value->end);
  } else if (!computed && is_image(joined))
    kslurm_image_prefetch_add(prefetch, joined);
  else if (computed || !is_file(joined))
    kslurm_image_prefetch_skip(prefetch, text, value->begin, value->end);
}

static void
add_include(KslurmPrefetch *prefetch, const char *text, const Value *value)
{
  gboolean computed = FALSE;
  g_autofree char *joined = dup_joined(value->literals, &computed);

  if (value->other || computed || joined[0] == '\0')
    kslurm_image_prefetch_skip(prefetch, text, value->begin, value->end);
  else
    g_ptr_array_add(prefetch->includes, g_steal_pointer(&joined));
}

/* gives what stands after 'WORD:' at the beginning of a line */
static const char *
match_key(const char *p, const char *word)
{
  gsize length = strlen(word);

  if (strncmp(p, word, length) != 0 || is_word(p[length]))
    return NULL;
  p += length;
  p += strspn(p, " \t");
  return p[0] == ':' && p[1] != '=' ? p + 1 : NULL;
}

static const char *
take_line(KslurmPrefetch *prefetch, const char *text, const char *p)
{
  static const char *const keys[] = {"container", "singularity", "containerized",
                                     "include",   "snakefile",   "configfile"};
  static const gsize images = 3;

  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    const char *after = match_key(p, keys[i]);
    g_autoptr(GPtrArray) literals = after != NULL ? kslurm_literals_new() : NULL;
    Value value = {p, p, literals, FALSE, FALSE};

    if (after == NULL)
      continue;
    after = take_value(after, &value);
    value.end = after;
    if (i >= images)
      add_include(prefetch, text, &value);
    else
      add_container(prefetch, text, &value);
    return after;
  }
  return p;
}

/**
 * kslurm_image_prefetch_scan_snakemake: (skip)
 * @prefetch: takes what is found
 * @text: a Snakefile
 *
 * Finds the keys of images and of other Snakefiles where lines begin, outside of literals
 * and comments.
 */
void
kslurm_image_prefetch_scan_snakemake(KslurmPrefetch *prefetch, const char *text)
{
  g_autoptr(GPtrArray) literals = kslurm_literals_new();
  gboolean begins = TRUE;
  const char *p = text;

  while (*p != '\0') {
    p += strspn(p, " \t\r");
    if (begins)
      p = take_line(prefetch, text, p);
    begins = *p == '\n';
    if (*p == '#')
      p = skip_comment(p);
    else if (*p == '"' || *p == '\'')
      p = kslurm_literal_take_python(p, FALSE, literals);
    else if (is_word(*p))
      p = skip_word(p);
    else if (*p != '\0')
      p++;
  }
}
