/* SPDX-License-Identifier: MIT */
#include "base/sandbox/kslurm-sandbox-accounting.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/sandbox/kslurm-sandbox-daemon.h"
#include "base/sandbox/kslurm-sandbox-environment.h"
#include "base/sandbox/kslurm-sandbox-files.h"
#include "base/sandbox/kslurm-sandbox-host.h"
#include "base/sandbox/kslurm-sandbox-ready.h"
#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-process.h"

/* accounts, and the caller in each, hold 'share' of eight parts; all are used alike, so
 * that LevelFS follows the shares, and an account without a job has 'inf' */
static const struct {
  const char *name;
  guint share;
  gboolean used;
} accounts[] = {{"def-lab_cpu", 2, TRUE},
                {"def-lab_gpu", 6, TRUE},
                {"rrg-lab_cpu", 4, TRUE},
                {"rrg-lab_gpu", 4, FALSE}};

/* an error unless the program gives status 0 */
static char *
run_program(const KslurmSandboxSpec *spec,
            const char *const *argv,
            GBytes *input,
            GCancellable *cancellable,
            GError **error)
{
  g_auto(GStrv) envp = kslurm_sandbox_environment_dup_daemon(spec);
  KslurmProcessSpec process = {
      .argv = argv, .envp = (const char *const *)envp, .input = input, .timeout_ms = 20000};
  g_autoptr(KslurmProcessResult) result = kslurm_process_run(&process, cancellable, error);

  if (result == NULL)
    return NULL;
  if (result->status != 0) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM, _("'%s' failed: %s%s"), argv[0],
                result->output, result->errors);
    return NULL;
  }
  return g_steal_pointer(&result->output);
}

static GBytes *
read_tables(GError **error)
{
  static const char *const paths[] = {"/usr/share/mysql/mysql_system_tables.sql",
                                      "/usr/share/mariadb/mysql_system_tables.sql",
                                      "/usr/share/mariadb/mariadb_system_tables.sql"};
  g_autofree char *tables = NULL;
  char *text = NULL;

  for (gsize i = 0; tables == NULL && i < G_N_ELEMENTS(paths); i++)
    g_file_get_contents(paths[i], &tables, NULL, NULL);
  if (tables == NULL) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_NOT_FOUND,
                _("'%s' is missing; install MariaDB's server again"), paths[0]);
    return NULL;
  }
  text = g_strconcat("CREATE DATABASE mysql;\nUSE mysql;\n", tables, NULL);
  return g_bytes_new_take(text, strlen(text));
}

static gboolean
make_database(const KslurmSandboxSpec *spec, GError **error)
{
  g_autofree char *program = kslurm_sandbox_daemon_find("mariadbd");
  g_autofree char *folder = kslurm_sandbox_spec_dup_path(spec, "db");
  g_autofree char *data = g_strdup_printf("--datadir=%s", folder);
  const char *argv[] = {program,
                        "--no-defaults",
                        "--bootstrap",
                        data,
                        "--innodb-log-file-size=8M",
                        "--skip-log-bin",
                        geteuid() == 0 ? "--user=root" : NULL,
                        NULL};
  g_autoptr(GBytes) tables = read_tables(error);
  g_autofree char *output = NULL;

  if (tables == NULL)
    return FALSE;
  if (g_mkdir_with_parents(folder, 0700) != 0)
    return kslurm_set_errno(error, errno, _("cannot make the folder '%s'"), folder);
  output = run_program(spec, argv, tables, NULL, error);
  return output != NULL;
}

/**
 * kslurm_sandbox_accounting_prepare: (skip)
 * @spec: a sandbox with accounting, its files written
 * @port: slurmdbd's
 * @error: return location
 *
 * Makes an empty database and slurmdbd's configuration, before either daemon starts.
 *
 * Returns: whether both are there
 */
gboolean
kslurm_sandbox_accounting_prepare(const KslurmSandboxSpec *spec, guint port, GError **error)
{
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "slurmdbd.conf");
  g_autofree char *user = kslurm_sandbox_files_dup_user();
  g_autofree char *host = kslurm_sandbox_host_dup_name();
  g_autofree char *conf =
      g_strdup_printf("AuthType=auth/munge\nAuthInfo=socket=%1$s/run/munge.sock\n"
                      "DbdHost=%2$s\nDbdAddr=127.0.0.1\nDbdPort=%3$u\nSlurmUser=%4$s\n"
                      "CommunicationParameters=NoInAddrAny\n"
                      "PidFile=%1$s/run/own-slurmdbd.pid\nLogFile=%1$s/log/slurmdbd.log\n"
                      "StorageType=accounting_storage/mysql\nStorageHost=localhost\n"
                      "StorageUser=%4$s\nStorageLoc=slurm_acct_db\n",
                      spec->dir, host, port, user);

  return kslurm_file_replace(path, conf, -1, 0600, error) && make_database(spec, error);
}

