/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-files.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-host.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-process.h"

static const char common_conf[] = "ClusterName=sandbox\n"
                                  "AuthType=auth/munge\n"
                                  "CredType=cred/munge\n"
                                  "MpiDefault=none\n"
                                  "ProctrackType=proctrack/linuxproc\n"
                                  "TaskPlugin=task/none\n"
                                  "SwitchType=switch/none\n"
                                  "SchedulerType=sched/backfill\n"
                                  "SchedulerParameters=batch_sched_delay=0,bf_interval=1\n"
                                  "SelectType=select/cons_tres\n"
                                  "SelectTypeParameters=CR_Core_Memory\n"
                                  "SlurmdParameters=config_overrides\n"
                                  "LaunchParameters=use_interactive_step\n"
                                  "EnforcePartLimits=ALL\n"
                                  "GresTypes=gpu\n"
                                  "DefMemPerCPU=256\n"
                                  "ReturnToService=2\n"
                                  "KillWait=2\n"
                                  "InactiveLimit=0\n"
                                  "MailProg=/bin/true\n";

static const char listening[] = "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny\n";

/* srun would listen where the machine's own name leads, and the nodes answer elsewhere, so
 * only they read that they are to keep to theirs */
static const char split_listening[] = "CommunicationParameters=NoCtldInAddrAny\n"
                                      "DebugFlags=NO_CONF_HASH\n";

static const char node_listening[] = "CommunicationParameters=NoInAddrAny\n"
                                     "DebugFlags=NO_CONF_HASH\n";

static const char prolog[] =
    "#!/bin/sh\n"
    "scratch=\"${0%/*}/scratch/$SLURM_JOB_USER.$SLURM_JOB_ID\"\n"
    "mkdir -m 700 -p \"$scratch\" && echo \"export SLURM_TMPDIR=$scratch\"\n";

static const char epilog[] = "#!/bin/sh\n"
                             "case $SLURM_JOB_USER.$SLURM_JOB_ID in\n"
                             "*/* | . | *. | .*) exit 0 ;;\n"
                             "esac\n"
                             "scratch=\"${0%/*}/scratch/$SLURM_JOB_USER.$SLURM_JOB_ID\"\n"
                             "rm -rf \"$scratch\" 2>/dev/null && exit 0\n"
                             "chmod -R u+rwx \"$scratch\"\n"
                             "rm -rf \"$scratch\"\n";

/* character devices that everyone may open stand for the cards */
static const char *const devices[] = {"/dev/zero", "/dev/full", "/dev/null", "/dev/random",
                                      "/dev/urandom"};

static void
add_nodes(GString *conf,
          const KslurmSandboxSpec *spec,
          const guint *ports,
          const char *host,
          const char *address)
{
  for (guint i = 1; i <= spec->nodes; i++) {
    g_string_append_printf(conf,
                           "NodeName=node%u NodeHostname=%s NodeAddr=%s Port=%u CPUs=%u "
                           "RealMemory=%" G_GUINT64_FORMAT,
                           i, host, address, ports[i], spec->cpus, spec->megabytes);
    if (spec->gpus > 0)
      g_string_append_printf(conf, " Gres=gpu:a100:%u", spec->gpus);
    g_string_append(conf, " State=UNKNOWN\n");
  }
  g_string_append(conf,
                  "PartitionName=main Nodes=ALL Default=YES MaxTime=7-00:00:00 State=UP\n"
                  "PartitionName=short Nodes=ALL MaxTime=01:00:00 State=UP\n");
}

static void
add_accounting(GString *conf, const KslurmSandboxSpec *spec, const guint *ports)
{
  if (!spec->accounting) {
    g_string_append(conf, "AccountingStorageType=accounting_storage/none\n"
                          "JobAcctGatherType=jobacct_gather/none\n");
    return;
  }
  g_string_append_printf(conf,
                         "AccountingStorageType=accounting_storage/slurmdbd\n"
                         "AccountingStorageHost=localhost\n"
                         "AccountingStoragePort=%u\n"
                         "AccountingStoragePass=%s/run/munge.sock\n"
                         "AccountingStorageEnforce=associations\n"
                         "AccountingStorageTRES=gres/gpu\n"
                         "JobAcctGatherType=jobacct_gather/linux\n"
                         "PriorityType=priority/multifactor\n"
                         "PriorityDecayHalfLife=7-0\n"
                         "PriorityCalcPeriod=1\n"
                         "PriorityWeightFairshare=10000\n",
                         ports[spec->nodes + 1], spec->dir);
}

/**
 * kslurm_sandbox_files_slurm_conf: (skip)
 * @spec: a sandbox
 * @ports: slurmctld's, then one for each node, then slurmdbd's
 * @user: who runs the daemons
 * @host: this machine's short name
 * @address: where the daemons listen
 * @renamed: whether @host is a name that only the daemons know
 *
 * Returns: (transfer full): the text of slurm.conf
 */
char *
kslurm_sandbox_files_slurm_conf(const KslurmSandboxSpec *spec,
                                const guint *ports,
                                const char *user,
                                const char *host,
                                const char *address,
                                gboolean renamed)
{
  GString *conf = g_string_new(common_conf);

  g_string_append_printf(conf,
                         "SlurmctldHost=%s(%s)\nSlurmctldPort=%u\nSlurmUser=%s\n"
                         "SlurmdUser=%s\nMessageTimeout=%u\n"
                         "%s",
                         host, address, ports[0], user, user, spec->message_timeout,
                         renamed ? split_listening : listening);
  g_string_append_printf(
      conf,
      "AuthInfo=socket=%1$s/run/munge.sock\n"
      "StateSaveLocation=%1$s/state\nSlurmdSpoolDir=%1$s/spool/%%n\n"
      "SlurmctldPidFile=%1$s/run/own-slurmctld.pid\nSlurmdPidFile=%1$s/run/own-%%n.pid\n"
      "SlurmctldLogFile=%1$s/log/slurmctld.log\nSlurmdLogFile=%1$s/log/%%n.log\n",
      spec->dir);
  if (spec->tmpdir)
    g_string_append_printf(conf, "TaskProlog=%1$s/task-prolog\nEpilog=%1$s/epilog\n",
                           spec->dir);
  add_accounting(conf, spec, ports);
  add_nodes(conf, spec, ports, host, address);
  return g_string_free(conf, FALSE);
}

