/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-estimate.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

static void
count(gpointer data)
{
  ++*(int *)data;
}

static void
test_ask(void)
{
  g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch echo hi");
  g_autoptr(GError) error = NULL;
  int sent = 0;

  g_assert_null(kslurm_estimate_ask(plan, count, &sent, NULL, &error));
  unit_assert_error(
      error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
      "'sbatch' is not on the PATH; this needs a machine with Slurm's programs, or try "
      "'kslurm sandbox'");
  g_assert_cmpint(sent, ==, 1);
}

/* a guess that cannot be asked again is told, one that nobody waited for is not */
static void
test_refine(void)
{
  g_autoptr(GDateTime) past = g_date_time_new_from_unix_local(1);
  g_autoptr(GCancellable) cancelled = g_cancellable_new();
  g_autofree char *told = kslurm_estimate_refine(past, "1", NULL);

  g_assert_cmpstr(told, ==, "now");
  g_assert_null(kslurm_estimate_refine(NULL, "1", NULL));
  g_cancellable_cancel(cancelled);
  g_assert_null(kslurm_estimate_refine(past, "1", cancelled));
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_setenv("PATH", "/nowhere", TRUE);
  g_test_add_func("/estimate/ask", test_ask);
  g_test_add_func("/estimate/refine", test_refine);
  return g_test_run();
}
