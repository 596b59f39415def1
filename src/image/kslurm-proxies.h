/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "base/util/kslurm-macros.h"

G_BEGIN_DECLS

GProxyResolver *kslurm_proxies_new(const char *const *environ);

G_END_DECLS
