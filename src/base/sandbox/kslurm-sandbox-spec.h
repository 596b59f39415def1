/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmSandboxSpec: (skip)
 * @dir: the one folder that holds everything
 * @nodes: how many compute nodes to pretend
 * @cpus: of each node
 * @gpus: of each node
 * @megabytes: of each node
 * @message_timeout: Slurm's MessageTimeout, in seconds
 * @accounting: whether slurmdbd and MariaDB run too
 * @tmpdir: whether jobs get a SLURM_TMPDIR
 * @owner: the process whose end is the sandbox's too, or 0
 *
 * What a sandbox is like.
 */
typedef struct {
  char *dir;
  guint nodes;
  guint cpus;
  guint gpus;
  guint64 megabytes;
  guint message_timeout;
  gboolean accounting;
  gboolean tmpdir;
  int owner;
} KslurmSandboxSpec;

KslurmSandboxSpec *kslurm_sandbox_spec_new(const char *dir, GError **error);
KslurmSandboxSpec *kslurm_sandbox_spec_load(const char *dir, GError **error);
gboolean kslurm_sandbox_spec_save(const KslurmSandboxSpec *spec, GError **error);
void kslurm_sandbox_spec_free(KslurmSandboxSpec *spec);

char *kslurm_sandbox_spec_to_options(const KslurmSandboxSpec *spec);
char *kslurm_sandbox_spec_dup_path(const KslurmSandboxSpec *spec, const char *below);
GPtrArray *kslurm_sandbox_spec_dup_daemons(const KslurmSandboxSpec *spec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmSandboxSpec, kslurm_sandbox_spec_free)

G_END_DECLS
