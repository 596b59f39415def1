/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-lock.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-scratch.h"
#include "base/venv/kslurm-venv-name.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/mount.h"
#include "cmd/kpy/subshell.h"
#include "cmd/kpy/unpack.h"

#define MESSAGE_LIMIT 4096

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("a saved environment, unpacked once on each node"),
     .complete = "environments",
     .min = 1,
     .max = 1},
    {.kind = KSLURM_ARG_FLAG,
     .name = "mount",
     .help = N_("mount an image of it instead, for this command alone")},
    {.kind = KSLURM_ARG_REST,
     .name = "command",
     .shape = N_("COMMAND"),
     .help = N_("what to run in it, after '--'"),
     .complete = "command",
     .min = 1},
    {0}};

const KslurmArg *const kpy_exec_args[] = {rows, kslurm_args_common, NULL};

/* where the tasks of one step on one node meet */
typedef struct {
  char *lock;
  char *failed; /* holds what the owner said; NULL outside a step */
  char *from;   /* holds what was unpacked where: 'PREFIX', and the archive's key */
} Meeting;

static void
meeting_clear(Meeting *meeting)
{
  g_free(meeting->lock);
  g_free(meeting->failed);
  g_free(meeting->from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Meeting, meeting_clear)

static gboolean
meeting_init(Meeting *meeting, KpySession *session, const char *name, GError **error)
{
  const char *job = g_environ_getenv(session->environ, "SLURM_JOB_ID");
  const char *step = g_environ_getenv(session->environ, "SLURM_STEP_ID");
  g_autofree char *folder =
      kslurm_scratch_make(session->config, (const char *const *)session->environ, error);

  if (folder == NULL)
    return FALSE;
  meeting->lock = g_strdup_printf("%s/kpy-exec-%s.lock", folder, name);
  meeting->from = g_strdup_printf("%s/kpy-exec-%s.from", folder, name);
  meeting->failed =
      job == NULL || step == NULL
          ? NULL
          : g_strdup_printf("%s/kpy-exec-%s.failed-%s.%s", folder, name, job, step);
  return TRUE;
}

/* who waited for an owner that failed would only fail the same way, one after another */
static gboolean
check_failed(const Meeting *meeting, GError **error)
{
  g_autoptr(GBytes) said = meeting->failed != NULL
                               ? kslurm_file_read(meeting->failed, MESSAGE_LIMIT, NULL)
                               : NULL;

  if (said == NULL)
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_FAILED, "%.*s", (int)g_bytes_get_size(said),
              (const char *)g_bytes_get_data(said, NULL));
  return FALSE;
}

static char *
dup_origin(KpySession *session, const char *name, const char *prefix)
{
  KslurmVenvStore *store = kpy_session_get_store(session, NULL);
  g_autofree char *path = store != NULL ? kslurm_venv_store_find(store, name, NULL) : NULL;
  struct stat st;

  if (path == NULL || stat(path, &st) != 0)
    return NULL;
  return g_strdup_printf("%s\n%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld\n", prefix,
                         (gint64)st.st_size, (gint64)st.st_mtim.tv_sec,
                         (long)st.st_mtim.tv_nsec);
}

/* scratch may outlive the job, and the environment have been saved again since */
static gboolean
is_outdated(KpySession *session,
            const Meeting *meeting,
            const char *name,
            const char *prefix)
{
  g_autofree char *origin = dup_origin(session, name, prefix);
  g_autofree char *folder = g_strconcat(prefix, "\n", NULL);
  g_autofree char *was = NULL;

  return origin != NULL && g_file_get_contents(meeting->from, &was, NULL, NULL) &&
         g_str_has_prefix(was, folder) && !g_str_equal(was, origin);
}

/* another job may still run in it: 'NAME.1' can be cleaned later */
static gboolean
set_aside(KslurmVenvIndex *index, const char *name, GError **error)
{
  g_auto(GStrv) names = kslurm_venv_index_list_names(index, error);

  for (guint i = 1; names != NULL; i++) {
    g_autofree char *aside = g_strdup_printf("%s.%u", name, i);

    if (!g_strv_contains((const char *const *)names, aside))
      return kslurm_venv_index_rename(index, name, aside, error);
  }
  return FALSE;
}

static char *
unpack(KpySession *session,
       const Meeting *meeting,
       const char *name,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr(GError) failure = NULL;
  char *prefix = kpy_unpack_to_scratch(session, name, name, cancellable, &failure);
  g_autofree char *origin = prefix != NULL ? dup_origin(session, name, prefix) : NULL;

  /* 'kpy load' was quicker */
  if (g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_EXISTS))
    prefix = kslurm_venv_index_dup_prefix(session->index, name, NULL);
  if (prefix == NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  if (origin != NULL)
    kslurm_file_replace(meeting->from, origin, -1, 0600, NULL);
  return prefix;
}

static char *
unpack_or_find(KpySession *session,
               const Meeting *meeting,
               const char *name,
               GCancellable *cancellable,
               GError **error)
{
  KslurmVenvIndex *index = kpy_session_get_index(session, error);
  g_autoptr(GError) failure = NULL;
  char *prefix = NULL;

  if (index == NULL)
    return NULL;
  prefix = kslurm_venv_index_dup_prefix(index, name, &failure);
  if (prefix != NULL && is_outdated(session, meeting, name, prefix) &&
      set_aside(index, name, &failure))
    g_clear_pointer(&prefix, g_free);
  if (prefix == NULL && failure == NULL && check_failed(meeting, &failure)) {
    prefix = unpack(session, meeting, name, cancellable, &failure);
    if (prefix == NULL && meeting->failed != NULL &&
        !g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      kslurm_file_replace(meeting->failed, failure->message, -1, 0600, NULL);
  }
  if (failure == NULL)
    return prefix;
  g_free(prefix);
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

static char *
get_ready(KpySession *session, const char *name, GCancellable *cancellable, GError **error)
{
  g_auto(Meeting) meeting = {0};
  g_autoptr(KslurmLock) lock = NULL;
  char *prefix = NULL;

  if (!meeting_init(&meeting, session, name, error))
    return NULL;
  lock = kslurm_lock_acquire(meeting.lock, cancellable, error);
  if (lock != NULL)
    prefix = unpack_or_find(session, &meeting, name, cancellable, error);
  return prefix;
}

int
kpy_run_exec(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = kslurm_call_get(call, "name");
  g_autofree char *prefix = NULL;
  g_auto(GStrv) environ = NULL;
  g_autoptr(GError) failure = NULL;

  if (session != NULL && kslurm_call_has(call, "mount"))
    return kpy_mount_command(session, name, kslurm_call_get_rest(call), cancellable, error);
  if (session == NULL || !kslurm_venv_name_check(name, error) ||
      (prefix = get_ready(session, name, cancellable, error)) == NULL)
    return 1;
  environ = kpy_subshell_dup_environ(session, prefix, name);
  kslurm_call_print_notes(call);
  kslurm_process_exec(kslurm_call_get_rest(call), (const char *const *)environ, &failure);
  if (g_error_matches(failure, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND))
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is neither in the environment '%s' nor on the PATH"),
                kslurm_call_get_rest(call)[0], name);
  else
    g_propagate_error(error, g_steal_pointer(&failure));
  return 1;
}
