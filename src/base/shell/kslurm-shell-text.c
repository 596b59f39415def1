/* SPDX-License-Identifier: MIT */
#include "base/shell/kslurm-shell-text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/config/kslurm-folder.h"
#include "kslurm-shell.h"

/* what the text says itself, translated; its names begin with this */
#define SAYS "__kslurm_says_"

static const struct {
  const char *name, *text;
} sentences[] = {
    {SAYS "no_pip", N_("the environment '%s' has no pip of its own; take 'uv pip', or put "
                       "one in with 'python -m ensurepip'")},
    {SAYS "gone", N_("the environment '%s' is gone; leave it with 'deactivate'")},
};

/* keys whose values stand in the text as they are */
static const struct {
  const char *name, *key;
} settings[] = {
    {"__kslurm_compute_nodes", "compute-nodes"},
    {"__kslurm_login_nodes", "login-nodes"},
    {"__kslurm_network", "compute.network"},
};

static void
append(GString *text, KslurmDialect dialect, const char *name, const char *value)
{
  g_autofree char *quoted = kslurm_shell_quote(dialect, value != NULL ? value : "");

  if (dialect == KSLURM_DIALECT_FISH)
    g_string_append_printf(text, "set -g %s %s\n", name, quoted);
  else
    g_string_append_printf(text, "%s=%s\n", name, quoted);
}

/* a folder that cannot be told here is none: the text must not fail a login */
static char *
dup_pipdir(KslurmConfig *config, const char *const *environ)
{
  return kslurm_folder_dup(config, "pipdir", environ, NULL);
}

static char *
dup_programs_folder(void)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);

  return self != NULL ? g_path_get_dirname(self) : g_strdup("/usr/bin");
}

static GResource *
get_resource(void)
{
  static gsize registered = 0;

  if (g_once_init_enter(&registered)) {
    kslurm_shell_register_resource();
    g_once_init_leave(&registered, 1);
  }
  return kslurm_shell_get_resource();
}

/**
 * kslurm_shell_text_get_constant: (skip)
 * @name: a file of our shell texts
 *
 * Returns: (transfer full): its content
 */
GBytes *
kslurm_shell_text_get_constant(const char *name)
{
  g_autofree char *path = g_strconcat("/kslurm/", name, NULL);

  return g_resource_lookup_data(get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void
append_constant(GString *text, KslurmDialect dialect)
{
  g_autofree char *name = g_strconcat("kslurm.", kslurm_dialect_get_name(dialect), NULL);
  g_autoptr(GBytes) bytes = kslurm_shell_text_get_constant(name);

  g_return_if_fail(bytes != NULL);
  g_string_append_len(text, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
}

/**
 * kslurm_shell_text: (skip)
 * @dialect: the shell that will read it
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment, for variables in 'pipdir'
 *
 * What a shell sources: our settings as quoted assignments, then the constant file.
 *
 * Returns: (transfer full): the text
 */
char *
kslurm_shell_text(KslurmDialect dialect, KslurmConfig *config, const char *const *environ)
{
  GString *text = g_string_new("# written by kslurm " KSLURM_VERSION
                               ", which writes it again: changes are lost\n");
  g_autofree char *programs = dup_programs_folder();
  g_autofree char *pipdir = dup_pipdir(config, environ);

  append(text, dialect, "__kslurm_bin", programs);
  append(text, dialect, "__kslurm_pipdir", pipdir);
  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    append(text, dialect, settings[i].name, kslurm_config_get(config, settings[i].key));
  for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++)
    append(text, dialect, sentences[i].name, _(sentences[i].text));
  append_constant(text, dialect);
  return g_string_free(text, FALSE);
}

/**
 * kslurm_wheelhouse_dup_path: (skip)
 * @config: the configuration
 * @environ: (array zero-terminated=1): the environment, for variables in 'pipdir'
 *
 * Returns: (transfer full) (nullable): where wheels are kept, there or not; %NULL without
 *   'pipdir'
 */
char *
kslurm_wheelhouse_dup_path(KslurmConfig *config, const char *const *environ)
{
  g_autofree char *pipdir = dup_pipdir(config, environ);

  return pipdir != NULL ? g_build_filename(pipdir, "wheels", NULL) : NULL;
}

/**
 * kslurm_shell_text_uses: (skip)
 * @key: a dotted key
 *
 * Returns: whether the text is another one when the key changes
 */
gboolean
kslurm_shell_text_uses(const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
    if (g_str_equal(settings[i].key, key))
      return TRUE;
  return g_str_equal(key, "pipdir");
}

static const char *
skip_sentences(const char *line)
{
  while (g_str_has_prefix(line, SAYS) || g_str_has_prefix(line, "set -g " SAYS)) {
    const char *end = strchr(line, '\n');

    line = end != NULL ? end + 1 : line + strlen(line);
  }
  return line;
}

/**
 * kslurm_shell_text_is_same: (skip)
 * @text: a text
 * @other: another
 *
 * A job may speak another language than the login: that alone is no reason to write.
 *
 * Returns: whether they differ in nothing but their sentences
 */
gboolean
kslurm_shell_text_is_same(const char *text, const char *other)
{
  while (*text != '\0' || *other != '\0') {
    gsize length = 0;

    text = skip_sentences(text);
    other = skip_sentences(other);
    length = strcspn(text, "\n");
    length += text[length] == '\n';
    if (strncmp(text, other, length) != 0 || (length == 0 && *other != '\0'))
      return FALSE;
    text += length;
    other += length;
  }
  return TRUE;
}
