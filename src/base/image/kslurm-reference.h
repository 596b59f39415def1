/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_REFERENCE_HUB "docker.io"

/**
 * KslurmReference: (skip)
 *
 * The name of an image, understood and unchangeable.
 */
typedef struct _KslurmReference KslurmReference;

KslurmReference *kslurm_reference_parse(const char *text, GError **error);

KslurmReference *kslurm_reference_ref(KslurmReference *reference);
void kslurm_reference_unref(KslurmReference *reference);

char *kslurm_reference_to_string(const KslurmReference *reference);
gboolean kslurm_reference_equal(const KslurmReference *a, const KslurmReference *b);

const char *kslurm_reference_get_scheme(const KslurmReference *reference);
const char *kslurm_reference_get_host(const KslurmReference *reference);
const char *kslurm_reference_get_repository(const KslurmReference *reference);
const char *kslurm_reference_get_tag(const KslurmReference *reference);
const char *kslurm_reference_get_digest(const KslurmReference *reference);

gboolean kslurm_reference_has_implied_tag(const KslurmReference *reference);
gboolean kslurm_reference_is_hub(const KslurmReference *reference);
gboolean kslurm_reference_is_url(const KslurmReference *reference);
gboolean kslurm_reference_is_sif(const KslurmReference *reference);
gboolean kslurm_reference_is_loopback(const KslurmReference *reference);

char *kslurm_reference_dup_name(const KslurmReference *reference);

gboolean kslurm_digest_is_valid(const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmReference, kslurm_reference_unref)

G_END_DECLS
