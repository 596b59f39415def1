/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-accounts.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/slurm/kslurm-query.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-error.h"
#include "base/util/kslurm-file.h"

#define CACHE_LIMIT (256 * 1024)

typedef void (*TakeRow)(GPtrArray *accounts, const char *name, gboolean user, double level);

static void
account_free(gpointer data)
{
  KslurmAccount *account = data;

  g_free(account->name);
  g_free(account);
}

static KslurmAccount *
find(GPtrArray *accounts, const char *name)
{
  for (guint i = 0; i < accounts->len; i++) {
    KslurmAccount *account = accounts->pdata[i];

    if (g_str_equal(account->name, name))
      return account;
  }
  return NULL;
}

/* names go into options and onto terminals; Slurm's own have nothing else */
static gboolean
is_name(const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum(*c) && strchr("_-.+@", *c) == NULL)
      return FALSE;
  return text[0] != '\0' && text[0] != '-';
}

static double
parse_level(const char *text)
{
  char *end = NULL;
  double level = text != NULL ? g_ascii_strtod(text, &end) : NAN;

  return text == NULL || end == text || *end != '\0' ? NAN : level;
}

static void
take_user_row(GPtrArray *accounts, const char *name, gboolean user, double level)
{
  KslurmAccount *account = find(accounts, name);

  if (account == NULL) {
    account = g_new0(KslurmAccount, 1);
    account->name = g_strdup(name);
    account->level_fs = level;
    g_ptr_array_add(accounts, account);
  } else if (isnan(account->level_fs) || level > account->level_fs) {
    account->level_fs = level;
  }
}

/* the user's own row says how the members of one account stand among themselves; between
 * accounts the account's row counts */
static void
take_share_row(GPtrArray *accounts, const char *name, gboolean user, double level)
{
  KslurmAccount *account = find(accounts, name);

  if (account != NULL && !user && !isnan(level))
    account->level_fs = level;
}

static const char *
cell(char **cells, int column)
{
  return column >= 0 && (guint)column < g_strv_length(cells) ? g_strstrip(cells[column])
                                                             : NULL;
}

static int
find_column(char **header, const char *name)
{
  for (int i = 0; header[i] != NULL; i++)
    if (g_ascii_strcasecmp(header[i], name) == 0)
      return i;
  return -1;
}

static void
parse_rows(GPtrArray *accounts, const char *text, TakeRow take)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_auto(GStrv) header = g_strsplit(lines[0] != NULL ? lines[0] : "", "|", -1);
  int name = find_column(header, "Account");
  int user = find_column(header, "User");
  int level = find_column(header, "LevelFS");

  for (gsize i = 1; name >= 0 && lines[0] != NULL && lines[i] != NULL; i++) {
    g_auto(GStrv) cells = g_strsplit(lines[i], "|", -1);
    const char *account = cell(cells, name);
    const char *owner = cell(cells, user);

    if (account != NULL && is_name(account))
      take(accounts, account, owner != NULL && owner[0] != '\0',
           parse_level(cell(cells, level)));
  }
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const KslurmAccount *left = *(const KslurmAccount *const *)a;
  const KslurmAccount *right = *(const KslurmAccount *const *)b;
  gboolean unknown = isnan(left->level_fs), also = isnan(right->level_fs);

  if (unknown != also)
    return unknown ? 1 : -1;
  if (!unknown && left->level_fs > right->level_fs)
    return -1;
  if (!unknown && left->level_fs < right->level_fs)
    return 1;
  return strcmp(left->name, right->name);
}

/**
 * kslurm_accounts_parse: (skip)
 * @users: the user's rows: 'Account|User|LevelFS', after a header
 * @shares: (nullable): the rows of those accounts, in the same form
 *
 * Returns: (transfer full) (element-type KslurmAccount): the accounts of @users, each
 *   once, the one with the highest LevelFS first
 */
GPtrArray *
kslurm_accounts_parse(const char *users, const char *shares)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func(account_free);

  parse_rows(accounts, users, take_user_row);
  if (shares != NULL)
    parse_rows(accounts, shares, take_share_row);
  g_ptr_array_sort(accounts, compare);
  return accounts;
}

