/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-self-locate-private.h"

#define TRAMPOLINE "#!/bin/sh\n'''exec' "

typedef struct {
  const char *program; /* below the place: "bin/python3.11" */
  gsize program_length;
  const char *flags; /* with the blank before them */
  gsize flags_length;
} Interpreter;

static gsize
span(const char *p, const char *end, const char *others)
{
  const char *q = p;

  while (q < end && *q != '\0' && (g_ascii_isalnum(*q) || strchr(others, *q) != NULL))
    q++;
  return (gsize)(q - p);
}

/* only Python takes the second line of a trampoline for a string */
static gboolean
parse_interpreter(const char *place, const char *p, const char *end, Interpreter *found)
{
  gsize size = strlen(place);

  if ((gsize)(end - p) < size + 2 || memcmp(p, place, size) != 0 || p[size] != '/')
    return FALSE;
  found->program = p + size + 1;
  found->program_length = span(found->program, end, "/._+-");
  found->flags = found->program + found->program_length;
  if (found->flags < end && (*found->flags == '"' || *found->flags == '\''))
    found->flags++;
  found->flags_length = span(found->flags, end, " -");
  return g_strstr_len(found->program, (gssize)found->program_length, "python") != NULL ||
         g_strstr_len(found->program, (gssize)found->program_length, "pypy") != NULL;
}

static void
write_interpreter(GString *out, const char *name, const Interpreter *found)
{
  g_autofree char *up = kslurm_self_locate_dup_up(name);
  g_autofree char *program = g_strndup(found->program, found->program_length);
  g_autofree char *folder = g_path_get_dirname(name);

  g_string_append(out, TRAMPOLINE "\"$(dirname -- \"$(realpath -- \"$0\")\")\"/");
  if (g_str_has_prefix(program, folder) && program[strlen(folder)] == '/')
    g_string_append(out, program + strlen(folder) + 1);
  else
    g_string_append_printf(out, "%s%s", up, program);
  g_string_append_len(out, found->flags, (gssize)found->flags_length);
  g_string_append(out, " \"$0\" \"$@\"\n");
}

static gboolean
locate_shebang(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  const char *newline = memchr(text, '\n', length), *p = text + 2;
  Interpreter found;

  if (newline == NULL)
    return FALSE;
  p += strspn(p, " \t");
  if (!parse_interpreter(place, p, newline, &found) ||
      found.flags + found.flags_length != newline)
    return FALSE;
  while (found.flags_length > 0 && found.flags[found.flags_length - 1] == ' ')
    found.flags_length--;
  write_interpreter(out, name, &found);
  g_string_append(out, "' '''\n");
  g_string_append_len(out, newline + 1, text + length - newline - 1);
  return TRUE;
}

static gboolean
locate_trampoline(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  static const char rest[] = " \"$0\" \"$@\"\n";
  const char *p = text + strlen(TRAMPOLINE), *end = text + length;
  const char *tail = g_strstr_len(p, end - p, rest);
  Interpreter found;

  if (tail == NULL)
    return FALSE;
  if (*p == '"' || *p == '\'')
    p++;
  if (!parse_interpreter(place, p, tail, &found) ||
      found.flags + found.flags_length != tail)
    return FALSE;
  write_interpreter(out, name, &found);
  tail += strlen(rest);
  g_string_append_len(out, tail, end - tail);
  return TRUE;
}

/* a script of Python: its first line, or the two of a trampoline for a long path */
gboolean
kslurm_self_locate_script(
    const char *place, const char *name, const char *text, gsize length, GString *out)
{
  gboolean done = FALSE;

  if (length > strlen(TRAMPOLINE) && memcmp(text, TRAMPOLINE, strlen(TRAMPOLINE)) == 0)
    done = locate_trampoline(place, name, text, length, out);
  else if (length > 2 && memcmp(text, "#!", 2) == 0)
    done = locate_shebang(place, name, text, length, out);
  return done &&
         kslurm_self_locate_find(place, out->str, out->str, out->str + out->len) == NULL;
}
