/* SPDX-License-Identifier: MIT */
#include "base/slurm/kslurm-accounts.h"

#include <math.h>
#include <string.h>

#include "base/slurm/kslurm-slurm.h"
#include "base/util/kslurm-dirs.h"
#include "base/util/kslurm-file.h"
#include "base/util/kslurm-text.h"

static void
account_free(gpointer data)
{
  KslurmAccount *account = data;

  g_free(account->name);
  g_free(account);
}

static int
compare_levels(gconstpointer a, gconstpointer b)
{
  const KslurmAccount *one = *(const KslurmAccount *const *)a;
  const KslurmAccount *two = *(const KslurmAccount *const *)b;

  if (one->has_level != two->has_level)
    return one->has_level ? -1 : 1;
  if (one->level > two->level || one->level < two->level)
    return one->level > two->level ? -1 : 1;
  return strcmp(one->name, two->name);
}

static KslurmAccount *
find(GPtrArray *accounts, const char *name)
{
  for (guint i = 0; i < accounts->len; i++)
    if (g_str_equal(((KslurmAccount *)accounts->pdata[i])->name, name))
      return accounts->pdata[i];
  return NULL;
}

/* an account's own line has an empty user and the number that counts; the user's line says
 * that it may be charged */
static void
take_line(GPtrArray *accounts, GHashTable *levels, const char *line)
{
  g_auto(GStrv) cells = g_strsplit(line, "|", 4);
  g_autofree char *name = NULL;
  KslurmAccount *account = NULL;

  if (g_strv_length(cells) < 3)
    return;
  name = kslurm_text_clean(g_strstrip(cells[0]));
  g_strdelimit(name, "\n\t", ' ');
  if (name[0] == '\0')
    return;
  if (g_strstrip(cells[1])[0] == '\0') {
    g_hash_table_insert(levels, g_steal_pointer(&name), g_strdup(g_strstrip(cells[2])));
    return;
  }
  if (find(accounts, name) != NULL)
    return;
  account = g_new0(KslurmAccount, 1);
  account->name = g_steal_pointer(&name);
  g_ptr_array_add(accounts, account);
}

static void
set_level(KslurmAccount *account, const char *text)
{
  char *end = NULL;

  if (text == NULL || text[0] == '\0')
    return;
  account->level = g_ascii_strtod(text, &end);
  account->has_level = *end == '\0' && !isnan(account->level);
}

/**
 * kslurm_accounts_parse: (skip)
 * @text: lines of 'ACCOUNT|USER|LEVELFS'
 *
 * Returns: (transfer full) (element-type KslurmAccount): the accounts, the ones whose jobs
 *   start sooner first
 */
GPtrArray *
kslurm_accounts_parse(const char *text)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func(account_free);
  g_autoptr(GHashTable) levels =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    take_line(accounts, levels, lines[i]);
  for (guint i = 0; i < accounts->len; i++) {
    KslurmAccount *account = accounts->pdata[i];

    set_level(account, g_hash_table_lookup(levels, account->name));
  }
  g_ptr_array_sort(accounts, compare_levels);
  return accounts;
}

static char *
dup_cache_path(void)
{
  g_autofree char *folder = kslurm_dirs_dup_cache();

  return g_build_filename(folder, "accounts", NULL);
}

/* for completion, which must not ask Slurm; a cache that cannot be written is no loss */
static void
write_cache(GPtrArray *accounts)
{
  g_autofree char *folder = kslurm_dirs_dup_cache();
  g_autofree char *path = dup_cache_path();
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf(text, "%s\n", ((KslurmAccount *)accounts->pdata[i])->name);
  if (g_mkdir_with_parents(folder, 0700) == 0)
    kslurm_file_replace(path, text->str, (gssize)text->len, 0600, NULL);
}

/**
 * kslurm_accounts_query: (skip)
 * @cancellable: (nullable): ends the question
 * @error: return location
 *
 * Asks Slurm which accounts the user may charge.
 *
 * Returns: (transfer full) (nullable) (element-type KslurmAccount): the accounts, none
 * where Slurm keeps no accounts, or %NULL with @error set
 */
GPtrArray *
kslurm_accounts_query(GCancellable *cancellable, GError **error)
{
  g_autofree char *users = g_strdup_printf("--users=%s", g_get_user_name());
  const char *const argv[] = {
      "sshare", "--parsable2", "--noheader", "--format=Account,User,LevelFS", users, NULL};
  g_autofree char *text = kslurm_slurm_query(argv, cancellable, error);
  GPtrArray *accounts = NULL;

  if (text == NULL)
    return NULL;
  accounts = kslurm_accounts_parse(text);
  write_cache(accounts);
  return accounts;
}

/**
 * kslurm_accounts_list_cached: (skip)
 *
 * Returns: (transfer full): the names that the last query found
 */
char **
kslurm_accounts_list_cached(void)
{
  g_autofree char *path = dup_cache_path();
  g_autofree char *text = NULL;

  if (!g_file_get_contents(path, &text, NULL, NULL))
    return g_new0(char *, 1);
  return g_strsplit(g_strchomp(text), "\n", -1);
}

/**
 * kslurm_account_get_kind: (skip)
 * @account: an account
 *
 * Returns: (transfer none) (nullable): "cpu" or "gpu" where the name says it, as on
 * Alliance clusters
 */
const char *
kslurm_account_get_kind(const KslurmAccount *account)
{
  if (g_str_has_suffix(account->name, "_gpu"))
    return "gpu";
  return g_str_has_suffix(account->name, "_cpu") ? "cpu" : NULL;
}
