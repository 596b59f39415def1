/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/image/kslurm-image-prefetch-private.h"
#include "base/image/kslurm-reference.h"

static gboolean
is_word(char c)
{
  return g_ascii_isalnum(c) || c == '_' || (guchar)c >= 0x80;
}

static const char *
skip_comment(const char *p)
{
  const char *end = NULL;

  if (p[0] == '/' && p[1] == '/')
    return p + strcspn(p, "\n");
  if (p[0] != '/' || p[1] != '*')
    return p;
  end = strstr(p + 2, "*/");
  return end != NULL ? end + 2 : p + strlen(p);
}

/* an expression goes on after an operator, and inside brackets */
static gboolean
is_open(char last, int depth)
{
  return depth > 0 || last == '\0' || strchr("?:+|&=,(", last) != NULL;
}

/* gathers the literals of an expression; 'plain' when there is nothing else */
static const char *
take_expression(const char *p, GPtrArray *literals, gboolean *plain)
{
  int depth = 0;
  char last = '\0';

  *plain = TRUE;
  while (*p != '\0') {
    const char *after = skip_comment(p);

    if (after != p) {
      p = after;
      continue;
    }
    if ((*p == '\n' && !is_open(last, depth)) || (strchr(";}", *p) != NULL && depth == 0))
      return p;
    depth += strchr("([{", *p) != NULL ? 1 : strchr(")]}", *p) != NULL ? -1 : 0;
    if (!g_ascii_isspace(*p))
      last = *p;
    *plain = *plain && (strchr("'\"()", *p) != NULL || g_ascii_isspace(*p));
    p = *p == '\'' || *p == '"' ? kslurm_literal_take_groovy(p, literals) : p + 1;
  }
  return p;
}

static gboolean
is_candidate(const KslurmLiteral *literal)
{
  g_autoptr(KslurmReference) reference = NULL;

  if (literal->computed || strpbrk(literal->text, ":/") == NULL)
    return FALSE;
  reference = kslurm_reference_parse(literal->text, NULL);
  return reference != NULL;
}

static gboolean
is_ready(const KslurmLiteral *literal)
{
  g_autoptr(KslurmReference) reference = kslurm_reference_parse(literal->text, NULL);

  return reference != NULL && kslurm_reference_is_sif(reference);
}

/* 'engine is singularity ? "https://…" : "biocontainers/…"': the first is ours */
static gboolean
add_candidates(KslurmPrefetch *prefetch, GPtrArray *literals, gboolean ready)
{
  gboolean found = FALSE;

  for (guint i = 0; i < literals->len; i++) {
    const KslurmLiteral *literal = literals->pdata[i];

    if (is_candidate(literal) && (!ready || is_ready(literal))) {
      kslurm_image_prefetch_add(prefetch, literal->text);
      found = TRUE;
    }
  }
  return found;
}

static gboolean
is_only_image(GPtrArray *literals)
{
  const KslurmLiteral *literal = literals->len == 1 ? literals->pdata[0] : NULL;
  g_autoptr(KslurmReference) reference = literal != NULL && !literal->computed
                                             ? kslurm_reference_parse(literal->text, NULL)
                                             : NULL;

  return reference != NULL;
}

static gboolean
is_nothing(const char *p)
{
  return g_str_has_prefix(p, "null") || g_str_has_prefix(p, "false");
}

/* the path of a file needs no pull */
static gboolean
is_path(GPtrArray *literals)
{
  const KslurmLiteral *literal = literals->len == 1 ? literals->pdata[0] : NULL;

  return literal != NULL && !literal->computed &&
         (literal->text[0] == '/' || g_str_has_prefix(literal->text, "./") ||
          g_str_has_prefix(literal->text, "file://"));
}

static const char *
take_container(KslurmPrefetch *prefetch, const char *text, const char *at, const char *p)
{
  g_autoptr(GPtrArray) literals = kslurm_literals_new();
  gboolean plain = FALSE;
  const char *end = take_expression(p, literals, &plain);

  if (plain && is_only_image(literals))
    kslurm_image_prefetch_add(prefetch, ((KslurmLiteral *)literals->pdata[0])->text);
  else if (!add_candidates(prefetch, literals, TRUE) &&
           !add_candidates(prefetch, literals, FALSE) && !is_nothing(p) &&
           !(plain && is_path(literals)))
    kslurm_image_prefetch_skip(prefetch, text, at, end);
  return end;
}

