/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/args/kslurm-main.h"

/* who provides what: each verb's file has its rows and runs it, kpy.c lists it */
extern const KslurmArg *const kpy_create_args[];
int kpy_run_create(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_save_args[];
int kpy_run_save(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_load_args[];
int kpy_run_load(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_activate_args[];
int kpy_run_activate(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_list_args[];
int kpy_run_list(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_info_args[];
int kpy_run_info(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_rm_args[];
int kpy_run_rm(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_rename_args[];
int kpy_run_rename(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_export_args[];
int kpy_run_export(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_clean_args[];
int kpy_run_clean(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_exec_args[];
int kpy_run_exec(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_wheel_args[];
int kpy_run_wheel(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_download_args[];
int kpy_run_download(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_bash_args[];
int kpy_run_bash(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_prompt_args[];
int kpy_run_prompt(KslurmCall *call, GCancellable *cancellable, GError **error);

extern const KslurmArg *const kpy_mount_args[];
int kpy_run_mount(KslurmCall *call, GCancellable *cancellable, GError **error);
