/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/image/kslurm-image-prefetch-private.h"

static void
free_literal(gpointer data)
{
  KslurmLiteral *literal = data;

  g_free(literal->text);
  g_free(literal);
}

/**
 * kslurm_literals_new: (skip)
 *
 * Returns: (transfer full) (element-type KslurmLiteral): no literals yet
 */
GPtrArray *
kslurm_literals_new(void)
{
  return g_ptr_array_new_with_free_func(free_literal);
}

static void
add(GPtrArray *literals, GString *text, gboolean computed)
{
  KslurmLiteral *literal = g_new0(KslurmLiteral, 1);

  literal->text = g_string_free(text, FALSE);
  literal->computed = computed;
  g_ptr_array_add(literals, literal);
}

static gsize
count_quotes(const char *quote)
{
  return quote[1] == quote[0] && quote[2] == quote[0] ? 3 : 1;
}

static gboolean
is_end(const char *p, char quote, gsize quotes)
{
  return *p == '\0' || (quotes == 1 && (*p == quote || *p == '\n')) ||
         (quotes == 3 && p[0] == quote && p[1] == quote && p[2] == quote);
}

static const char *
after_end(const char *p, char quote, gsize quotes)
{
  return *p == quote ? p + quotes : p;
}

/**
 * kslurm_literal_take_python: (skip)
 * @quote: where a literal begins, after its letters
 * @format: whether an 'f' stands among these
 * @literals: takes the literal
 *
 * Returns: where the literal has ended, be it with its line or the text
 */
const char *
kslurm_literal_take_python(const char *quote, gboolean format, GPtrArray *literals)
{
  gsize quotes = count_quotes(quote);
  const char *p = quote + quotes;
  GString *text = g_string_new(NULL);
  gboolean computed = FALSE;

  for (; !is_end(p, *quote, quotes); p++) {
    if (*p == '\\' && p[1] != '\0')
      p++;
    else
      computed = computed || (format && *p == '{');
    g_string_append_c(text, *p);
  }
  add(literals, text, computed);
  return after_end(p, *quote, quotes);
}

/* what stands in '${…}' is code, which may hold literals of its own */
static const char *
skip_code(const char *p, GPtrArray *literals)
{
  int depth = 0;

  for (; *p != '\0'; p++) {
    if (*p == '{')
      depth++;
    else if (*p == '}' && --depth == 0)
      return p;
    else if (*p == '\'' || *p == '"') {
      const char *after = kslurm_literal_take_python(p, FALSE, literals);

      p = after - 1;
    }
  }
  return p - 1;
}

/**
 * kslurm_literal_take_groovy: (skip)
 * @quote: where a literal begins
 * @literals: takes the literal, and before it those in its '${…}'
 *
 * Returns: where the literal has ended, be it with its line or the text
 */
const char *
kslurm_literal_take_groovy(const char *quote, GPtrArray *literals)
{
  gsize quotes = count_quotes(quote);
  const char *p = quote + quotes;
  GString *text = g_string_new(NULL);
  gboolean computed = FALSE;

  if (*quote == '\'') {
    g_string_free(text, TRUE);
    return kslurm_literal_take_python(quote, FALSE, literals);
  }
  for (; !is_end(p, *quote, quotes); p++) {
    computed = computed || *p == '$';
    if (*p == '$' && p[1] == '{')
      p = skip_code(p + 1, literals);
    else if (*p == '\\' && p[1] != '\0')
      g_string_append_c(text, *++p);
    else
      g_string_append_c(text, *p);
  }
  add(literals, text, computed);
  return after_end(p, *quote, quotes);
}
