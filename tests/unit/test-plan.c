/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/request/kslurm-plan.h"
#include "base/util/kslurm-error.h"

static gboolean
is_never(const char *path, gpointer data)
{
  return FALSE;
}

typedef struct {
  const char *line;    /* the words, parted by blanks */
  const char *script;  /* or NULL */
  const char *environ; /* one variable, or NULL */
  const char *setting; /* 'KEY=VALUE', or NULL */
  const char *want;    /* the command that is planned */
  const char *input;   /* what sbatch reads, or NULL */
} Case;

#define S "#!/bin/bash\n"

static const Case cases[] = {
    {"krun -a x echo hi", NULL, NULL, NULL,
     "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M --account=x --job-name=echo echo "
     "hi",
     NULL},
    {"krun tasks:4 gpu:2 -- -x y", NULL, NULL, "gpu.style=gpus-per-node",
     "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M --gpus-per-node=2 --ntasks=4 "
     "--job-name=kslurm -- -x y",
     NULL},
    {"krun 4G a b", NULL, "SLURM_MEM_PER_CPU=1", NULL,
     "env -u SLURM_MEM_PER_CPU srun --time=03:00:00 --cpus-per-task=1 --mem=4000M "
     "--job-name=a a b",
     NULL},
    {"krun 1G a b", NULL, "SLURM_JOB_ID=7", "account=x",
     "srun --overlap --mem=1000M --nodes=1 --ntasks=1 a b", NULL},
    {"krun --new 1G a b", NULL, "SLURM_JOB_ID=7", NULL,
     "env -u SLURM_JOB_ID srun --time=03:00:00 --cpus-per-task=1 --mem=1000M --job-name=a "
     "a b",
     NULL},
    {"krun --venv e python x", NULL, NULL, NULL,
     "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M --job-name=python kpy exec e -- "
     "python x",
     NULL},
    {"krun", NULL, NULL, "default.time=1h",
     "salloc --time=01:00:00 --cpus-per-task=1 --mem=4000M srun --interactive "
     "--preserve-env /bin/sh",
     NULL},
    {"krun a $SLURM_TMPDIR/x", NULL, NULL, NULL,
     "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M --job-name=a bash -c "
     "'exec a \"${SLURM_TMPDIR:?is not set on this node}\"/x'",
     NULL},
    {"krun bash -c $SLURM_TMPDIR", NULL, NULL, NULL,
     "srun --time=03:00:00 --cpus-per-task=1 --mem=4000M --job-name=bash bash -c "
     "'$SLURM_TMPDIR'",
     NULL},
    {"kbatch --after 1,2 a b", NULL, NULL, NULL,
     "sbatch --parsable --time=03:00:00 --cpus-per-task=1 --mem=4000M --job-name=a "
     "--dependency=afterok:1:2 --kill-on-invalid-dep=yes",
     S "exec a b\n"},
    {"kbatch j.sh x", S "#SBATCH --time=5 -c 2\n#SBATCH --mem-per-cpu=1G\n", NULL,
     "account=x", "sbatch --parsable --account=x /w/j.sh x", NULL},
    {"kbatch 2G j.sh x",
     S "#SBATCH --time=5 --mem-per-cpu=1G\necho\n#SBATCH --mem-per-gpu=1\n", NULL, NULL,
     "sbatch --parsable --cpus-per-task=1 --mem=2000M --job-name=j.sh /dev/stdin x",
     S "#SBATCH --time=5\necho\n#SBATCH --mem-per-gpu=1\n"},
    {"kbatch 2G j.sh", S "#SBATCH --mem=1G\n", NULL, NULL,
     "sbatch --parsable --time=03:00:00 --cpus-per-task=1 --mem=2000M /w/j.sh", NULL},
    {"kbatch gpu j.sh", S "#SBATCH --gres=lscratch:10\n#SBATCH -G2\n", NULL, NULL,
     "sbatch --parsable --time=03:00:00 --cpus-per-task=1 --mem=4000M --gres=gpu:1 "
     "--job-name=j.sh "
     "/dev/stdin",
     S "#SBATCH --gres=lscratch:10\n"},
    {"kbatch j.sh", S "#SBATCH --mem-per-cpu=1G\n", "SBATCH_MEM_PER_NODE=2G", NULL,
     "sbatch --parsable --time=03:00:00 --cpus-per-task=1 --job-name=j.sh /dev/stdin", S},
    {"kbatch 1G a b", NULL, "SLURM_NTASKS=4", NULL,
     "env -u SLURM_NTASKS sbatch --parsable --time=03:00:00 --cpus-per-task=1 --mem=1000M "
     "--job-name=a",
     S "exec a b\n"},
    {"kbatch 1G a b", NULL, "SLURM_CONF=/c", NULL,
     "sbatch --parsable --time=03:00:00 --cpus-per-task=1 --mem=1000M --job-name=a",
     S "exec a b\n"},
};

static KslurmConfig *
make_config(const char *setting)
{
  KslurmConfig *config = kslurm_config_new();
  g_auto(GStrv) parts = g_strsplit(setting != NULL ? setting : "", "=", 2);

  if (setting != NULL)
    kslurm_config_override(config, parts[0], parts[1], "test");
  return config;
}

static void
check_case(gconstpointer data)
{
  const Case *c = data;
  g_auto(GStrv) argv = g_strsplit(c->line, " ", -1);
  const char *environ[] = {"SHELL=/bin/sh", c->environ, NULL};
  g_autoptr(KslurmConfig) config = make_config(c->setting);
  g_autoptr(GBytes) script =
      c->script != NULL ? g_bytes_new_static(c->script, strlen(c->script)) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRequest) request = kslurm_request_parse(
      g_str_has_prefix(c->line, "kbatch") ? KSLURM_REQUEST_BATCH : KSLURM_REQUEST_RUN,
      (const char *const *)argv, "/w", config, is_never, NULL, &error);
  g_autoptr(KslurmPlan) plan = NULL;
  g_autofree char *line = NULL;

  g_assert_no_error(error);
  plan = kslurm_plan_new(request, config, environ, FALSE, script, &error);
  g_assert_no_error(error);
  line = kslurm_plan_to_line(plan);
  g_assert_cmpstr(line, ==, c->want);
  g_assert_cmpint(kslurm_plan_get_input(plan) != NULL, ==, c->input != NULL);
  if (c->input != NULL) {
    gsize length = 0;
    const char *text = g_bytes_get_data(kslurm_plan_get_input(plan), &length);

    g_assert_cmpmem(text, length, c->input, strlen(c->input));
  }
}

static void
test_no_command(void)
{
  static const char *const argv[] = {"kbatch", "4", NULL};
  static const char *const environ[] = {NULL};
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(KslurmRequest) request = kslurm_request_parse(KSLURM_REQUEST_BATCH, argv, "/w",
                                                          config, is_never, NULL, &error);

  g_assert_no_error(error);
  g_assert_null(kslurm_plan_new(request, config, environ, FALSE, NULL, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_USAGE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *name = g_strdup_printf("/plan/%02u", (guint)i);

    g_test_add_data_func(name, &cases[i], check_case);
  }
  g_test_add_func("/plan/no-command", test_no_command);
  return g_test_run();
}
