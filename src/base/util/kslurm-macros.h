/* SPDX-License-Identifier: MIT */
#pragma once

/* what has no mark is hidden: the build compiles with -fvisibility=hidden */
#define KSLURM_PUBLIC __attribute__((visibility("default"))) extern
