/* SPDX-License-Identifier: MIT */
#include "base/util/kslurm-dirs.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util/kslurm-error.h"

static void
test_places(void)
{
  static const struct {
    char *(*dup)(void);
    const char *(*parent)(void);
  } places[] = {{kslurm_dirs_dup_config, g_get_user_config_dir},
                {kslurm_dirs_dup_state, g_get_user_state_dir},
                {kslurm_dirs_dup_cache, g_get_user_cache_dir}};
  g_autofree char *runtime = kslurm_dirs_dup_runtime();
  g_autofree char *want = g_strdup_printf("/tmp/kslurm-%u", (guint)geteuid());

  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *path = places[i].dup();
    g_autofree char *in_parent = g_build_filename(places[i].parent(), "kslurm", NULL);

    g_assert_cmpstr(path, ==, in_parent);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
  }
  g_assert_cmpstr(runtime, ==, want);
}

typedef struct {
  const char *name; /* in the test's folder */
  char kind;        /* what stands there: 'd'irectory, 'f'ile, 'l'ink; 0: nothing */
  guint mode;
  int code;         /* of KSLURM_ERROR or G_IO_ERROR; -1: taken */
  const char *says; /* about the path */
} Case;

#define DENIED                                                                             \
  "'%s' is not a folder of yours alone; remove it, or make it yours with 'chmod 700'"

static const Case cases[] = {
    {"new", 0, 0, -1, NULL},
    {"mine", 'd', 0700, -1, NULL},
    {"closed", 'd', 0500, -1, NULL},
    {"\xff\x01 name", 0, 0, -1, NULL},
    {"readable", 'd', 0740, KSLURM_ERROR_DENIED, DENIED},
    {"open", 'd', 0701, KSLURM_ERROR_DENIED, DENIED},
    {"sticky", 'd', 01777, KSLURM_ERROR_DENIED, DENIED},
    {"file", 'f', 0600, KSLURM_ERROR_DENIED, DENIED},
    {"link", 'l', 0, KSLURM_ERROR_DENIED, DENIED},
    {"no/parent", 0, 0, G_IO_ERROR_NOT_FOUND,
     "cannot make the folder '%s': No such file or directory"},
};

/* in the test's own folders, which GLib takes away */
static char *
make_folder(void)
{
  char *folder = g_build_filename(g_get_user_data_dir(), "folder", NULL);

  g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
  return folder;
}

static void
put(const Case *c, const char *folder, const char *path)
{
  if (c->kind == 'd')
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
  else if (c->kind == 'f')
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
  else if (c->kind == 'l')
    g_assert_cmpint(symlink(folder, path), ==, 0);
  if (c->kind == 'd' || c->kind == 'f')
    g_assert_cmpint(chmod(path, c->mode), ==, 0);
}

static void
check_private(gconstpointer data)
{
  const Case *c = data;
  g_autofree char *folder = make_folder();
  g_autofree char *path = g_build_filename(folder, c->name, NULL);
  g_autoptr(GError) error = NULL;
  gboolean made = FALSE;

  put(c, folder, path);
  made = kslurm_dirs_make_private(path, &error);
  if (c->code < 0) {
    struct stat st;

    g_assert_no_error(error);
    g_assert_true(made);
    g_assert_cmpint(lstat(path, &st), ==, 0);
    g_assert_cmphex(st.st_mode & 07777, ==, c->kind == 'd' ? c->mode : 0700);
  } else {
    GQuark domain = c->code == KSLURM_ERROR_DENIED ? KSLURM_ERROR : G_IO_ERROR;
    g_auto(GStrv) around = g_strsplit(c->says, "%s", 2);
    g_autofree char *says = g_strconcat(around[0], path, around[1], NULL);

    g_assert_false(made);
    g_assert_error(error, domain, c->code);
    g_assert_cmpstr(error->message, ==, says);
  }
}

/* the caller's umask must not open it */
static void
test_umask(void)
{
  g_autofree char *folder = make_folder();
  g_autofree char *path = g_build_filename(folder, "new", NULL);
  mode_t before = umask(0);
  gboolean made = kslurm_dirs_make_private(path, NULL);
  struct stat st;

  umask(before);
  g_assert_true(made);
  g_assert_cmpint(lstat(path, &st), ==, 0);
  g_assert_cmphex(st.st_mode & 07777, ==, 0700);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/dirs/places", test_places);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *name = g_strdup_printf("/dirs/private/%02u", (guint)i);

    g_test_add_data_func(name, &cases[i], check_private);
  }
  g_test_add_func("/dirs/umask", test_umask);
  return g_test_run();
}
