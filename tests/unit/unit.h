/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "base/request/kslurm-plan.h"

G_BEGIN_DECLS

void unit_assert_error(const GError *error, GQuark domain, int code, const char *message);
void unit_assert_usage(const GError *error, const char *message);

char *unit_repeat(const char *piece, gsize times);
char *unit_join_settings(GPtrArray *settings);
KslurmPlan *unit_make_plan(const char *line);
char *unit_dup_folder(void);
void unit_write(const char *folder, const char *name, const char *text);
char *unit_capture(void (*print)(gpointer data), gpointer data);

G_END_DECLS
