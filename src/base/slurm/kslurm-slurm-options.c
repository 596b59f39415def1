/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-slurm-options.h"

#include <string.h>

/* Slurm 20.11 to 26.05. 'value' is set where the value is required; an optional one can
 * only be glued. 'sets' is the kind of word that the option stands for. */
#define SHARED                                                                             \
  {"account", 'A', TRUE, "account", "accounts"}, {"acctg-freq", 0, TRUE, NULL},            \
      {"bb", 0, TRUE, NULL}, {"bbf", 0, TRUE, NULL, "file"}, {"begin", 'b', TRUE, NULL},   \
      {"chdir", 'D', TRUE, "directory", "dir"}, {"cluster-constraint", 0, TRUE, NULL},     \
      {"clusters", 'M', TRUE, NULL}, {"comment", 0, TRUE, NULL},                           \
      {"constraint", 'C', TRUE, NULL}, {"consolidate-segments", 0, FALSE, NULL},           \
      {"container", 0, TRUE, NULL, "dir"}, {"container-id", 0, TRUE, NULL},                \
      {"contiguous", 0, FALSE, NULL}, {"core-spec", 'S', TRUE, NULL},                      \
      {"cores-per-socket", 0, TRUE, NULL}, {"cpu-freq", 0, TRUE, NULL},                    \
      {"cpus-per-gpu", 0, TRUE, "cpus"}, {"cpus-per-task", 'c', TRUE, "cpus"},             \
      {"deadline", 0, TRUE, NULL}, {"delay-boot", 0, TRUE, NULL},                          \
      {"dependency", 'd', TRUE, "after"}, {"distribution", 'm', TRUE, NULL},               \
      {"error", 'e', TRUE, NULL, "file"}, {"exclude", 'x', TRUE, NULL},                    \
      {"exclusive", 0, FALSE, NULL}, {"export", 0, TRUE, NULL}, {"extra", 0, TRUE, NULL},  \
      {"extra-node-info", 'B', TRUE, NULL}, {"gid", 0, TRUE, NULL},                        \
      {"gpu-bind", 0, TRUE, NULL}, {"gpu-freq", 0, TRUE, NULL},                            \
      {"gpus", 'G', TRUE, "gpu"}, {"gpus-per-node", 0, TRUE, "gpu"},                       \
      {"gpus-per-socket", 0, TRUE, "gpu"}, {"gpus-per-task", 0, TRUE, "gpu"},              \
      {"gres", 0, TRUE, "gpu"}, {"gres-flags", 0, TRUE, NULL}, {"hint", 0, TRUE, NULL},    \
      {"hold", 'H', FALSE, NULL}, {"input", 'i', TRUE, NULL, "file"},                      \
      {"job-name", 'J', TRUE, "name"}, {"licenses", 'L', TRUE, NULL},                      \
      {"mail-type", 0, TRUE, NULL}, {"mail-user", 0, TRUE, NULL},                          \
      {"mcs-label", 0, TRUE, NULL}, {"mem", 0, TRUE, "memory"},                            \
      {"mem-bind", 0, TRUE, NULL}, {"mem-per-cpu", 0, TRUE, "memory"},                     \
      {"mem-per-gpu", 0, TRUE, "memory"}, {"mincpus", 0, TRUE, NULL},                      \
      {"network", 0, TRUE, NULL}, {"nice", 0, FALSE, NULL}, {"no-kill", 'k', FALSE, NULL}, \
      {"nodefile", 'F', TRUE, NULL, "file"}, {"nodelist", 'w', TRUE, NULL},                \
      {"nodes", 'N', TRUE, "nodes"}, {"ntasks", 'n', TRUE, "tasks"},                       \
      {"ntasks-per-core", 0, TRUE, NULL}, {"ntasks-per-gpu", 0, TRUE, NULL},               \
      {"ntasks-per-node", 0, TRUE, NULL}, {"ntasks-per-socket", 0, TRUE, NULL},            \
      {"oom-kill-step", 0, FALSE, NULL}, {"open-mode", 0, TRUE, NULL},                     \
      {"output", 'o', TRUE, NULL, "file"}, {"overcommit", 'O', FALSE, NULL},               \
      {"oversubscribe", 's', FALSE, NULL}, {"partition", 'p', TRUE, NULL},                 \
      {"power", 0, TRUE, NULL}, {"prefer", 0, TRUE, NULL}, {"priority", 0, TRUE, NULL},    \
      {"profile", 0, TRUE, NULL}, {"propagate", 0, FALSE, NULL}, {"qos", 'q', TRUE, NULL}, \
      {"reboot", 0, FALSE, NULL}, {"reservation", 0, TRUE, NULL},                          \
      {"resv-ports", 0, FALSE, NULL}, {"segment", 0, TRUE, NULL},                          \
      {"signal", 0, TRUE, NULL}, {"sockets-per-node", 0, TRUE, NULL},                      \
      {"spread-job", 0, FALSE, NULL}, {"spread-segments", 0, FALSE, NULL},                 \
      {"stepmgr", 0, FALSE, NULL}, {"switches", 0, TRUE, NULL},                            \
      {"test-only", 0, FALSE, NULL}, {"thread-spec", 0, TRUE, NULL},                       \
      {"threads-per-core", 0, TRUE, NULL}, {"time", 't', TRUE, "time"},                    \
      {"time-min", 0, TRUE, NULL}, {"tmp", 0, TRUE, NULL}, {"tres-bind", 0, TRUE, NULL},   \
      {"tres-per-task", 0, TRUE, NULL}, {"uid", 0, TRUE, NULL}, {"usage", 0, FALSE, NULL}, \
      {"use-min-nodes", 0, FALSE, NULL}, {NULL, 'Q', FALSE, NULL},                         \
      {NULL, 'v', FALSE, NULL}, {NULL, 'V', FALSE, NULL},                                  \
  {                                                                                        \
    "wckey", 0, TRUE, NULL                                                                 \
  }

