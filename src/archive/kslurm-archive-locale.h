/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <locale.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

typedef struct {
  locale_t ours;
  locale_t theirs;
} KslurmArchiveLocale;

KslurmArchiveLocale kslurm_archive_locale_enter(void);
void kslurm_archive_locale_leave(KslurmArchiveLocale *locale);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KslurmArchiveLocale, kslurm_archive_locale_leave)

G_END_DECLS
