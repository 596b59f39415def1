/* SPDX-License-Identifier: MIT */
#include "base/venv/kslurm-scratch.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-tree.h"
#include "unit.h"

static char *folder;

static char *
own_name(const char *job)
{
  return g_strdup_printf("kslurm-%u%s", (guint)geteuid(), job);
}

static char **
make_environ(const char *words)
{
  return g_strsplit(words, " ", -1);
}

static void
test_path(void)
{
  static const struct {
    const char *scratch, *environ, *path; /* '%' is the user's folder */
  } cases[] = {
      {NULL, "A=b", "/tmp/%"},
      {NULL, "TMPDIR=/t", "/t/%"},
      {NULL, "TMPDIR=t", "/tmp/%"},
      {NULL, "SLURM_JOB_ID=7 SLURMD_NODENAME=n1", "/tmp/%-7"},
      {NULL, "SLURM_JOB_ID=7 SLURMD_NODENAME=n1 TMPDIR=/t", "/t/%-7"},
      {NULL, "SLURM_JOB_ID=7", "/tmp/%"},
      {NULL, "SLURM_JOB_ID=../x SLURMD_NODENAME=n1", "/tmp/%"},
      {NULL, "SLURM_TMPDIR=/local/7 SLURM_JOB_ID=7 SLURMD_NODENAME=n1", "/local/7"},
      {NULL, "SLURM_TMPDIR=", "/tmp/%"},
      {"/s", "SLURM_TMPDIR=/local/7", "/s"},
      {"/s/$USER/${SLURM_JOB_ID}x", "USER=u SLURM_JOB_ID=7", "/s/u/7x"},
      {"$SLURM_TMPDIR/", "USER=u", "/tmp/%"},
      {"/s/$USER/$", "USER=u", "/s/u/$"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(KslurmConfig) config = kslurm_config_new();
    g_auto(GStrv) environ = make_environ(cases[i].environ);
    g_auto(GStrv) parts = g_strsplit(cases[i].path, "%", -1);
    g_autofree char *own = own_name("");
    g_autofree char *expected = g_strjoinv(own, parts);
    g_autofree char *path = NULL;

    if (cases[i].scratch != NULL)
      kslurm_config_override(config, "scratch", cases[i].scratch, "test");
    path = kslurm_scratch_dup_path(config, (const char *const *)environ, NULL);
    g_assert_cmpstr(path, ==, expected);
  }
}

static void
test_unset(void)
{
  static const char *const environ[] = {"SLURMD_NODENAME=n1", NULL};
  static const char *const relative[] = {"WHERE=here", NULL};
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) usage = NULL;

  kslurm_config_override(config, "scratch", "${SLURM_TMPDIR}/x", "test");
  g_assert_null(kslurm_scratch_dup_path(config, environ, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_CONFIGURED,
                    "'SLURM_TMPDIR' is not set on this node, which the setting 'scratch' "
                    "names: '${SLURM_TMPDIR}/x'");
  kslurm_config_override(config, "scratch", "$WHERE", "test");
  g_assert_null(kslurm_scratch_dup_path(config, relative, &usage));
  unit_assert_usage(usage, "the setting 'scratch' is no absolute path: 'here'");
}

static void
test_make(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *tmpdir = g_strconcat("TMPDIR=", folder, NULL);
  const char *const environ[] = {tmpdir, "SLURMD_NODENAME=n1", "SLURM_JOB_ID=12", NULL};
  g_autofree char *own = own_name("-12");
  g_autofree char *scratch = g_build_filename(folder, own, NULL);
  g_autofree char *expected = g_build_filename(scratch, "tmp", NULL);
  struct stat st;

  for (int i = 0; i < 2; i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *tmp = kslurm_scratch_make(config, environ, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(tmp, ==, expected);
  }
  g_assert_cmpint(stat(scratch, &st), ==, 0);
  g_assert_cmpint(st.st_mode & 0777, ==, 0700);
}

static void
test_make_refused(void)
{
  g_autoptr(KslurmConfig) config = kslurm_config_new();
  g_autofree char *tmpdir = g_strconcat("TMPDIR=", folder, NULL);
  const char *const environ[] = {tmpdir, NULL};
  g_autofree char *own = own_name("");
  g_autofree char *scratch = g_build_filename(folder, own, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint(symlink(folder, scratch), ==, 0);
  g_assert_null(kslurm_scratch_make(config, environ, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_DENIED);
  g_assert_cmpint(g_unlink(scratch), ==, 0);
}

static void
make_job(const char *job, const char *cluster)
{
  g_autofree char *own = own_name(job);
  g_autofree char *path = g_build_filename(folder, own, NULL);
  g_autofree char *conf = g_strconcat("SLURM_CONF=", cluster, NULL);
  const char *const environ[] = {conf, NULL};

  g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
  if (cluster != NULL)
    kslurm_scratch_mark(path, environ);
}

/* 20 is known, 30 is another cluster's, 40 is nobody's, 5x is no job */
static void
test_stale(void)
{
  static const char *const jobs[] = {"20", "2", NULL};
  static const char *const environ[] = {"SLURM_CONF=/etc/here", NULL};
  static const char *const gone[] = {"-21", "-22"};
  g_auto(GStrv) stale = NULL;

  make_job("-20", "/etc/here");
  make_job("-21", "/etc/here");
  make_job("-22", "/etc/here");
  make_job("-30", "/etc/there");
  make_job("-40", NULL);
  make_job("-5x", "/etc/here");
  stale = kslurm_scratch_find_stale(folder, jobs, environ);
  g_assert_cmpint(g_strv_length(stale), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
    g_autofree char *own = own_name(gone[i]);
    g_autofree char *path = g_build_filename(folder, own, NULL);

    g_assert_cmpstr(stale[i], ==, path);
  }
  g_assert_true(kslurm_scratch_remove_stale((const char *const *)stale, NULL));
  g_strfreev(stale);
  stale = kslurm_scratch_find_stale(folder, jobs, environ);
  g_assert_null(stale[0]);
}

int
main(int argc, char **argv)
{
  int status = 0;

  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  folder = g_dir_make_tmp("kslurm-scratch-XXXXXX", NULL);
  g_test_add_func("/scratch/path", test_path);
  g_test_add_func("/scratch/unset", test_unset);
  g_test_add_func("/scratch/make", test_make);
  g_test_add_func("/scratch/make-refused", test_make_refused);
  g_test_add_func("/scratch/stale", test_stale);
  status = g_test_run();
  g_assert_true(kslurm_tree_remove(folder, NULL));
  g_free(folder);
  return status;
}
