/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-submission.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

#define NO_SBATCH                                                                          \
  "'sbatch' is not on the PATH; this needs a machine with Slurm's programs, or try "       \
  "'kslurm sandbox'"

/* what needs an answer of Slurm is tested in tests/slurm */
static void
check_no_sbatch(gconstpointer data)
{
  g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch 1G true");
  g_autoptr(KslurmSubmission) submission =
      kslurm_submission_start(plan, GPOINTER_TO_INT(data), NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null(kslurm_submission_finish(submission, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND);
  g_assert_cmpstr(error->message, ==, NO_SBATCH);
  g_assert_cmpint(kslurm_submission_get_status(submission), ==, 0);
}

static void
test_cancelled(void)
{
  g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch 1G true");
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(KslurmSubmission) submission =
      kslurm_submission_start(plan, FALSE, cancellable);
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel(cancellable);
  g_assert_null(kslurm_submission_finish(submission, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_start(void)
{
  g_autoptr(KslurmPlan) plan = unit_make_plan("kbatch 1G true");
  g_autoptr(KslurmSubmission) submission = kslurm_submission_start(plan, TRUE, NULL);
  g_autofree char *start = kslurm_submission_dup_start(submission, "7");

  g_assert_null(start);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_setenv("PATH", "/nonexistent", TRUE);
  g_test_add_data_func("/submission/no-sbatch", GINT_TO_POINTER(FALSE), check_no_sbatch);
  g_test_add_data_func("/submission/no-estimate", GINT_TO_POINTER(TRUE), check_no_sbatch);
  g_test_add_func("/submission/cancelled", test_cancelled);
  g_test_add_func("/submission/no-start", test_no_start);
  return g_test_run();
}
