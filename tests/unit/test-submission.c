/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-submission.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define NO_SBATCH                                                                          \
  "'sbatch' is not on the PATH; this needs a machine with Slurm's programs, or try "       \
  "'kslurm sandbox'"

static void
test_no_sbatch(void)
{
  static const gboolean estimates[] = {FALSE, TRUE};

  for (gsize i = 0; i < G_N_ELEMENTS(estimates); i++) {
    g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch echo hi");
    g_autoptr(KslurmSubmission) submission =
        kslurm_submission_start(plan, estimates[i], NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(kslurm_submission_finish(submission, &error));
    unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND, NO_SBATCH);
  }
}

/* nothing has left yet, so nothing is submitted */
static void
test_cancelled_before(void)
{
  g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch echo hi");
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(KslurmSubmission) submission =
      kslurm_submission_start(plan, FALSE, cancellable);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel(cancellable);
  g_assert_null(kslurm_submission_finish(submission, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint(kslurm_submission_get_status(submission), ==, 0);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_setenv("PATH", "/nowhere", TRUE);
  g_test_add_func("/submission/no-sbatch", test_no_sbatch);
  g_test_add_func("/submission/cancelled-before", test_cancelled_before);
  return g_test_run();
}
