/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

typedef struct {
  const KslurmSyntax *syntax;
  const char *text;
  const char *end;
} Text;

typedef struct {
  const char *p;
  guint state;
  guint32 recent; /* the last four bytes of the value before p */
} Position;

static gboolean
is_name(char c)
{
  return g_ascii_isalnum(c) || (guchar)c >= 0x80 ||
         (c != '\0' && strchr("_-+.~@", c) != NULL);
}

/**
 * kslurm_path_is_plain: (skip)
 * @path: a path
 *
 * Returns: whether @path is spelled alike in every kind of file
 */
gboolean
kslurm_path_is_plain(const char *path)
{
  for (; *path != '\0'; path++)
    if (!g_ascii_isalnum(*path) && strchr("_-+./,", *path) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
take_step(const Text *text, Position *at, KslurmStep *step)
{
  if (at->p >= text->end)
    return FALSE;
  *step = (KslurmStep){.taken = 1, .state = at->state};
  text->syntax->step(text->syntax, text->text, at->p, text->end, at->state, step);
  at->p += step->taken;
  at->state = step->state;
  for (guint i = 0; i < step->n; i++)
    at->recent = at->recent << 8 | (guchar)step->value[i];
  if (step->ends)
    at->recent = 0;
  return TRUE;
}

/* '-I/place' and 'sqlite:////place' begin one, '$HOME/place' and '../place' do not */
static gboolean
may_begin(guint32 recent)
{
  char last = (char)(recent & 0xff);
  char before = (char)(recent >> 8 & 0xff);

  if (last == '\0')
    return TRUE;
  if (last == '/')
    return before == '/' && ((recent >> 16 & 0xff) == ':' ||
                             recent == (':' << 24 | '/' << 16 | '/' << 8 | '/'));
  if (g_ascii_isalpha(last) && before == '-')
    return !is_name((char)(recent >> 16 & 0xff));
  return !(last != '@' && is_name(last)) && strchr("})]*?$%\\", last) == NULL;
}

/* a full stop ends a sentence, or is a part of another name */
static gboolean
may_end(const Text *text, Position at)
{
  gboolean dot = FALSE;
  KslurmStep step;

  while (take_step(text, &at, &step)) {
    if (step.n == 0 && !step.ends)
      continue;
    if (step.n == 0)
      return TRUE;
    if (step.value[0] != '.' || dot)
      return !is_name(step.value[0]) && !(dot && step.value[0] == '/');
    dot = TRUE;
  }
  return TRUE;
}

static gboolean
match_spelled(const Text *text, const char *place, Position *at)
{
  Position next = *at;
  KslurmStep step;

  while (*place != '\0') {
    if (!take_step(text, &next, &step) || (step.n == 0 && step.ends))
      return FALSE;
    if (strncmp(place, step.value, step.n) != 0)
      return FALSE;
    place += step.n;
  }
  if (!may_end(text, next))
    return FALSE;
  *at = next;
  return TRUE;
}

/* older generators pasted the path between quotes as it is */
static gboolean
match_pasted(const Text *text, const char *place, Position *at)
{
  gsize length = strlen(place);
  Position next = {at->p + length, at->state, 0};

  if ((gsize)(text->end - at->p) < length || memcmp(at->p, place, length) != 0 ||
      !may_end(text, next))
    return FALSE;
  *at = next;
  return TRUE;
}

static gboolean
match_url(const Text *text, const char *place, Position *at)
{
  const char *p = at->p;

  for (; *place != '\0'; place++) {
    char c = p < text->end ? *p : '\0';
    gboolean escaped =
        c == '%' && text->end - p > 2 && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]);

    if (escaped)
      c = (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]));
    if (p >= text->end || c != *place)
      return FALSE;
    p += escaped ? 3 : 1;
  }
  if (p < text->end && (is_name(*p) || *p == '%'))
    return FALSE;
  at->p = p;
  return TRUE;
}

static gboolean
is_url(const Text *text, const char *p)
{
  static const char *const schemes[] = {"file://", "file://localhost"};

  for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
    gsize length = strlen(schemes[i]);

    if ((gsize)(p - text->text) >= length && memcmp(p - length, schemes[i], length) == 0)
      return TRUE;
  }
  return FALSE;
}

/* gives 1: replaced, 0: no place here, -1: this kind cannot spell the new one */
static int
replace_here(KslurmRelocation *self, const Text *text, Position *at, GString *out)
{
  gboolean url = is_url(text, at->p);
  Position next = *at;
  gsize length = out != NULL ? out->len : 0;

  for (guint i = 0; i < self->places->len; i++) {
    const char *place = self->places->pdata[i];
    g_autofree char *escaped = NULL;

    if (url ? !match_url(text, place, &next)
            : !match_spelled(text, place, &next) && !match_pasted(text, place, &next))
      continue;
    if (out == NULL)
      return -1;
    if (url)
      g_string_append(out, escaped = g_uri_escape_string(self->to, "/", FALSE));
    else if (!text->syntax->write(text->syntax, out, at->state, next.state, self->to)) {
      g_string_truncate(out, length);
      return -1;
    }
    *at = next;
    at->recent = 'x';
    return 1;
  }
  return 0;
}

/**
 * kslurm_relocation_replace: (skip)
 * @self: a relocation
 * @syntax: how the text spells paths
 * @text: (array length=length): any bytes
 * @length: in bytes
 * @out: (nullable): what to append the text to; %NULL only to look
 *
 * Replaces each place that stands in @text as a whole path or as the beginning of one, in
 * one pass: what was written is not looked at again.
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocation_replace(KslurmRelocation *self,
                          const KslurmSyntax *syntax,
                          const char *text,
                          gsize length,
                          GString *out)
{
  const Text whole = {syntax, text, text + length};
  Position at = {text, 0, 0};
  gboolean done = TRUE;

  while (at.p < whole.end) {
    Position next = at;
    KslurmStep step;
    int replaced = 0;

    take_step(&whole, &next, &step);
    if (step.n == 1 && step.value[0] == '/' &&
        (may_begin(at.recent) || is_url(&whole, at.p)))
      replaced = replace_here(self, &whole, &at, out);
    if (replaced > 0)
      continue;
    done = done && replaced == 0;
    if (out != NULL)
      g_string_append_len(out, at.p, (gssize)step.taken);
    else if (!done)
      return FALSE;
    at = next;
  }
  return done;
}
