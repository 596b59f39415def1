/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

KslurmVenvFacts *kslurm_squash_facts_read(int archive,
                                          const char *path,
                                          GCancellable *cancellable,
                                          GError **error);

G_END_DECLS
