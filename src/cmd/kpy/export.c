/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-partial.h"
#include "base/util/kslurm-tree.h"
#include "cmd/kpy/kpy.h"
#include "cmd/kpy/unpack.h"

static const KslurmArg rows[] = {
    {.kind = KSLURM_ARG_OPERAND,
     .name = "name",
     .shape = N_("NAME"),
     .help = N_("a saved environment; 'venv NAME' is understood too"),
     .complete = "environments",
     .min = 1,
     .max = 2},
    {.kind = KSLURM_ARG_VALUE,
     .letter = 'p',
     .name = "path",
     .shape = N_("FOLDER"),
     .help = N_("where to unpack it; there must be nothing yet"),
     .complete = "file",
     .min = 1,
     .max = 1},
    {0}};

const KslurmArg *const kpy_export_args[] = {rows, kslurm_args_common, NULL};

/* the older kslurm's form is 'export venv NAME' */
static const char *
get_name(KslurmCall *call, GError **error)
{
  const char *name = kslurm_call_get(call, "name");
  const char *second = kslurm_call_get_nth(call, "name", 1);

  if (second == NULL)
    return name;
  if (g_str_equal(name, "venv"))
    return second;
  kslurm_set_usage(error, _("'%s' is one word too many; '-h' shows what is taken"), second);
  return NULL;
}

/* an empty folder may be there: what is exported takes its place */
static gboolean
check_place(const char *place, GError **error)
{
  g_autoptr(GDir) folder = g_dir_open(place, 0, NULL);

  if (folder != NULL ? g_dir_read_name(folder) == NULL
                     : !g_file_test(place, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_EXISTS,
              _("there is something at '%s' already; choose another folder"), place);
  return FALSE;
}

static gboolean
publish(const char *partial, const char *place, GError **error)
{
  mode_t mask = umask(0);

  umask(mask);
  return (g_chmod(partial, 0777 & ~mask) == 0 && g_rename(partial, place) == 0) ||
         kslurm_set_errno(error, errno, "%s", place);
}

/* it is unpacked beside its place, and moved there when it is whole */
int
kpy_run_export(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KpySession) session = kpy_session_new(call, error);
  const char *name = session != NULL ? get_name(call, error) : NULL;
  g_autofree char *place = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *partial = NULL;

  if (name == NULL)
    return session == NULL ? 1 : 2;
  place = g_canonicalize_filename(kslurm_call_get(call, "path"), NULL);
  parent = g_path_get_dirname(place);
  if (!check_place(place, error))
    return 1;
  if (g_mkdir_with_parents(parent, 0777) != 0) {
    kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), parent);
    return 1;
  }
  partial = kslurm_partial_make_folder(place, error);
  if (partial == NULL)
    return 1;
  if (kpy_unpack(session, &(KpyUnpack){name, name, partial, place}, cancellable, error) &&
      publish(partial, place, error)) {
    kslurm_call_note(call, _("exported '%s' to '%s'"), name, place);
    return 0;
  }
  kslurm_tree_remove(partial, NULL);
  return 1;
}
