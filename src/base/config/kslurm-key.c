/* SPDX-License-Identifier: MIT */
#include "base/config/kslurm-key.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-memory.h"
#include "base/slurm/kslurm-slurm-options.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-text.h"

static gboolean
is_style(const char *value)
{
  return g_str_equal(value, "gres") || g_str_equal(value, "gpus-per-node");
}

static gboolean
is_yes_or_no(const char *value)
{
  return g_str_equal(value, "yes") || g_str_equal(value, "no");
}

static gboolean
is_time(const char *value)
{
  guint64 seconds = 0;

  return kslurm_duration_parse(value, &seconds, NULL) == KSLURM_PARSE_YES;
}

static gboolean
is_memory(const char *value)
{
  guint64 megabytes = 0;
  gboolean per_cpu = FALSE;

  return kslurm_memory_parse(value, &megabytes, &per_cpu, NULL) == KSLURM_PARSE_YES;
}

static gboolean
is_cpus(const char *value)
{
  return value[0] >= '1' && value[0] <= '9' && value[strspn(value, "0123456789")] == '\0' &&
         g_ascii_strtoull(value, NULL, 10) <= KSLURM_MOST_CPUS;
}

static gboolean
is_absolute(const char *value)
{
  return g_path_is_absolute(value) || value[0] == '$';
}

const KslurmKey kslurm_keys[] = {
    {"account", N_("ACCOUNT"), N_("the account to charge"), NULL},
    {"account.cpu", N_("ACCOUNT"), N_("the account for jobs without GPUs"), NULL},
    {"account.gpu", N_("ACCOUNT"), N_("the account for jobs with GPUs"), NULL},
    {"compute-nodes", N_("GLOBS"), N_("host names of compute nodes: 'node* gpu*'"), NULL},
    {"compute.network", "yes|no", N_("whether compute nodes have internet (default: no)"),
     is_yes_or_no},
    {"default.cpus", "4", N_("cpus where none are asked for (default: 1)"), is_cpus},
    {"default.memory", "4G", N_("memory where none is asked for (default: 4G)"), is_memory},
    {"default.time", "3:00", N_("time where none is asked for (default: 3:00)"), is_time},
    {"gpu.style", "gres|gpus-per-node", N_("how GPUs are asked for (default: gres)"),
     is_style},
    {"http-registries", N_("HOSTS"), N_("registries that may be asked without TLS"), NULL},
    {"interactive.max-time", "8h", N_("the site's limit for interactive jobs: krun warns"),
     is_time},
    {"login-nodes", N_("GLOBS"), N_("host names that are no compute nodes"), NULL},
    {"mirror.", N_("PLACES"), N_("copies of a registry: 'mirror.docker.io = HOST/PATH'"),
     NULL},
    {"neuroglia.dir", N_("/FOLDER"), N_("a neuroglia-helpers checkout"), is_absolute},
    {"neuroglia_profile", N_("PROFILE"), N_("its profile"), NULL},
    {"pipdir", N_("/FOLDER"), N_("where environments, wheels and images are kept"),
     is_absolute},
    {"scratch", N_("/FOLDER"), N_("fast storage on the node (default: $SLURM_TMPDIR)"),
     is_absolute},
    {"template.", N_("WORDS"), N_("a template: 'template.NAME = 16 64G 1-00:00 gpu'"),
     NULL},
    {NULL, NULL, NULL, NULL}};

/**
 * kslurm_key_find: (skip)
 * @name: a dotted key
 *
 * Returns: (transfer none) (nullable): its row
 */
const KslurmKey *
kslurm_key_find(const char *name)
{
  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++)
    if (g_str_equal(key->name, name) ||
        (g_str_has_suffix(key->name, ".") && g_str_has_prefix(name, key->name)))
      return key;
  return NULL;
}

/**
 * kslurm_key_find_closest: (skip)
 * @name: a key that kslurm does not read
 *
 * Returns: (transfer none) (nullable): the one that may have been meant
 */
const char *
kslurm_key_find_closest(const char *name)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();

  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++)
    g_ptr_array_add(names, (char *)key->name);
  g_ptr_array_add(names, NULL);
  return kslurm_text_closest(name, (const char *const *)names->pdata);
}

/**
 * kslurm_key_check: (skip)
 * @name: a dotted key
 * @value: a value for it
 * @error: return location
 *
 * Returns: whether the value can be meant; keys that are not declared take any
 */
gboolean
kslurm_key_check(const char *name, const char *value, GError **error)
{
  const KslurmKey *key = kslurm_key_find(name);

  if (key == NULL || key->check == NULL || key->check(value))
    return TRUE;
  return kslurm_set_usage(error, _("'%s' is no value for '%s'; write it as %s"), value,
                          name, _(key->shape));
}

/**
 * kslurm_key_split: (skip)
 * @name: a dotted key
 * @group: (out): the group of the key file
 * @key: (out): the key in it
 * @error: return location
 *
 * The first dot parts group and key; without one the group is 'kslurm'.
 *
 * Returns: whether @name can stand in a key file
 */
gboolean
kslurm_key_split(const char *name, char **group, char **key, GError **error)
{
  static const char letters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  const char *dot = strchr(name, '.');

  if (name[0] == '\0' || name[strspn(name, letters)] != '\0' || name[0] == '.' ||
      (dot != NULL && dot[1] == '\0'))
    return kslurm_set_usage(
        error, _("'%s' is no key; use letters, digits, '.', '-' and '_'"), name);
  if (g_str_has_prefix(name, "kslurm."))
    return kslurm_set_usage(error, _("'%s' is no key; leave 'kslurm.' out"), name);
  *group = dot != NULL ? g_strndup(name, (gsize)(dot - name)) : g_strdup("kslurm");
  *key = g_strdup(dot != NULL ? dot + 1 : name);
  return TRUE;
}

/**
 * kslurm_key_dup_variable: (skip)
 * @name: a dotted key
 *
 * Returns: (transfer full): the environment variable that sets it
 */
char *
kslurm_key_dup_variable(const char *name)
{
  g_autofree char *upper = g_ascii_strup(name, -1);

  g_strdelimit(upper, ".-", '_');
  return g_strconcat("KSLURM_", upper, NULL);
}
