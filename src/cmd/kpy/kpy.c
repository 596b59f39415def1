/* SPDX-License-Identifier: MIT */
#include "cmd/kpy/kpy.h"

#include <glib/gi18n.h>

#include "cmd/completers.h"

static const KslurmArg *const args[] = {kslurm_args_common, NULL};

#define VERB(n, s, w)                                                                      \
  {                                                                                        \
    .name = #n, .summary = s, .args = kpy_##n##_args, .waits = w, .run = kpy_run_##n       \
  }

static const KslurmVerb verbs[] = {
    VERB(create, N_("make an environment and activate it"), TRUE),
    VERB(save, N_("save the active environment as one file"), TRUE),
    VERB(load, N_("unpack a saved environment here and activate it"), TRUE),
    VERB(activate, N_("activate an environment that is loaded on this node"), FALSE),
    VERB(list, N_("list what is saved"), FALSE),
    VERB(info, N_("show what an environment holds, and what changed"), FALSE),
    VERB(rm, N_("remove a saved environment"), FALSE),
    VERB(rename, N_("give an environment another name"), FALSE),
    VERB(export, N_("unpack a saved environment into a folder of its own"), TRUE),
    VERB(clean, N_("remove what was left behind on this node"), TRUE),
    VERB(exec, N_("run a command in a saved environment"), TRUE),
    VERB(wheel, N_("build wheels for nodes without internet"), TRUE),
    VERB(download, N_("fetch packages for nodes without internet"), TRUE),
    VERB(bash, N_("print the line that sets bash up"), FALSE),
    {.name = "mount", .args = kpy_mount_args, .run = kpy_run_mount},
    {.name = "prompt", .args = kpy_prompt_args, .run = kpy_run_prompt},
    {0}};

static const KslurmVerb program = {
    .name = "kpy",
    .summary = N_("Python environments, kept as one file and unpacked on the node."),
    .args = args,
    .verbs = verbs,
    .completers = kslurm_completers,
};

int
main(int argc, char **argv)
{
  return kslurm_main(&program, argc, argv);
}
