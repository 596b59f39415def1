/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

/* the lines of an activation script end every quote: an apostrophe that is none, in a
 * here-document, leads astray no further than that */
enum { BARE, SINGLE, DOUBLE, RAW, COMMENT };

typedef struct {
  char escape;
  const char *in_double; /* what may follow the escape there */
  const char *in_single;
  const char *apostrophe; /* in single quotes, or NULL */
  const char *outside;    /* what double quotes cannot hold */
  gboolean raw;           /* r#'…'# */
} Shell;

static gboolean
is_one_of(char c, const char *set)
{
  return c != '\0' && strchr(set, c) != NULL;
}

static void
take_value(KslurmStep *step, const char *p, gsize taken)
{
  step->taken = taken;
  step->n = 1;
  step->value[0] = p[taken - 1];
}

static void
take_quote(KslurmStep *step, guint state)
{
  step->n = 0;
  step->state = state;
}

static gboolean
is_after_blank(const char *text, const char *p)
{
  return p == text || is_one_of(p[-1], " \t\n;");
}

static void
step_bare(
    const Shell *shell, const char *text, const char *p, const char *end, KslurmStep *step)
{
  gboolean raw = shell->raw && p - text > 1 && p[-1] == '#' && p[-2] == 'r';

  if (*p == '\'')
    take_quote(step, raw ? RAW : SINGLE);
  else if (*p == '"')
    take_quote(step, DOUBLE);
  else if (*p == shell->escape && end - p > 1 && p[1] != '\n')
    take_value(step, p, 2);
  else if (*p == '#' && is_after_blank(text, p))
    step->state = COMMENT;
}

static void
step_quoted(
    const Shell *shell, const char *p, const char *end, guint state, KslurmStep *step)
{
  const char *escaped = state == SINGLE ? shell->in_single : shell->in_double;
  char quote = state == SINGLE ? '\'' : '"';

  if (*p == shell->escape && end - p > 1 && is_one_of(p[1], escaped))
    take_value(step, p, 2);
  else if (*p == quote && shell->escape == '`' && end - p > 1 && p[1] == quote)
    take_value(step, p, 2);
  else if (*p == quote)
    take_quote(step, BARE);
}

static void
step_shell(const KslurmSyntax *syntax,
           const char *text,
           const char *p,
           const char *end,
           guint state,
           KslurmStep *step)
{
  const Shell *shell = syntax->data;

  take_value(step, p, 1);
  if (*p == '\n')
    step->state = BARE;
  else if (state == BARE)
    step_bare(shell, text, p, end, step);
  else if (state == RAW && *p == '\'' && end - p > 1 && p[1] == '#')
    take_quote(step, BARE);
  else if (state == SINGLE || state == DOUBLE)
    step_quoted(shell, p, end, state, step);
}

static gboolean
write_single(const Shell *shell, GString *out, const char *path)
{
  for (; *path != '\0'; path++) {
    if (*path == '\'' && shell->apostrophe == NULL)
      return FALSE;
    if (*path == '\'')
      g_string_append(out, shell->apostrophe);
    else if (is_one_of(*path, shell->in_single))
      g_string_append_printf(out, "%c%c", shell->escape, *path);
    else
      g_string_append_c(out, *path);
  }
  return TRUE;
}

static void
write_double(const Shell *shell, GString *out, const char *path)
{
  for (; *path != '\0'; path++)
    if (is_one_of(*path, shell->outside))
      g_string_append_printf(out, "\"'%c'\"", *path);
    else if (is_one_of(*path, shell->in_double))
      g_string_append_printf(out, "%c%c", shell->escape, *path);
    else
      g_string_append_c(out, *path);
}

static gboolean
write_shell(
    const KslurmSyntax *syntax, GString *out, guint state, guint after, const char *path)
{
  static const char *const quotes[] = {"", "'", "\"", "'", ""};
  const Shell *shell = syntax->data;
  gboolean bare = state == BARE && !kslurm_path_is_plain(path);
  gboolean done = TRUE;

  if (bare)
    g_string_append_c(out, '\'');
  if (bare || state == SINGLE)
    done = write_single(shell, out, path);
  else if (state == DOUBLE)
    write_double(shell, out, path);
  else
    g_string_append(out, path);
  if (bare)
    g_string_append_c(out, '\'');
  if (state != after)
    g_string_append_printf(out, "%s%s", quotes[state], quotes[after]);
  return done && (state != RAW || strstr(path, "'#") == NULL);
}

static const Shell sh = {'\\', "$`\"\\", "", "'\"'\"'", "", FALSE};
static const Shell trampoline = {'\\', "$`\"\\", "", "'\"'\"'", "$`", FALSE};
static const Shell csh = {'\\', "!", "!", "'\"'\"'", "$`", FALSE};
static const Shell csh_no_history = {'\\', "", "", "'\"'\"'", "$`", FALSE};
static const Shell fish = {'\\', "$\"\\", "'\\", "\\'", "", FALSE};
static const Shell nu = {'\\', "\"\\", "", NULL, "", TRUE};
static const Shell powershell = {'`', "$`\"", "", "''", "", FALSE};

static gboolean
relocate(const Shell *shell,
         KslurmRelocation *self,
         const char *text,
         gsize length,
         GString *out)
{
  const KslurmSyntax syntax = {step_shell, write_shell, shell};

  return kslurm_relocation_replace(self, &syntax, text, length, out);
}

/**
 * kslurm_relocate_sh: (skip)
 * @self: a relocation
 * @text: (array length=length): a script of bash, zsh or sh
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_sh(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  return relocate(&sh, self, text, length, out);
}

/**
 * kslurm_relocate_trampoline: (skip)
 * @self: a relocation
 * @text: (array length=length): a line of sh that Python reads as a part of a string
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Writes no backslash, which Python would take for an escape.
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_trampoline(KslurmRelocation *self,
                           const char *text,
                           gsize length,
                           GString *out)
{
  return relocate(&trampoline, self, text, length, out);
}

/**
 * kslurm_relocate_csh: (skip)
 * @self: a relocation
 * @text: (array length=length): a script of csh or tcsh
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * An exclamation mark recalls history even in single quotes, unless the script says no.
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_csh(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  gboolean history = memmem(text, length, "unset histchars", 15) == NULL;

  return relocate(history ? &csh : &csh_no_history, self, text, length, out);
}

/**
 * kslurm_relocate_fish: (skip)
 * @self: a relocation
 * @text: (array length=length): a script of fish
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_fish(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  return relocate(&fish, self, text, length, out);
}

/**
 * kslurm_relocate_nu: (skip)
 * @self: a relocation
 * @text: (array length=length): a script of nushell
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_nu(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  return relocate(&nu, self, text, length, out);
}

/**
 * kslurm_relocate_powershell: (skip)
 * @self: a relocation
 * @text: (array length=length): a script of PowerShell
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_powershell(KslurmRelocation *self,
                           const char *text,
                           gsize length,
                           GString *out)
{
  return relocate(&powershell, self, text, length, out);
}
