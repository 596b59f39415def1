/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

enum { OUTSIDE, STRING };

static gboolean
read_unit(const char *p, const char *end, gunichar *unit)
{
  *unit = 0;
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return FALSE;
  for (int i = 2; i < 6; i++) {
    if (!g_ascii_isxdigit(p[i]))
      return FALSE;
    *unit = *unit << 4 | (gunichar)g_ascii_xdigit_value(p[i]);
  }
  return TRUE;
}

/* a surrogate without its other half is left as the bytes that it is written with */
static void
step_unicode(const char *p, const char *end, KslurmStep *step)
{
  gunichar unit = 0;
  gunichar low = 0;
  char buffer[6];

  if (!read_unit(p, end, &unit) || (unit >= 0xdc00 && unit < 0xe000))
    return;
  if (unit >= 0xd800 && unit < 0xdc00) {
    if (!read_unit(p + 6, end, &low) || low < 0xdc00 || low >= 0xe000)
      return;
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }
  step->n = (guint)g_unichar_to_utf8(unit, buffer);
  memcpy(step->value, buffer, step->n);
  step->taken = low != 0 ? 12 : 6;
}

static void
step_escape(const char *p, const char *end, KslurmStep *step)
{
  static const char letters[] = "bfnrt";
  static const char values[] = "\b\f\n\r\t";
  const char *letter = end - p > 1 && p[1] != '\0' ? strchr(letters, p[1]) : NULL;

  if (end - p < 2)
    return;
  if (p[1] == 'u') {
    step_unicode(p, end, step);
    return;
  }
  step->taken = 2;
  step->value[0] = letter != NULL ? values[letter - letters] : p[1];
}

static void
step_json(const KslurmSyntax *syntax,
          const char *text,
          const char *p,
          const char *end,
          guint state,
          KslurmStep *step)
{
  step->n = 1;
  step->value[0] = *p;
  if (*p == '\n')
    step->state = OUTSIDE;
  else if (*p == '"') {
    step->n = 0;
    step->ends = TRUE;
    step->state = state == STRING ? OUTSIDE : STRING;
  } else if (*p == '\\' && state == STRING)
    step_escape(p, end, step);
}

static gboolean
write_json(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  g_string_append(out, path);
  return TRUE;
}

/**
 * kslurm_relocate_json: (skip)
 * @self: a relocation
 * @text: (array length=length): a JSON text: a kernel.json, a direct_url.json
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_json(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  static const KslurmSyntax syntax = {step_json, write_json, NULL};

  return kslurm_relocation_replace(self, &syntax, text, length, out);
}
