/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-squash-file.h"

#include <errno.h>
#include <sqfs/error.h>
#include <unistd.h>

#include "base/util/kslurm-file.h"

/* the library's own file keeps neither a descriptor to sync nor the reason of a failure */
typedef struct {
  sqfs_file_t base;
  int fd;
  guint64 size;
  int code;
} SquashFile;

static int
fail(SquashFile *self, int code)
{
  self->code = code;
  return SQFS_ERROR_IO;
}

static int
read_at(sqfs_file_t *file, sqfs_u64 offset, void *buffer, size_t size)
{
  SquashFile *self = (SquashFile *)file;
  char *to = buffer;

  while (size > 0) {
    gssize got = pread(self->fd, to, size, (off_t)offset);

    if (got == 0)
      return SQFS_ERROR_OUT_OF_BOUNDS;
    if (got < 0 && errno != EINTR)
      return fail(self, errno);
    if (got > 0) {
      to += got;
      offset += (sqfs_u64)got;
      size -= (size_t)got;
    }
  }
  return 0;
}

static int
write_at(sqfs_file_t *file, sqfs_u64 offset, const void *buffer, size_t size)
{
  SquashFile *self = (SquashFile *)file;

  if (!kslurm_fd_write_all_at(self->fd, buffer, size, (goffset)offset))
    return fail(self, errno);
  self->size = MAX(self->size, offset + size);
  return 0;
}

static sqfs_u64
get_size(const sqfs_file_t *file)
{
  return ((const SquashFile *)file)->size;
}

static int
truncate_to(sqfs_file_t *file, sqfs_u64 size)
{
  SquashFile *self = (SquashFile *)file;

  if (ftruncate(self->fd, (off_t)size) != 0)
    return fail(self, errno);
  self->size = size;
  return 0;
}

static void
destroy(sqfs_object_t *object)
{
  g_free(object);
}

/**
 * kslurm_squash_file_new: (skip)
 * @fd: an empty file; stays the caller's
 *
 * Returns: (transfer full): what libsquashfs writes to; freed by sqfs_destroy()
 */
sqfs_file_t *
kslurm_squash_file_new(int fd)
{
  SquashFile *self = g_new0(SquashFile, 1);

  self->base.base.destroy = destroy;
  self->base.read_at = read_at;
  self->base.write_at = write_at;
  self->base.get_size = get_size;
  self->base.truncate = truncate_to;
  self->fd = fd;
  return &self->base;
}

/**
 * kslurm_squash_file_get_errno: (skip)
 * @file: of kslurm_squash_file_new()
 *
 * Returns: why it failed, or 0
 */
int
kslurm_squash_file_get_errno(const sqfs_file_t *file)
{
  return ((const SquashFile *)file)->code;
}
