/* SPDX-License-Identifier: MIT */
#pragma once

#include "cmd/kpy/session.h"

int kpy_print_table(KpySession *session, GError **error);

char *kpy_dup_size(guint64 bytes);
char *kpy_dup_age(gint64 seconds);
