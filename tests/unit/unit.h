/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void unit_assert_error(const GError *error, GQuark domain, int code, const char *message);
void unit_assert_usage(const GError *error, const char *message);

char *unit_repeat(const char *piece, gsize times);
char *unit_join_settings(GPtrArray *settings);
char *unit_capture(void (*print)(gpointer data), gpointer data);

G_END_DECLS
