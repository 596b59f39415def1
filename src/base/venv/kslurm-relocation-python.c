/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

/* the low bits say which quotes, the others how what is between them is read */
enum {
  CODE,
  SINGLE,
  DOUBLE,
  THREE_SINGLE,
  THREE_DOUBLE,
  COMMENT,
  QUOTES = 7,
  IS_RAW = 8,
  IS_BYTES = 16,
  IS_FORMAT = 32
};

static guint
read_prefix(const char *text, const char *p)
{
  guint flags = 0;
  const char *first = p;

  while (first > text && p - first < 2 && strchr("rRbBfFtTuU", first[-1]) != NULL &&
         first[-1] != '\0')
    first--;
  if (first > text && (g_ascii_isalnum(first[-1]) || first[-1] == '_'))
    return 0;
  for (; first < p; first++) {
    char c = g_ascii_tolower(*first);

    flags |= c == 'r' ? IS_RAW : c == 'b' ? IS_BYTES : c == 'u' ? 0 : IS_FORMAT;
  }
  return flags;
}

static gboolean
is_three(const char *p, const char *end)
{
  return end - p > 2 && p[1] == p[0] && p[2] == p[0];
}

static void
step_code(const char *text, const char *p, const char *end, KslurmStep *step)
{
  gboolean three = is_three(p, end);

  if (*p == '#')
    step->state = COMMENT;
  if (*p != '\'' && *p != '"')
    return;
  step->state =
      *p == '\'' ? (three ? THREE_SINGLE : SINGLE) : (three ? THREE_DOUBLE : DOUBLE);
  step->state |= read_prefix(text, p);
  step->taken = three ? 3 : 1;
  step->n = 0;
  step->ends = TRUE;
}

static gboolean
read_number(const char *p, const char *end, guint base, gsize digits, gunichar *number)
{
  *number = 0;
  if ((gsize)(end - p) < digits)
    return FALSE;
  for (gsize i = 0; i < digits; i++) {
    int digit = g_ascii_xdigit_value(p[i]);

    if (digit < 0 || (guint)digit >= base)
      return FALSE;
    *number = *number * base + (guint)digit;
  }
  return TRUE;
}

static void
take_character(KslurmStep *step, gunichar number, gsize taken, guint state)
{
  char buffer[6];

  if (number > 0x10ffff)
    return;
  step->taken = taken;
  if ((state & IS_BYTES) != 0) {
    step->n = 1;
    step->value[0] = (char)number;
    return;
  }
  step->n = (guint)g_unichar_to_utf8(number, buffer);
  memcpy(step->value, buffer, step->n);
}

static void
step_escape(const char *p, const char *end, guint state, KslurmStep *step)
{
  static const char letters[] = "\\'\"abfnrtv";
  static const char values[] = "\\'\"\a\b\f\n\r\t\v";
  char c = p[1];
  const char *letter = c != '\0' ? strchr(letters, c) : NULL;
  gunichar number = 0;

  step->taken = 2;
  if (letter != NULL && (state & IS_RAW) == 0)
    step->value[0] = values[letter - letters];
  else if (c == '\n' && (state & IS_RAW) == 0)
    step->n = 0;
  else {
    step->n = 2;
    step->value[1] = c;
  }
  if ((state & IS_RAW) != 0)
    return;
  if (c == 'x' && read_number(p + 2, end, 16, 2, &number))
    take_character(step, number, 4, state);
  else if (c == 'u' && (state & IS_BYTES) == 0 && read_number(p + 2, end, 16, 4, &number))
    take_character(step, number, 6, state);
  else if (c == 'U' && (state & IS_BYTES) == 0 && read_number(p + 2, end, 16, 8, &number))
    take_character(step, number, 10, state);
  else if (read_number(p + 1, end, 8, 3, &number))
    take_character(step, number & 0xff, 4, state);
}

static void
step_string(const char *p, const char *end, guint state, KslurmStep *step)
{
  guint quotes = state & QUOTES;
  char quote = quotes == SINGLE || quotes == THREE_SINGLE ? '\'' : '"';
  gboolean three = quotes == THREE_SINGLE || quotes == THREE_DOUBLE;

  if (*p == quote && (!three || is_three(p, end))) {
    step->taken = three ? 3 : 1;
    step->n = 0;
    step->ends = TRUE;
    step->state = CODE;
  } else if (*p == '\n' && !three)
    step->state = CODE;
  else if (*p == '\\' && end - p > 1)
    step_escape(p, end, state, step);
  else if ((state & IS_FORMAT) != 0 && (*p == '{' || *p == '}') && end - p > 1 &&
           p[1] == *p)
    step->taken = 2;
}

static void
step_python(const KslurmSyntax *syntax,
            const char *text,
            const char *p,
            const char *end,
            guint state,
            KslurmStep *step)
{
  step->n = 1;
  step->value[0] = *p;
  if (state == CODE)
    step_code(text, p, end, step);
  else if (state != COMMENT)
    step_string(p, end, state, step);
  else if (*p == '\n')
    step->state = CODE;
}

static gboolean
write_python(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  guint quotes = state & QUOTES;
  gboolean single = quotes == SINGLE || quotes == THREE_SINGLE;

  for (; *path != '\0'; path++) {
    gboolean quote = single && *path == '\'';
    gboolean byte = (state & IS_BYTES) != 0 && (guchar)*path >= 0x80;

    if ((quote || byte) && (state & IS_RAW) != 0)
      return FALSE;
    if (byte)
      g_string_append_printf(out, "\\x%02x", (guchar)*path);
    else if (quote)
      g_string_append(out, "\\'");
    else if ((state & IS_FORMAT) != 0 && (*path == '{' || *path == '}'))
      g_string_append_printf(out, "%c%c", *path, *path);
    else
      g_string_append_c(out, *path);
  }
  return TRUE;
}

/**
 * kslurm_relocate_python: (skip)
 * @self: a relocation
 * @text: (array length=length): Python code
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left; one is where a raw string cannot hold the new one
 */
gboolean
kslurm_relocate_python(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  static const KslurmSyntax syntax = {step_python, write_python, NULL};

  return kslurm_relocation_replace(self, &syntax, text, length, out);
}