const KslurmForeign kslurm_srun_options[] = {SHARED,
                                             {"accel-bind", 0, TRUE, NULL},
                                             {"bcast", 0, FALSE, NULL},
                                             {"bcast-exclude", 0, TRUE, NULL},
                                             {"compress", 0, FALSE, NULL},
                                             {"cpu-bind", 0, TRUE, NULL},
                                             {"disable-status", 'X', FALSE, NULL},
                                             {"epilog", 0, TRUE, NULL, "file"},
                                             {"exact", 0, FALSE, NULL},
                                             {"external", 0, FALSE, NULL},
                                             {"het-group", 0, TRUE, NULL},
                                             {"immediate", 'I', FALSE, NULL},
                                             {"interactive", 0, FALSE, NULL},
                                             {"jobid", 0, TRUE, NULL},
                                             {"kill-on-bad-exit", 'K', FALSE, NULL},
                                             {"label", 'l', FALSE, NULL},
                                             {"mpi", 0, TRUE, NULL},
                                             {"msg-timeout", 0, TRUE, NULL},
                                             {"multi-prog", 0, FALSE, NULL},
                                             {"no-allocate", 'Z', FALSE, NULL},
                                             {"overlap", 0, FALSE, NULL},
                                             {"preserve-env", 'E', FALSE, NULL},
                                             {"prolog", 0, TRUE, NULL, "file"},
                                             {"pty", 0, FALSE, NULL},
                                             {"quit-on-interrupt", 0, FALSE, NULL},
                                             {"relative", 'r', TRUE, NULL},
                                             {"send-libs", 0, FALSE, NULL},
                                             {"slurmd-debug", 0, TRUE, NULL},
                                             {"task-epilog", 0, TRUE, NULL, "file"},
                                             {"task-prolog", 0, TRUE, NULL, "file"},
                                             {"threads", 'T', TRUE, NULL},
                                             {"treewidth", 0, TRUE, NULL},
                                             {"unbuffered", 'u', FALSE, NULL},
                                             {"wait", 'W', TRUE, NULL},
                                             {"wait-for-children", 0, FALSE, NULL},
                                             {"x11", 0, FALSE, "x11"},
                                             {0}};

const KslurmForeign kslurm_sbatch_options[] = {SHARED,
                                               {"array", 'a', TRUE, "array"},
                                               {"batch", 0, TRUE, NULL},
                                               {"export-file", 0, TRUE, NULL, "file"},
                                               {"get-user-env", 0, FALSE, NULL},
                                               {"ignore-pbs", 0, FALSE, NULL},
                                               {"kill-on-invalid-dep", 0, TRUE, NULL},
                                               {"no-requeue", 0, FALSE, NULL},
                                               {"parsable", 0, FALSE, NULL},
                                               {"requeue", 0, FALSE, NULL},
                                               {"wait", 'W', FALSE, NULL},
                                               {"wait-all-nodes", 0, TRUE, NULL},
                                               {"wrap", 0, TRUE, NULL},
                                               {0}};

const KslurmSlurmVariable kslurm_slurm_variables[] = {{"ACCOUNT", "account"},
                                                      {"ARRAY_INX", "array"},
                                                      {"CPUS_PER_GPU", "cpus-per-gpu"},
                                                      {"CPUS_PER_TASK", "cpus-per-task"},
                                                      {"DEPENDENCY", "dependency"},
                                                      {"GPUS", "gpus"},
                                                      {"GPUS_PER_NODE", "gpus-per-node"},
                                                      {"GPUS_PER_TASK", "gpus-per-task"},
                                                      {"GRES", "gres"},
                                                      {"JOB_NAME", "job-name"},
                                                      {"MEM_PER_CPU", "mem-per-cpu"},
                                                      {"MEM_PER_GPU", "mem-per-gpu"},
                                                      {"MEM_PER_NODE", "mem"},
                                                      {"NNODES", "nodes"},
                                                      {"NTASKS", "ntasks"},
                                                      {"OUTPUT", "output"},
                                                      {"TIMELIMIT", "time"},
                                                      {NULL, NULL}};

/**
 * kslurm_slurm_find_option: (skip)
 * @table: a program's options
 * @name: a long option's whole name
 *
 * Returns: (transfer none) (nullable): its row
 */
const KslurmForeign *
kslurm_slurm_find_option(const KslurmForeign *table, const char *name)
{
  for (const KslurmForeign *f = table; f->name != NULL || f->letter != 0; f++)
    if (g_strcmp0(f->name, name) == 0)
      return f;
  return NULL;
}

/**
 * kslurm_slurm_find_letter: (skip)
 * @table: a program's options
 * @letter: a short option
 *
 * Returns: (transfer none) (nullable): its row
 */
const KslurmForeign *
kslurm_slurm_find_letter(const KslurmForeign *table, char letter)
{
  for (const KslurmForeign *f = table; f->name != NULL || f->letter != 0; f++)
    if (f->letter == letter)
      return f;
  return NULL;
}
