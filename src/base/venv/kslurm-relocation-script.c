/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/venv/kslurm-relocation-private.h"

/* what Linux before 5.1 reads of a first line, and what it reads since */
#define OLD_LINE 127
#define NEW_LINE 255

typedef struct {
  const char *program; /* below the place, with its '/' */
  gsize length;
  const char *args;
  gsize args_length;
} Interpreter;

static gboolean
starts_with(const char *text, gsize length, const char *prefix)
{
  return length >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0;
}

static gsize
line_length(const char *text, gsize length)
{
  const char *newline = memchr(text, '\n', length);

  return newline != NULL ? (gsize)(newline - text) + 1 : length;
}

static gsize
skip_word(const char *text, gsize at, gsize length)
{
  while (at < length && !g_ascii_isspace(text[at]))
    at++;
  return at;
}

static gsize
skip_blanks(const char *text, gsize at, gsize length)
{
  while (at < length && (text[at] == ' ' || text[at] == '\t'))
    at++;
  return at;
}

/* some wrote quotes, which the kernel takes for a part of the name */
static gboolean
find_interpreter(KslurmRelocation *self, const char *line, gsize length, Interpreter *found)
{
  gsize start = skip_blanks(line, 2, length);
  gboolean quoted = start < length && line[start] == '"';

  start += quoted ? 1 : 0;
  for (guint i = 0; i < self->places->len; i++) {
    const char *place = self->places->pdata[i];
    gsize at = start + strlen(place);
    gsize end = skip_word(line, at, length);
    g_autofree char *program = NULL;

    if (!starts_with(line + start, length - start, place) || at >= length ||
        line[at] != '/')
      continue;
    found->program = line + at;
    found->length = end - at - (quoted && line[end - 1] == '"' ? 1 : 0);
    program = g_strndup(found->program, found->length);
    found->args = line + end;
    found->args_length = length - end;
    return kslurm_path_is_plain(program);
  }
  return FALSE;
}

static const char *
skip_folders(const char *path, gsize length)
{
  const char *slash = memrchr(path, '/', length);

  return slash != NULL ? slash + 1 : path;
}

static char *
dup_program(const char *line, gsize length)
{
  gsize start = skip_blanks(line, 2, length);
  gsize end = skip_word(line, start, length);
  const char *name = skip_folders(line + start, end - start);
  g_autofree char *program = g_strndup(name, (gsize)(line + end - name));

  while (g_str_equal(program, "env") || program[0] == '-') {
    start = skip_blanks(line, end, length);
    end = skip_word(line, start, length);
    name = skip_folders(line + start, end - start);
    g_free(program);
    program = g_strndup(name, (gsize)(line + end - name));
  }
  return g_steal_pointer(&program);
}

static gboolean
is_python(const char *program)
{
  return g_str_has_prefix(program, "python") || g_str_has_prefix(program, "pypy");
}

/* the two lines are one string to Python, which warns of a backslash in it */
static gboolean
write_trampoline(KslurmRelocation *self,
                 const Interpreter *interpreter,
                 const char *args,
                 GString *out)
{
  g_autofree char *rest = g_strndup(interpreter->program, interpreter->length);
  g_autofree char *path = g_strconcat(self->to, rest, NULL);
  g_auto(GStrv) parts = g_strsplit(path, "'", -1);
  g_autofree char *quoted = g_strjoinv("'\"'\"'", parts);
  int length = (int)strlen(args) - 1;

  if (strpbrk(args, "'\"\\$`;&|<>()#*?[") != NULL)
    return FALSE;
  g_string_append_printf(out, "#!/bin/sh\n'''exec' '%s'%.*s \"$0\" \"$@\"\n' '''\n", quoted,
                         length, args);
  return TRUE;
}

static gboolean
write_line(KslurmRelocation *self,
           const Interpreter *at,
           const char *line,
           gsize length,
           GString *out)
{
  g_autoptr(GString) args = g_string_new(NULL);
  gboolean done = kslurm_relocate_lines(self, at->args, at->args_length, args);
  gsize size = 2 + strlen(self->to) + at->length + args->len;
  gboolean blanks = strpbrk(self->to, " \t") != NULL;
  gboolean ends = length > 1 && line[length - 1] == '\n' && line[length - 2] != '\r';
  const char *name = skip_folders(at->program, at->length);
  g_autofree char *program = g_strndup(name, (gsize)(at->program + at->length - name));

  if (ends && is_python(program) && (blanks || size > OLD_LINE)) {
    if (write_trampoline(self, at, args->str, out))
      return TRUE;
  } else if (!blanks && size <= NEW_LINE) {
    g_string_append_printf(out, "#!%s", self->to);
    g_string_append_len(out, at->program, (gssize)at->length);
    g_string_append(out, args->str);
    return done;
  }
  g_string_append_len(out, line, (gssize)length);
  return FALSE;
}

static gboolean
is_trampoline(const char *text, gsize length)
{
  gsize first = line_length(text, length);

  return starts_with(text, length, "#!/bin/sh") &&
         starts_with(text + first, length - first, "'''exec' ");
}

/* the first line, or the lines of a trampoline; gives how many bytes they had */
static gsize
write_head(
    KslurmRelocation *self, const char *text, gsize length, GString *out, gboolean *done)
{
  gsize first = line_length(text, length);
  gsize second = line_length(text + first, length - first);
  Interpreter interpreter = {NULL};

  if (is_trampoline(text, length)) {
    g_string_append_len(out, text, (gssize)first);
    *done = kslurm_relocate_trampoline(self, text + first, second, out);
    if (starts_with(text + first + second, length - first - second, "' '''")) {
      g_string_append(out, "' '''");
      second += 5;
    }
    return first + second;
  }
  if (find_interpreter(self, text, first, &interpreter))
    *done = write_line(self, &interpreter, text, first, out);
  else {
    gboolean split = memmem(text, first, " -S", 3) != NULL;
    KslurmRelocate relocate = split ? kslurm_relocate_sh : kslurm_relocate_lines;

    g_string_append(out, "#!");
    *done = relocate(self, text + 2, first - 2, out);
  }
  return first;
}

static KslurmRelocate
find_language(const char *text, gsize length)
{
  gsize first = line_length(text, length);
  g_autofree char *program = dup_program(text, first);

  if (is_python(program) || is_trampoline(text, length))
    return kslurm_relocate_python;
  if (g_str_equal(program, "fish"))
    return kslurm_relocate_fish;
  if (g_str_has_suffix(program, "csh"))
    return kslurm_relocate_csh;
  return g_str_has_suffix(program, "sh") ? kslurm_relocate_sh : kslurm_relocate_plain;
}

/**
 * kslurm_relocate_script: (skip)
 * @self: a relocation
 * @text: (array length=length): a file that begins with `#!`
 * @length: in bytes
 * @out: what to append the relocated text to
 *
 * A first line that got too long for the kernel, or has blanks in its path, starts
 * Python through /bin/sh, as pip writes it.
 *
 * Returns: whether no place is left
 */
gboolean
kslurm_relocate_script(KslurmRelocation *self, const char *text, gsize length, GString *out)
{
  KslurmRelocate relocate = find_language(text, length);
  gboolean done = TRUE;
  gsize head = 0;

  if (memchr(text, '\0', line_length(text, length)) == NULL)
    head = write_head(self, text, length, out, &done);
  text += head;
  length -= head;
  /* an archive of Python code: its directory counts from its end */
  if (memchr(text, '\0', length) != NULL) {
    g_string_append_len(out, text, (gssize)length);
    return done && !kslurm_relocation_is_named(self, text, length);
  }
  return relocate(self, text, length, out) && done;
}
