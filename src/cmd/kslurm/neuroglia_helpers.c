/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <stdio.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-quote.h"
#include "cmd/kslurm/config.h"
#include "cmd/kslurm/kslurm.h"
#include "kslurm-neuroglia.h"

static const KslurmArg rows[] = {{.kind = KSLURM_ARG_FLAG,
                                  .name = "src-dir",
                                  .help = N_("show the folder of neuroglia-helpers")},
                                 {0}};

const KslurmArg *const kslurm_neuroglia_args[] = {rows, kslurm_args_common, NULL};

static void
print_assignment(const char *name, const char *value)
{
  g_autofree char *quoted = kslurm_shell_quote(KSLURM_DIALECT_BASH, value);

  printf("%s=%s\n", name, quoted);
}

int
kslurm_run_neuroglia_helpers(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = kslurm_load_config(call, error);
  g_autoptr(GBytes) text = NULL;
  const char *folder = NULL, *profile = NULL;

  if (config == NULL)
    return 1;
  folder = kslurm_config_get(config, "neuroglia.dir");
  profile = kslurm_config_get(config, "neuroglia_profile");
  if (folder == NULL) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                        _("'neuroglia.dir' is not set; name your copy of neuroglia-helpers "
                          "with 'kslurm config neuroglia.dir FOLDER'"));
    return 1;
  }
  if (kslurm_call_has(call, "src-dir")) {
    puts(folder);
    return 0;
  }
  kslurm_neuroglia_register_resource();
  text = g_resource_lookup_data(kslurm_neuroglia_get_resource(),
                                "/kslurm/neuroglia-helpers.bash",
                                G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (text == NULL)
    return 1;
  print_assignment("__kslurm_neuroglia_dir", folder);
  print_assignment("__kslurm_neuroglia_profile", profile != NULL ? profile : "");
  fwrite(g_bytes_get_data(text, NULL), 1, g_bytes_get_size(text), stdout);
  return 0;
}
