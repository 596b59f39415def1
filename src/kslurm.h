/* SPDX-License-Identifier: MIT */
#pragma once

/* the public face of libkslurm */
#include "base/config/kslurm-config.h"
#include "base/request/kslurm-duration.h"
#include "base/request/kslurm-gpus.h"
#include "base/request/kslurm-memory.h"
#include "base/request/kslurm-parse.h"
#include "base/request/kslurm-plan.h"
#include "base/request/kslurm-request.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-quote.h"
