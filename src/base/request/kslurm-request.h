/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "base/config/kslurm-config.h"
#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

#define KSLURM_TYPE_REQUEST (kslurm_request_get_type())

/**
 * KslurmRequestKind:
 * @KSLURM_REQUEST_RUN: krun
 * @KSLURM_REQUEST_BATCH: kbatch
 *
 * The command whose words a request was.
 */
typedef enum { KSLURM_REQUEST_RUN, KSLURM_REQUEST_BATCH } KslurmRequestKind;

/**
 * KslurmRequest:
 *
 * What a user asked for, understood and unchangeable.
 */
typedef struct _KslurmRequest KslurmRequest;

/**
 * KslurmIsDirectory:
 * @path: an absolute path
 * @data: the caller's
 *
 * Answers for the file system, so that reading a request touches none.
 *
 * Returns: whether @path is a directory
 */
typedef gboolean (*KslurmIsDirectory)(const char *path, gpointer data);

KSLURM_PUBLIC GType kslurm_request_get_type(void);

KSLURM_PUBLIC KslurmRequest *kslurm_request_parse(KslurmRequestKind kind,
                                                  const char *const *argv,
                                                  const char *cwd,
                                                  KslurmConfig *config,
                                                  KslurmIsDirectory is_directory,
                                                  gpointer data,
                                                  GError **error);

KSLURM_PUBLIC KslurmRequest *kslurm_request_ref(KslurmRequest *request);
KSLURM_PUBLIC void kslurm_request_unref(KslurmRequest *request);

KSLURM_PUBLIC KslurmRequestKind kslurm_request_get_kind(KslurmRequest *request);
KSLURM_PUBLIC const char *const *kslurm_request_get_command(KslurmRequest *request);
KSLURM_PUBLIC const char *kslurm_request_get_directory(KslurmRequest *request);
KSLURM_PUBLIC const char *kslurm_request_get_venv(KslurmRequest *request);
KSLURM_PUBLIC gboolean kslurm_request_has(KslurmRequest *request, const char *option);
KSLURM_PUBLIC const char *const *kslurm_request_get_notes(KslurmRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(KslurmRequest, kslurm_request_unref)

G_END_DECLS
