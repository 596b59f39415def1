/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-mirrors.h"

G_BEGIN_DECLS

typedef enum {
  KSLURM_MIRROR_ALL,
  KSLURM_MIRROR_DIGESTS,
  KSLURM_MIRROR_TAGS
} KslurmMirrorUse;

typedef struct {
  char *location; /* HOST[/PATH] */
  KslurmMirrorUse use;
} KslurmMirror;

typedef struct {
  char *prefix;      /* HOST[/PATH], or "*.DOMAIN" */
  char *location;    /* what it stands for, or NULL */
  GPtrArray *copies; /* of KslurmMirror */
  gboolean blocked;
  gboolean only_digests;
} KslurmMirrorRule;

struct _KslurmMirrors {
  GPtrArray *rules;  /* of KslurmMirrorRule */
  GHashTable *plain; /* set of hosts */
};

gboolean kslurm_mirrors_is_location(const char *text);
void kslurm_mirrors_set_plain(KslurmMirrors *mirrors, const char *location);
KslurmMirrorRule *kslurm_mirrors_add_rule(KslurmMirrors *mirrors, const char *prefix);
void
kslurm_mirror_rule_add(KslurmMirrorRule *rule, const char *location, KslurmMirrorUse use);

G_END_DECLS
