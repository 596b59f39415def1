/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-image.h"

#include <string.h>

#include "archive/kslurm-squash.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-process.h"
#include "base/venv/kslurm-mount.h"

/* beside it */
static char *
dup_path(const char *archive)
{
  static const char *const endings[] = {".tar.zst", ".tar.gz"};
  gsize length = strlen(archive);

  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    if (g_str_has_suffix(archive, endings[i]))
      length = strlen(archive) - strlen(endings[i]);
  }
  return g_strdup_printf("%.*s.sqfs", (int)length, archive);
}

/**
 * kslurm_image_prepare: (skip)
 * @archive: the path of an archive
 * @name: the environment's
 * @tmp: a folder on this node's scratch
 * @workers: how many threads compress
 * @progress: (nullable): where files and bytes are counted
 * @cancellable: (nullable): ends the building
 * @error: return location
 *
 * Does all that comes before the command: looks whether this node lets users mount, makes
 * the image unless there is one, and the folder, which has the same path on every node
 * of a job.
 *
 * Returns: (transfer full) (nullable): the image, or %NULL with @error set
 */
KslurmImage *
kslurm_image_prepare(const char *archive,
                     const char *name,
                     const char *tmp,
                     guint workers,
                     KslurmProgress *progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr(KslurmImage) image = g_new0(KslurmImage, 1);

  if (!kslurm_mount_check(name, error))
    return NULL;
  image->path = dup_path(archive);
  image->folder = g_strdup_printf("%s/kslurm-mount-%s", tmp, name);
  if (!kslurm_squash_ensure(archive, image->path, workers, &image->unknown, progress,
                            cancellable, error) ||
      !kslurm_dirs_make_private(image->folder, error))
    return NULL;
  return g_steal_pointer(&image);
}

/**
 * kslurm_image_free: (skip)
 * @image: (transfer full): an image
 */
void
kslurm_image_free(KslurmImage *image)
{
  g_free(image->path);
  g_free(image->folder);
  g_strfreev(image->unknown);
  g_free(image);
}

/**
 * kslurm_image_exec: (skip)
 * @image: an image
 * @argv: the command
 * @envp: its environment
 * @error: return location
 *
 * Becomes the command, with the image mounted for it alone. Only a process with one thread
 * gets a namespace of its own, so this program starts itself again, with the verb
 * %KSLURM_IMAGE_VERB, which calls kslurm_mount_enter().
 *
 * Returns: %FALSE with @error set; on success it does not return
 */
gboolean
kslurm_image_exec(const KslurmImage *image,
                  const char *const *argv,
                  const char *const *envp,
                  GError **error)
{
  g_autofree char *self = g_file_read_link("/proc/self/exe", error);
  g_autoptr(GPtrArray) words = g_ptr_array_new();

  if (self == NULL)
    return FALSE;
  g_ptr_array_add(words, self);
  g_ptr_array_add(words, (char *)KSLURM_IMAGE_VERB);
  g_ptr_array_add(words, image->path);
  g_ptr_array_add(words, image->folder);
  for (; *argv != NULL; argv++)
    g_ptr_array_add(words, (char *)*argv);
  g_ptr_array_add(words, NULL);
  return kslurm_process_exec((const char *const *)words->pdata, envp, error);
}
