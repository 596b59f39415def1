/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/mount.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "archive/kslurm-archive.h"
#include "archive/kslurm-image.h"
#include "base/args/kslurm-output.h"
#include "base/util/kslurm-error-private.h"
#include "base/venv/kslurm-mount.h"
#include "base/venv/kslurm-scratch.h"
#include "base/venv/kslurm-venv-check.h"
#include "base/venv/kslurm-venv-name.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/subshell.h"
#include "cmd/kpy/unpack.h"

/* what kslurm_image_exec() writes */
static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND, .name = "image", .shape = "IMAGE", .min = 1, .max = 1},
    {.kind = KSLURM_ARG_OPERAND, .name = "folder", .shape = "FOLDER", .min = 1, .max = 1},
    {.kind = KSLURM_ARG_REST, .name = "command", .shape = "COMMAND", .min = 1},
    {0}};

const KslurmArg *const kpy_mount_args[] = {rows, kslurm_args_common, NULL};

static KslurmImage *
prepare(KpySession *session,
        const char *name,
        const char *as,
        GCancellable *cancellable,
        GError **error)
{
  KslurmVenvStore *store = kpy_session_get_store(session, error);
  KslurmProgress *progress = kslurm_call_get_progress(session->call);
  g_autofree char *path = NULL, *tmp = NULL;
  KslurmImage *image = NULL;

  if (store == NULL || !kslurm_venv_name_check(as, error) ||
      (path = kslurm_venv_store_find(store, name, error)) == NULL)
    return NULL;
  tmp = kslurm_scratch_make(session->config, (const char *const *)session->environ, error);
  if (tmp == NULL)
    return NULL;
  image =
      kslurm_image_prepare(path, as, tmp, kslurm_archive_count_workers(!session->compute),
                           progress, cancellable, error);
  if (image != NULL)
    kpy_warn_of_unknown(session, image->unknown);
  return image;
}

/* the wrapper reads what we print: its shell starts us anew, on the terminal */
static int
print_again(KpySession *session, const char *name, const char *as)
{
  const char *const words[] = {"command", "kpy", "load", "--mount", "--as",
                               as,        "--",  name,   NULL};

  kslurm_output_print_code(session->call, words);
  return 0;
}

/**
 * kpy_mount_shell: (skip)
 * @session: a session
 * @name: a saved environment
 * @as: what it is called here
 * @cancellable: (nullable): ends the making of its image
 * @error: return location
 *
 * Becomes the user's shell, in which the environment is mounted and active.
 *
 * Returns: the exit status
 */
int
kpy_mount_shell(KpySession *session,
                const char *name,
                const char *as,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr(KslurmImage) image = NULL;
  g_auto(GStrv) environ = NULL, words = NULL;
  KslurmDialect dialect;

  if (kslurm_output_is_code(session->call, &dialect))
    return print_again(session, name, as);
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
    kslurm_set_usage(error,
                     _("'--mount' opens a shell, and here is no terminal; run a command "
                       "with 'kpy exec --mount %s -- COMMAND'"),
                     name);
    return 2;
  }
  image = prepare(session, name, as, cancellable, error);
  if (image == NULL)
    return 1;
  environ = kpy_subshell_dup_environ(session, image->folder, as);
  words = kpy_subshell_dup_words(session, environ);
  kslurm_call_print_notes(session->call);
  kslurm_image_exec(image, (const char *const *)words, (const char *const *)environ, error);
  return 1;
}

/**
 * kpy_mount_command: (skip)
 * @session: a session
 * @name: a saved environment
 * @argv: a command
 * @cancellable: (nullable): ends the making of its image
 * @error: return location
 *
 * Becomes a command for which the environment is mounted.
 *
 * Returns: the exit status of a failure
 */
int
kpy_mount_command(KpySession *session,
                  const char *name,
                  const char *const *argv,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr(KslurmImage) image = prepare(session, name, name, cancellable, error);
  g_auto(GStrv) environ = NULL;

  if (image == NULL)
    return 1;
  environ = kpy_subshell_dup_environ(session, image->folder, name);
  kslurm_call_print_notes(session->call);
  kslurm_image_exec(image, argv, (const char *const *)environ, error);
  return 1;
}

int
kpy_run_mount(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  const char *folder = kslurm_call_get(call, "folder");
  g_auto(GStrv) environ = g_get_environ();

  if (kslurm_mount_enter(kslurm_call_get(call, "image"), folder, error) &&
      kslurm_venv_check_python(folder, NULL, error))
    kslurm_mount_exec(folder, kslurm_call_get_rest(call), (const char *const *)environ,
                      error);
  return 1;
}
