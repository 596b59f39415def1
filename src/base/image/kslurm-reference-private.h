/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-reference.h"

G_BEGIN_DECLS

struct _KslurmReference {
  char *scheme;
  char *host;
  char *repository;
  char *tag;
  char *digest;
  gboolean implied;
};

char *kslurm_reference_dup_shown(const char *text, gssize length);
char *kslurm_reference_dup_character(const char *at);

gboolean kslurm_reference_check_component(const char *component, GError **error);
gboolean kslurm_reference_check_tag(const char *tag, GError **error);

gboolean kslurm_reference_looks_like_host(const char *text, gsize length);
char *kslurm_reference_dup_host(const char *text, gsize length, GError **error);

gboolean
kslurm_reference_take_name(KslurmReference *reference, const char *text, GError **error);
gboolean
kslurm_reference_take_url(KslurmReference *reference, const char *text, GError **error);

char *kslurm_reference_encode_part(const char *part);
char *kslurm_reference_decode_part(const char *name);

G_END_DECLS
