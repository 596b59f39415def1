/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a skippable frame begins with its magic and its length */
#define KSLURM_FRAMES_SKIP_SIZE 8

void kslurm_frames_put_u32(guint8 *to, guint32 value);
guint32 kslurm_frames_get_u32(const guint8 *from);
void kslurm_frames_set_damaged(GError **error);

G_END_DECLS