static char *
dup_associations(const char *user)
{
  GString *text = g_string_new("Cluster - 'sandbox':Fairshare=1:QOS='normal'\n"
                               "Parent - 'root'\n"
                               "User - 'root':DefaultAccount='root':"
                               "AdminLevel='Administrator':Fairshare=1\n");

  for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++)
    g_string_append_printf(
        text, "Account - '%1$s':Description='%1$s':Organization='lab':Fairshare=%2$u\n",
        accounts[i].name, accounts[i].share);
  for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++)
    g_string_append_printf(text,
                           "Parent - '%s'\n"
                           "User - '%s':DefaultAccount='def-lab_cpu':Fairshare=%u\n"
                           "User - 'colleague':DefaultAccount='def-lab_cpu':Fairshare=%u\n",
                           accounts[i].name, user, accounts[i].share,
                           8 - accounts[i].share);
  return g_string_free(text, FALSE);
}

/**
 * kslurm_sandbox_accounting_load: (skip)
 * @spec: a sandbox whose slurmdbd answers
 * @error: return location
 *
 * Gives the cluster its accounts, and the caller a place in each.
 *
 * Returns: whether they were made
 */
gboolean
kslurm_sandbox_accounting_load(const KslurmSandboxSpec *spec, GError **error)
{
  g_autofree char *user = kslurm_sandbox_files_dup_user();
  g_autofree char *text = dup_associations(user);
  g_autofree char *path = kslurm_sandbox_spec_dup_path(spec, "associations");
  g_autofree char *name = g_strdup_printf("name=%s", user);
  const char *cluster[] = {"sacctmgr", "-i", "add", "cluster", "sandbox", NULL};
  const char *admin[] = {"sacctmgr",        "-i",           "add",         "user", name,
                         "cluster=sandbox", "account=root", "admin=Admin", NULL};
  const char *load[] = {"sacctmgr", "-i", "load", path, NULL};
  g_autofree char *output = NULL;

  if (!kslurm_file_replace(path, text, -1, 0600, error))
    return FALSE;
  /* 'load' asks slurmdbd who we are, and slurmdbd knows only root from the start */
  if (geteuid() != 0) {
    g_autofree char *made = run_program(spec, cluster, NULL, NULL, error);
    g_autofree char *raised =
        made != NULL ? run_program(spec, admin, NULL, NULL, error) : NULL;

    if (raised == NULL)
      return FALSE;
  }
  output = run_program(spec, load, NULL, NULL, error);
  return output != NULL;
}

static gboolean
allocate(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++) {
    /* an allocation runs at once, where a batch job waits for the scheduler */
    const char *argv[] = {"salloc", "--no-shell",     "--job-name=kslurm-usage",
                          "-n1",    "--mem=1",        "--time=10",
                          "-A",     accounts[i].name, NULL};
    g_autofree char *output = NULL;

    if (accounts[i].used)
      output = run_program(spec, argv, NULL, cancellable, error);
    if (accounts[i].used && output == NULL)
      return FALSE;
  }
  return TRUE;
}

static guint
count_used(const KslurmSandboxSpec *spec, GCancellable *cancellable)
{
  const char *argv[] = {"sshare", "-U", "-h", "-P", "-o", "LevelFS", NULL};
  g_autofree char *output = run_program(spec, argv, NULL, cancellable, NULL);
  g_auto(GStrv) lines = g_strsplit(output != NULL ? output : "", "\n", -1);
  guint used = 0;

  for (gsize i = 0; lines[i] != NULL; i++) {
    double level = g_ascii_strtod(lines[i], NULL);

    used += level > 0 && level < 1;
  }
  return used;
}

static gboolean
wait_for_usage(const KslurmSandboxSpec *spec, GCancellable *cancellable, GError **error)
{
  for (int i = 0; i < 300; i++) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error))
      return FALSE;
    if (count_used(spec, cancellable) >= 3)
      return TRUE;
    g_usleep(50000);
  }
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_PROGRAM,
                      _("the sandbox's accounts show no usage; try 'kslurm sandbox down', "
                        "then 'up' again"));
  return FALSE;
}

static void
restart_controller(const KslurmSandboxSpec *spec)
{
  pid_t pid = kslurm_sandbox_daemon_get_pid(spec, "slurmctld");

  kill(pid, SIGTERM);
  for (int i = 0; i < 500 && kslurm_sandbox_daemon_is_alive(pid); i++)
    g_usleep(10000);
  kill(kslurm_sandbox_daemon_get_pid(spec, "supervisor"), SIGUSR1);
}

/**
 * kslurm_sandbox_accounting_use: (skip)
 * @spec: a sandbox that takes jobs
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Gives some accounts usage, so that their LevelFS differ. The controller counts it at its
 * start, and otherwise only every minute.
 *
 * Returns: whether the usage shows
 */
gboolean
kslurm_sandbox_accounting_use(const KslurmSandboxSpec *spec,
                              GCancellable *cancellable,
                              GError **error)
{
  const char *cancel[] = {"scancel", "--name=kslurm-usage", NULL};
  g_autofree char *output = NULL;

  if (!allocate(spec, cancellable, error))
    return FALSE;
  restart_controller(spec);
  if (!wait_for_usage(spec, cancellable, error))
    return FALSE;
  output = run_program(spec, cancel, NULL, cancellable, error);
  return output != NULL && kslurm_sandbox_ready_wait(spec, 0, cancellable, error);
}
