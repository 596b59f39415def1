/* SPDX-License-Identifier: MIT */
#include "archive/kslurm-squash-tree.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/util/kslurm-error.h"

static void
free_node(gpointer data)
{
  KslurmSquashNode *node = data;

  g_free(node->name);
  g_free(node->target);
  sqfs_free(node->inode);
  g_clear_pointer(&node->children, g_ptr_array_unref);
  g_free(node);
}

static KslurmSquashNode *
make_node(KslurmSquashTree *tree, const char *path, mode_t mode, gint64 time)
{
  KslurmSquashNode *node = g_new0(KslurmSquashNode, 1);

  node->name = g_path_get_basename(path);
  node->mode = mode;
  node->time = (guint32)CLAMP(time, 0, G_MAXUINT32);
  node->links = 1;
  if (S_ISDIR(mode))
    node->children = g_ptr_array_new();
  g_ptr_array_add(tree->all, node);
  g_hash_table_insert(tree->nodes, g_strdup(path), node);
  return node;
}

/**
 * kslurm_squash_tree_new: (skip)
 *
 * Returns: (transfer full): a tree that has a root only
 */
KslurmSquashTree *
kslurm_squash_tree_new(void)
{
  KslurmSquashTree *tree = g_new0(KslurmSquashTree, 1);

  tree->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  tree->all = g_ptr_array_new_with_free_func(free_node);
  tree->root = make_node(tree, "", S_IFDIR | 0755, 0);
  return tree;
}

/**
 * kslurm_squash_tree_free: (skip)
 * @tree: (transfer full): a tree
 */
void
kslurm_squash_tree_free(KslurmSquashTree *tree)
{
  g_hash_table_unref(tree->nodes);
  g_ptr_array_unref(tree->all);
  g_free(tree);
}

static char *
dup_parent(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash != NULL ? g_strndup(path, (gsize)(slash - path)) : g_strdup("");
}

/**
 * kslurm_squash_tree_remove: (skip)
 * @tree: a tree
 * @path: a member that is no folder, there or not
 */
void
kslurm_squash_tree_remove(KslurmSquashTree *tree, const char *path)
{
  KslurmSquashNode *node = g_hash_table_lookup(tree->nodes, path);
  g_autofree char *above = dup_parent(path);
  KslurmSquashNode *parent = g_hash_table_lookup(tree->nodes, above);

  if (node == NULL || parent == NULL || S_ISDIR(node->mode))
    return;
  g_ptr_array_remove(parent->children, node);
  g_hash_table_remove(tree->nodes, path);
}

/* an archive may leave out the folders that its members are in */
static KslurmSquashNode *
get_parent(KslurmSquashTree *tree, const char *path, gint64 time, GError **error)
{
  g_autofree char *above = dup_parent(path);
  KslurmSquashNode *parent = g_hash_table_lookup(tree->nodes, above);

  if (parent == NULL)
    return kslurm_squash_tree_add(tree, above, S_IFDIR | 0755, time, error);
  if (S_ISDIR(parent->mode))
    return parent;
  g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                      _("it lies below a member that is no folder"));
  return NULL;
}

/**
 * kslurm_squash_tree_add: (skip)
 * @tree: a tree
 * @path: relative, without '.' and '..'
 * @mode: its kind and mode
 * @time: of its last change, in seconds since 1970
 * @error: return location
 *
 * Adds a member; of two with one name the later one counts, as in any tar.
 *
 * Returns: (transfer none) (nullable): its node, or %NULL with @error set
 */
KslurmSquashNode *
kslurm_squash_tree_add(
    KslurmSquashTree *tree, const char *path, mode_t mode, gint64 time, GError **error)
{
  KslurmSquashNode *node = g_hash_table_lookup(tree->nodes, path), *parent = NULL;

  if (node != NULL && S_ISDIR(node->mode) && S_ISDIR(mode)) {
    node->mode = mode;
    node->time = (guint32)CLAMP(time, 0, G_MAXUINT32);
    return node;
  }
  if (node != NULL && S_ISDIR(node->mode)) {
    g_set_error_literal(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                        _("it has the name of a folder"));
    return NULL;
  }
  kslurm_squash_tree_remove(tree, path);
  parent = get_parent(tree, path, time, error);
  if (parent == NULL)
    return NULL;
  node = make_node(tree, path, mode, time);
  g_ptr_array_add(parent->children, node);
  return node;
}

/**
 * kslurm_squash_tree_add_link: (skip)
 * @tree: a tree
 * @path: the new name
 * @target: another name of the same file
 * @error: return location
 *
 * Adds a hard link.
 *
 * Returns: whether there was such a file
 */
gboolean
kslurm_squash_tree_add_link(KslurmSquashTree *tree,
                            const char *path,
                            const char *target,
                            GError **error)
{
  KslurmSquashNode *file = g_hash_table_lookup(tree->nodes, target), *node = NULL;

  if (file != NULL && file->link != NULL)
    file = file->link;
  if (file == NULL || S_ISDIR(file->mode) || g_str_equal(path, target)) {
    g_set_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                _("it is a hard link to '%s', which is no file before it"), target);
    return FALSE;
  }
  node = kslurm_squash_tree_add(tree, path, file->mode, file->time, error);
  if (node == NULL)
    return FALSE;
  node->link = file;
  file->links++;
  return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
  const KslurmSquashNode *const *left = a, *const *right = b;

  return strcmp((*left)->name, (*right)->name);
}

/* the names of one folder get numbers in a row: a folder's table holds differences */
static void
number_children(KslurmSquashNode *folder, guint32 *last)
{
  g_ptr_array_sort(folder->children, compare_names);
  for (guint i = 0; i < folder->children->len; i++) {
    KslurmSquashNode *child = g_ptr_array_index(folder->children, i);
    KslurmSquashNode *file = child->link != NULL ? child->link : child;

    if (file->number == 0)
      file->number = ++*last;
  }
  for (guint i = 0; i < folder->children->len; i++) {
    KslurmSquashNode *child = g_ptr_array_index(folder->children, i);

    if (S_ISDIR(child->mode)) {
      folder->links++;
      number_children(child, last);
    }
  }
}

/**
 * kslurm_squash_tree_number: (skip)
 * @tree: a tree that is complete
 *
 * Sorts the folders as an image needs them, and numbers the inodes.
 *
 * Returns: how many there are
 */
guint32
kslurm_squash_tree_number(KslurmSquashTree *tree)
{
  guint32 last = 1;

  tree->root->number = 1;
  number_children(tree->root, &last);
  return last;
}
