/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/util/kslurm-file.h"
#include "image/kslurm-registry.h"

/* drives the registry client without kapp: registry [OPTION…] resolve URI | manifest URI |
 * blob URI DIGEST [OFFSET] | file URL
 */

static char *opt_platform, **opt_plain, **opt_mirrors;
static int opt_pause, opt_reopen;

static const GOptionEntry entries[] = {
    {"platform", 'p', 0, G_OPTION_ARG_STRING, &opt_platform, NULL, NULL},
    {"http", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_plain, NULL, NULL},
    {"mirrors", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &opt_mirrors, NULL, NULL},
    {"reopen", 0, 0, G_OPTION_ARG_INT, &opt_reopen, NULL, NULL},
    {"pause", 0, 0, G_OPTION_ARG_INT, &opt_pause, NULL, NULL},
    {NULL}};

typedef struct {
  KslurmRegistry *registry;
  KslurmReference *reference;
  char **words;
} Task;

static KslurmMirrors *
read_mirrors(GError **error)
{
  g_autoptr(KslurmMirrors) mirrors = kslurm_mirrors_new();
  g_autoptr(KslurmConfig) config = kslurm_config_new();

  for (gsize i = 0; opt_plain != NULL && opt_plain[i] != NULL; i++)
    kslurm_config_override(config, "http-registries", opt_plain[i], "--http");
  if (!kslurm_mirrors_add_config(mirrors, config, error))
    return NULL;
  for (gsize i = 0; opt_mirrors != NULL && opt_mirrors[i] != NULL; i++) {
    g_autoptr(GBytes) bytes = kslurm_file_read(opt_mirrors[i], 65536, error);
    gsize length = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

    if (data == NULL || !kslurm_mirrors_add_toml(mirrors, data, (gssize)length, error))
      return NULL;
  }
  return g_steal_pointer(&mirrors);
}

static gboolean
resolve(const Task *task, GError **error)
{
  g_autofree char *digest =
      kslurm_registry_resolve(task->registry, task->reference, NULL, error);

  if (digest != NULL)
    g_print("%s\n", digest);
  return digest != NULL;
}

static gboolean
show_manifest(const Task *task, GError **error)
{
  g_autofree char *digest =
      kslurm_registry_resolve(task->registry, task->reference, NULL, error);
  g_autoptr(KslurmRegistryManifest) found =
      digest != NULL ? kslurm_registry_get_manifest(task->registry, task->reference, digest,
                                                    opt_platform, NULL, error)
                     : NULL;
  gsize length = 0;
  const char *data = found != NULL ? g_bytes_get_data(found->data, &length) : NULL;

  if (data == NULL)
    return FALSE;
  g_print("%s %u\n", found->digest, found->manifest->layers->len);
  fflush(stdout);
  return fwrite(data, 1, length, stdout) == length;
}

/* the digest '-' is none, as of a URL */
static gboolean
show_blob(const Task *task, GError **error)
{
  const char *digest = g_str_equal(task->words[0], "-") ? NULL : task->words[0];
  guint64 offset = task->words[1] != NULL ? g_ascii_strtoull(task->words[1], NULL, 10) : 0;
  guint64 start = 0;
  g_autoptr(GInputStream) stream = kslurm_registry_open_blob(
      task->registry, task->reference, digest, offset, &start, NULL, error);
  char buffer[65536];
  gssize got = 0;

  if (stream == NULL)
    return FALSE;
  g_printerr("start %" G_GUINT64_FORMAT "\n", start);
  while ((got = g_input_stream_read(stream, buffer, sizeof buffer, NULL, error)) > 0)
    fwrite(buffer, 1, (gsize)got, stdout);
  return got == 0;
}

static gboolean
show_blobs(const Task *task, GError **error)
{
  gboolean done = show_blob(task, error);

  for (int i = 0; done && i < opt_reopen; i++) {
    g_usleep((gulong)opt_pause * 1000);
    done = show_blob(task, error);
  }
  return done;
}

static gboolean
show_file(const Task *task, GError **error)
{
  guint64 size = 0;
  g_autofree char *validator = NULL;

  if (!kslurm_registry_get_file(task->registry, task->reference, &size, &validator, NULL,
                                error))
    return FALSE;
  g_print("%" G_GUINT64_FORMAT " %s\n", size, validator != NULL ? validator : "-");
  return TRUE;
}

static gboolean
run(int argc, char **argv, GError **error)
{
  static const struct {
    const char *name;
    int words;
    gboolean (*run)(const Task *task, GError **error);
  } verbs[] = {{"resolve", 3, resolve},
               {"manifest", 3, show_manifest},
               {"blob", 4, show_blobs},
               {"file", 3, show_file}};
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(KslurmMirrors) mirrors = NULL;
  g_autoptr(KslurmReference) reference = NULL;
  g_autoptr(KslurmRegistry) registry = NULL;

  g_option_context_add_main_entries(context, entries, NULL);
  if (!g_option_context_parse(context, &argc, &argv, error) ||
      (mirrors = read_mirrors(error)) == NULL ||
      (reference = kslurm_reference_parse(argc > 2 ? argv[2] : "", error)) == NULL)
    return FALSE;
  registry = kslurm_registry_new(g_steal_pointer(&mirrors), 4);
  for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
    if (g_str_equal(argv[1], verbs[i].name) && argc >= verbs[i].words)
      return verbs[i].run(&(Task){registry, reference, argv + 3}, error);
  g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "no such verb");
  return FALSE;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  setlocale(LC_ALL, "");
  if (run(argc, argv, &error))
    return 0;
  g_printerr("%s %d: %s\n", g_quark_to_string(error->domain), error->code, error->message);
  return 1;
}
