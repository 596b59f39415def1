/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "base/request/kslurm-plan.h"
#include "base/request/kslurm-script.h"
#include "tests/fuzz/fuzz.h"

static gboolean
is_sometimes(const char *path, gpointer data)
{
  return g_str_has_suffix(path, "d");
}

/* lines are the words; what follows an empty line is a batch script */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_auto(GStrv) parts = g_strsplit(text, "\n\n", 2);
  g_auto(GStrv) argv = g_strsplit(parts[0] != NULL ? parts[0] : "krun", "\n", 64);
  const char *environ[] = {"SLURM_JOB_ID=1", "SBATCH_MEM_PER_CPU=1G", NULL};
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GBytes) script = NULL;

  if (argv[0] == NULL)
    return 0;
  if (parts[0] != NULL && parts[1] != NULL)
    script = g_bytes_new(parts[1], strlen(parts[1]));
  for (int kind = KSLURM_REQUEST_RUN; kind <= KSLURM_REQUEST_BATCH; kind++) {
    g_autoptr(KslurmRequest) request =
        kslurm_request_parse((KslurmRequestKind)kind, (const char *const *)argv, "/w",
                             config, is_sometimes, NULL, NULL);
    g_autoptr(KslurmPlan) plan = NULL;
    g_autofree char *line = NULL;
    g_autofree char *words = NULL;

    if (request == NULL)
      continue;
    plan = kslurm_plan_new(request, config, environ, FALSE,
                           kind == KSLURM_REQUEST_BATCH ? script : NULL, NULL);
    if (plan == NULL)
      continue;
    line = kslurm_plan_to_line(plan);
    words = kslurm_plan_to_words(plan);
  }
  return 0;
}
