/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

static void
step_byte(const KslurmSyntax *syntax,
          const char *text,
          const char *p,
          const char *end,
          guint state,
          KslurmStep *step)
{
  step->n = 1;
  step->value[0] = *p;
}

static gboolean
write_bytes(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  g_string_append(out, path);
  return TRUE;
}

static gboolean
write_none(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  return FALSE;
}

static void
step_percent(const KslurmSyntax *syntax,
             const char *text,
             const char *p,
             const char *end,
             guint state,
             KslurmStep *step)
{
  step->n = 1;
  step->value[0] = *p;
  if (end - p > 1 && p[0] == '%' && p[1] == '%')
    step->taken = 2;
}

static gboolean
write_percent(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  for (; *path != '\0'; path++)
    g_string_append(out, *path == '%' ? "%%" : (const char[]){*path, '\0'});
  return TRUE;
}

static const KslurmSyntax bytes = {step_byte, write_bytes, NULL};
static const KslurmSyntax unwritable = {step_byte, write_none, NULL};
static const KslurmSyntax percent = {step_percent, write_percent, NULL};

/**
 * kslurm_relocate_lines: (skip)
 * @self: a relocation
 * @text: (array length=length): a file whose lines are or hold paths, without any quotes
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_lines(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  return kslurm_relocation_replace(self, &bytes, text, length, out);
}

/**
 * kslurm_relocate_plain: (skip)
 * @self: a relocation
 * @text: (array length=length): a text whose quoting is not known
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left; one is when the new one would need quotes
 */
gboolean
kslurm_relocate_plain(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  const KslurmSyntax *syntax = kslurm_path_is_plain(self->to) ? &bytes : &unwritable;

  return kslurm_relocation_replace(self, syntax, text, length, out);
}

/**
 * kslurm_relocate_record: (skip)
 * @self: a relocation
 * @text: (array length=length): a RECORD: lines of values that commas part
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_record(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  const KslurmSyntax *syntax = strchr(self->to, ',') == NULL ? &bytes : &unwritable;

  return kslurm_relocation_replace(self, syntax, text, length, out);
}

/**
 * kslurm_relocate_batch: (skip)
 * @self: a relocation
 * @text: (array length=length): a batch file of Windows
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_batch(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  return kslurm_relocation_replace(self, &percent, text, length, out);
}

/**
 * kslurm_relocate_pth: (skip)
 * @self: a relocation
 * @text: (array length=length): a .pth file: paths, and lines of Python that begin so
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_pth(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  gboolean done = TRUE;

  while (length > 0) {
    const char *newline = memchr(text, '\n', length);
    gsize taken = newline != NULL ? (gsize)(newline - text) + 1 : length;
    gboolean is_code =
        taken > 7 && (memcmp(text, "import ", 7) == 0 || memcmp(text, "import\t", 7) == 0);
    KslurmRelocate relocate = is_code ? kslurm_relocate_python : kslurm_relocate_lines;

    done = relocate(self, text, taken, out) && done;
    text += taken;
    length -= taken;
  }
  return done;
}

/* around what may be a part of a place; longer than any path */
#define AROUND 4096

static gboolean
is_named_near(KslurmRelocation *self, const char *text, gsize length, const char *needle)
{
  const char *end = text + length;
  const char *from = text;

  while (from < end) {
    const char *at = memmem(from, (gsize)(end - from), needle, strlen(needle));
    const char *begin = at != NULL && at - text > AROUND ? at - AROUND : text;
    const char *stop = at != NULL && end - at > 2 * AROUND ? at + 2 * AROUND : end;

    if (at == NULL)
      return FALSE;
    if (!kslurm_relocation_replace(self, &bytes, begin, (gsize)(stop - begin), NULL))
      return TRUE;
    from = end - at > AROUND ? at + AROUND : end;
  }
  return FALSE;
}

/**
 * kslurm_relocation_is_named: (skip)
 * @self: a relocation
 * @text: (array length=length): any bytes, maybe many
 * @length: in bytes
 *
 * Returns: whether a place stands in @text
 */
gboolean
kslurm_relocation_is_named(KslurmRelocation *self, const char *text, gsize length)
{
  for (guint i = 0; i < self->needles->len; i++)
    if (is_named_near(self, text, length, self->needles->pdata[i]))
      return TRUE;
  return FALSE;
}