static const char *
take_registry(KslurmPrefetch *prefetch, const char *p, gboolean ours)
{
  g_autoptr(GPtrArray) literals = kslurm_literals_new();
  gboolean plain = FALSE;
  const char *end = take_expression(p, literals, &plain);
  const KslurmLiteral *literal = literals->len == 1 ? literals->pdata[0] : NULL;

  if (plain && literal != NULL && !literal->computed && literal->text[0] != '\0' &&
      (ours || prefetch->registry == NULL)) {
    g_free(prefetch->registry);
    prefetch->registry = g_strdup(literal->text);
  }
  return end;
}

/* of a choice all that are no mere way to include nothing */
static gboolean
add_includes(KslurmPrefetch *prefetch, GPtrArray *literals)
{
  gboolean found = FALSE;

  for (guint i = 0; i < literals->len; i++) {
    const KslurmLiteral *literal = literals->pdata[i];

    if (!literal->computed && literal->text[0] != '\0' &&
        !g_str_has_prefix(literal->text, "/dev/")) {
      g_ptr_array_add(prefetch->includes, g_strdup(literal->text));
      found = TRUE;
    }
  }
  return found;
}

static const char *
take_include(KslurmPrefetch *prefetch, const char *text, const char *at, const char *p)
{
  g_autoptr(GPtrArray) literals = kslurm_literals_new();
  gboolean plain = FALSE;
  const char *end = take_expression(p, literals, &plain);

  if (!add_includes(prefetch, literals))
    kslurm_image_prefetch_skip(prefetch, text, at, end);
  return end;
}

/* a plugin is no file */
static gboolean
is_path_literal(const char *p)
{
  return (p[0] == '\'' || p[0] == '"') && (p[1] == '.' || p[1] == '/' || p[1] == '$');
}

static gboolean
is(const char *p, gsize length, const char *word)
{
  return strlen(word) == length && strncmp(p, word, length) == 0;
}

static gboolean
follows(const char *text, const char *p, const char *before)
{
  gsize length = strlen(before);

  return (gsize)(p - text) >= length && strncmp(p - length, before, length) == 0;
}

static gboolean
follows_bracket(const char *text, const char *p)
{
  while (p > text && g_ascii_isspace(p[-1]))
    p--;
  return p > text && p[-1] == '}';
}

static gboolean
is_of_ours(const char *text, const char *p)
{
  return !follows(text, p, ".") || follows(text, p, "apptainer.") ||
         follows(text, p, "singularity.");
}

/* 'from' ends an include of a '.nf', 'registry' stands in the scope of an engine */
static const char *
take_word(KslurmPrefetch *prefetch, const char *text, const char *p)
{
  const char *end = p;
  const char *value = NULL;
  gsize length = 0;
  gboolean assigned = FALSE;

  while (is_word(*end))
    end++;
  length = (gsize)(end - p);
  value = end + strspn(end, " \t");
  assigned = value[0] == '=' && value[1] != '=';
  value += assigned ? 1 + strspn(value + 1, " \t") : 0;
  if (is(p, length, "container") &&
      (assigned || (value > end && strchr("'\"{", *value) != NULL) || *value == '(' ||
       (value > end && g_str_has_prefix(value, "workflow."))))
    return take_container(prefetch, text, p, value);
  if (is(p, length, "registry") && assigned)
    return take_registry(prefetch, value, is_of_ours(text, p));
  if (is(p, length, "includeConfig") ||
      (is(p, length, "from") && follows_bracket(text, p) && is_path_literal(value)))
    return take_include(prefetch, text, p, value);
  return end;
}

/**
 * kslurm_image_prefetch_scan_nextflow: (skip)
 * @prefetch: takes what is found
 * @text: a configuration or a pipeline
 *
 * Finds the directive and the setting 'container', registries and included files, outside
 * of literals and comments.
 */
void
kslurm_image_prefetch_scan_nextflow(KslurmPrefetch *prefetch, const char *text)
{
  g_autoptr(GPtrArray) literals = kslurm_literals_new();
  const char *p = text;

  while (*p != '\0') {
    const char *after = skip_comment(p);

    if (after != p)
      p = after;
    else if (*p == '\'' || *p == '"')
      p = kslurm_literal_take_groovy(p, literals);
    else if (is_word(*p))
      p = take_word(prefetch, text, p);
    else
      p++;
  }
}
