/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

#include "base/venv/kslurm-venv-facts.h"

G_BEGIN_DECLS

JsonNode *kslurm_venv_facts_to_node(const KslurmVenvFacts *facts);

KslurmVenvFacts *kslurm_venv_facts_from_object(JsonObject *object, GError **error);

G_END_DECLS
