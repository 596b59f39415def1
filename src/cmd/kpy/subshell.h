/* SPDX-License-Identifier: MIT */
#pragma once

#include "cmd/kpy/session.h"

char **
kpy_subshell_dup_environ(KpySession *session, const char *prefix, const char *prompt);

char **kpy_subshell_dup_words(KpySession *session, char **environ);

int kpy_subshell_exec(KpySession *session, const char *prefix, GError **error);