static char *
dup_gres_conf(const KslurmSandboxSpec *spec)
{
  GString *conf = g_string_new("AutoDetect=off\n");

  for (guint i = 0; i < spec->gpus; i++)
    g_string_append_printf(conf, "Name=gpu Type=a100 File=%s\n", devices[i]);
  return g_string_free(conf, FALSE);
}

/**
 * kslurm_sandbox_files_dup_user: (skip)
 *
 * Returns: (transfer full): the user's name, or the number when it has none
 */
char *
kslurm_sandbox_files_dup_user(void)
{
  const struct passwd *entry = getpwuid(geteuid());

  return entry != NULL ? g_strdup(entry->pw_name) : g_strdup_printf("%u", (guint)geteuid());
}

static gboolean
write_file(const KslurmSandboxSpec *spec,
           const char *name,
           const char *text,
           gssize length,
           int mode,
           GError **error)
{
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, name);

  return kslurm_file_replace(path, text, length, mode, error);
}

static gboolean
write_key(const KslurmSandboxSpec *spec, GError **error)
{
  char key[256];

  if (getrandom(key, sizeof key, 0) != sizeof key)
    return kslurm_set_errno(error, errno, _("cannot make a key"));
  return write_file(spec, "munge.key", key, sizeof key, 0600, error);
}

static gboolean
make_folders(const KslurmSandboxSpec *spec, GError **error)
{
  static const char *const folders[] = {"run", "log", "state", "spool", "scratch"};

  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, folders[i]);

    if (g_mkdir_with_parents(path, 0755) != 0)
      return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), path);
  }
  for (guint i = 1; i <= spec->nodes; i++) {
    g_autofree char *path = g_strdup_printf("%s/spool/node%u", spec->dir, i);

    if (g_mkdir_with_parents(path, 0755) != 0)
      return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), path);
  }
  return TRUE;
}

/**
 * kslurm_sandbox_files_cgroup_conf: (skip)
 * @version: what 'slurmd -V' prints
 *
 * Returns: the cgroup.conf with which that Slurm needs no cgroup; both the plugins and
 *   what they insist on changed
 */
const char *
kslurm_sandbox_files_cgroup_conf(const char *version)
{
  const char *digits = strpbrk(version, "0123456789");
  guint major = 0, minor = 0;

  if (digits == NULL || sscanf(digits, "%2u.%2u", &major, &minor) != 2)
    return "";
  if (major * 100 + minor >= 2405)
    return "CgroupPlugin=disabled\n";
  if (major * 100 + minor >= 2311)
    return "CgroupPlugin=autodetect\n";
  return major * 100 + minor >= 2108 ? "CgroupPlugin=cgroup/v1\n" : "";
}

static char *
dup_version(void)
{
  g_autofree char *path = kslurm_sandbox_daemon_find("slurmd");
  const char *argv[] = {path, "-V", NULL};
  KslurmProcessSpec spec = {.argv = argv, .timeout_ms = 5000};
  g_autoptr(KslurmProcessResult) result =
      path != NULL ? kslurm_process_run(&spec, NULL, NULL) : NULL;

  return g_strdup(result != NULL ? result->output : "");
}

/**
 * kslurm_sandbox_files_write: (skip)
 * @spec: a sandbox whose folder exists
 * @ports: slurmctld's, then one for each node, then slurmdbd's
 * @renamed: whether the daemons have a host name of their own
 * @error: return location
 *
 * Writes everything that the daemons read.
 *
 * Returns: whether all was written
 */
gboolean
kslurm_sandbox_files_write(const KslurmSandboxSpec *spec,
                           const guint *ports,
                           gboolean renamed,
                           GError **error)
{
  g_autofree char *user = kslurm_sandbox_files_dup_user();
  g_autofree char *host = kslurm_sandbox_host_dup_name();
  g_autofree char *conf = kslurm_sandbox_files_slurm_conf(spec, ports, user, host,
                                                          KSLURM_SANDBOX_ADDRESS, renamed);
  g_autofree char *gres = dup_gres_conf(spec);
  g_autofree char *version = dup_version();
  const char *cgroup = kslurm_sandbox_files_cgroup_conf(version);
  GString *nodes = g_string_new(conf);
  g_autofree char *node_conf = NULL;

  g_string_replace(nodes, split_listening, node_listening, 1);
  node_conf = g_string_free(nodes, FALSE);
  return make_folders(spec, error) && write_key(spec, error) &&
         write_file(spec, "gres.conf", gres, -1, 0644, error) &&
         write_file(spec, "cgroup.conf", cgroup, -1, 0644, error) &&
         write_file(spec, "task-prolog", prolog, -1, 0755, error) &&
         write_file(spec, "epilog", epilog, -1, 0755, error) &&
         write_file(spec, "slurm.conf", conf, -1, 0644, error) &&
         (!renamed ||
          write_file(spec, KSLURM_SANDBOX_NODE_CONF, node_conf, -1, 0644, error));
}
