/* SPDX-License-Identifier: MIT */
#pragma once

#include "cmd/kpy/session.h"

int kpy_subshell_exec(KpySession *session, const char *prefix, GError **error);
