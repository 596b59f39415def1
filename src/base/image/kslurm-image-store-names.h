/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/image/kslurm-reference.h"

G_BEGIN_DECLS

gboolean kslurm_image_names_is_platform(const char *platform);

char *kslurm_image_names_dup_link(const KslurmReference *reference, const char *platform);
KslurmReference *kslurm_image_names_read_link(const char *path, char **platform);

char *kslurm_image_names_dup_ref(const KslurmReference *reference, const char *platform);

char **kslurm_image_names_list_forms(const KslurmReference *reference, const char *typed);
char *kslurm_image_names_dup_snakemake(const char *form);
char *kslurm_image_names_dup_nextflow(const char *form);

G_END_DECLS
