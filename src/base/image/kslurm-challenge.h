/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

/**
 * KslurmChallenge: (skip)
 * @scheme: in lower case: "bearer", "basic"
 * @realm: (nullable): of a bearer the address of its token server
 * @service: (nullable): what a bearer's token is for
 * @scope: (nullable): what the token must allow
 * @failure: (nullable): why a token was refused: "invalid_token", "insufficient_scope"
 *
 * How a server wants to be asked again.
 */
typedef struct {
  char *scheme;
  char *realm;
  char *service;
  char *scope;
  char *failure;
} KslurmChallenge;

void kslurm_challenge_free(KslurmChallenge *challenge);

GPtrArray *kslurm_challenge_parse(const char *const *headers);
const KslurmChallenge *kslurm_challenge_choose(const GPtrArray *challenges);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmChallenge, kslurm_challenge_free)

G_END_DECLS