static char *
ask(const char *const *argv, gint64 deadline, GCancellable *cancellable, GError **error)
{
  gint64 left = (deadline - g_get_monotonic_time()) / 1000;

  return kslurm_query_run(argv, (int)MAX(left, 1), cancellable, error);
}

static char *
ask_shares(GPtrArray *accounts, gint64 deadline, GCancellable *cancellable)
{
  g_autoptr(GString) names = g_string_new(NULL);
  const char *argv[] = {"sshare", "-A", NULL, "--parsable2", "-o", "Account,User,LevelFS",
                        NULL};

  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? "," : "",
                           ((KslurmAccount *)accounts->pdata[i])->name);
  argv[2] = names->str;
  return accounts->len > 0 ? ask(argv, deadline, cancellable, NULL) : NULL;
}

/* where sshare knows nothing, the database may know the names */
static GPtrArray *
query_names(gint64 deadline, GCancellable *cancellable, GError **error)
{
  g_autofree char *user = g_strdup_printf("user=%s", g_get_user_name());
  const char *argv[] = {"sacctmgr", "-nP", "show", "assoc", user, "format=account", NULL};
  g_autofree char *names = ask(argv, deadline, cancellable, error);
  g_autofree char *rows = names != NULL ? g_strconcat("Account\n", names, NULL) : NULL;

  return rows != NULL ? kslurm_accounts_parse(rows, NULL) : NULL;
}

static void
save_names(GPtrArray *accounts)
{
  g_autofree char *folder = kslurm_dirs_dup_cache();
  g_autofree char *path = g_build_filename(folder, "accounts", NULL);
  g_autoptr(GString) names = g_string_new(NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf(names, "%s\n", ((KslurmAccount *)accounts->pdata[i])->name);
  if (g_mkdir_with_parents(folder, 0700) != 0 ||
      !kslurm_file_replace(path, names->str, -1, 0600, &error))
    g_debug("the accounts are not kept: %s", error != NULL ? error->message : folder);
}

/**
 * kslurm_accounts_query: (skip)
 * @cancellable: (nullable): ends the query
 * @error: return location
 *
 * Asks Slurm for the user's accounts, within ten seconds, and keeps their names for the
 * completion.
 *
 * Returns: (transfer full) (nullable) (element-type KslurmAccount): the accounts as
 *   kslurm_accounts_parse() gives them, none without accounting; or %NULL with @error set
 */
GPtrArray *
kslurm_accounts_query(GCancellable *cancellable, GError **error)
{
  const char *argv[] = {"sshare", "-U", "--parsable2", "-o", "Account,User,LevelFS", NULL};
  gint64 deadline = g_get_monotonic_time() + KSLURM_QUERY_MS * (gint64)1000;
  g_autoptr(GError) failure = NULL;
  g_autofree char *users = ask(argv, deadline, cancellable, &failure);
  g_autoptr(GPtrArray) accounts = kslurm_accounts_parse(users != NULL ? users : "", NULL);
  gboolean answered = failure == NULL || failure->domain == KSLURM_ERROR;

  if (accounts->len > 0) {
    g_autofree char *shares = ask_shares(accounts, deadline, cancellable);

    g_ptr_array_unref(accounts);
    accounts = kslurm_accounts_parse(users, shares);
  } else if (answered) {
    GPtrArray *names = query_names(deadline, cancellable, NULL);

    if (names != NULL) {
      g_ptr_array_unref(accounts);
      accounts = names;
      g_clear_error(&failure);
    }
  }
  if (failure != NULL || g_cancellable_set_error_if_cancelled(cancellable, &failure)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  save_names(accounts);
  return g_steal_pointer(&accounts);
}

/**
 * kslurm_accounts_list_cached: (skip)
 *
 * Never asks Slurm: it answers while the user types.
 *
 * Returns: (transfer full) (nullable): the names that the last query found
 */
char **
kslurm_accounts_list_cached(void)
{
  g_autofree char *folder = kslurm_dirs_dup_cache();
  g_autofree char *path = g_build_filename(folder, "accounts", NULL);
  g_autoptr(GBytes) bytes = kslurm_file_read(path, CACHE_LIMIT, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new();

  if (bytes == NULL)
    return NULL;
  text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  lines = g_strsplit(text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (is_name(lines[i]))
      g_ptr_array_add(names, g_strdup(lines[i]));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}
