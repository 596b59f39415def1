/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-mirrors.h"

#include <string.h>

#include "base/image/kslurm-mirrors-private.h"
#include "base/image/kslurm-reference-private.h"

static void
free_mirror(gpointer data)
{
  KslurmMirror *mirror = data;

  g_free(mirror->location);
  g_free(mirror);
}

static void
free_rule(gpointer data)
{
  KslurmMirrorRule *rule = data;

  g_free(rule->prefix);
  g_free(rule->location);
  g_ptr_array_unref(rule->copies);
  g_free(rule);
}

static void
free_place(gpointer data)
{
  KslurmPlace *place = data;

  g_free(place->host);
  g_free(place->repository);
  g_free(place);
}

/**
 * kslurm_mirrors_new: (skip)
 *
 * Returns: (transfer full): what knows no mirror
 */
KslurmMirrors *
kslurm_mirrors_new(void)
{
  KslurmMirrors *mirrors = g_new0(KslurmMirrors, 1);

  mirrors->rules = g_ptr_array_new_with_free_func(free_rule);
  mirrors->plain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return mirrors;
}

/**
 * kslurm_mirrors_free: (skip)
 * @mirrors: (transfer full): mirrors
 */
void
kslurm_mirrors_free(KslurmMirrors *mirrors)
{
  g_ptr_array_unref(mirrors->rules);
  g_hash_table_unref(mirrors->plain);
  g_free(mirrors);
}

/**
 * kslurm_mirrors_is_location: (skip)
 * @text: from a file
 *
 * Returns: whether @text is a host, or a host and the beginning of a repository's name
 */
gboolean
kslurm_mirrors_is_location(const char *text)
{
  gsize length = strcspn(text, "/");
  g_autofree char *host = kslurm_reference_dup_host(text, length, NULL);
  g_auto(GStrv) parts = g_strsplit(text[length] == '/' ? text + length + 1 : "", "/", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (!kslurm_reference_check_component(parts[i], NULL))
      return FALSE;
  return host != NULL;
}

static char *
dup_host(const char *location)
{
  return g_ascii_strdown(location, (gssize)strcspn(location, "/"));
}

/**
 * kslurm_mirrors_set_plain: (skip)
 * @mirrors: mirrors
 * @location: a host, which may be asked without TLS, and what else stands there
 */
void
kslurm_mirrors_set_plain(KslurmMirrors *mirrors, const char *location)
{
  g_hash_table_add(mirrors->plain, dup_host(location));
}

/**
 * kslurm_mirrors_is_plain: (skip)
 * @mirrors: mirrors
 * @host: a host, with its port when it has one
 *
 * Returns: whether the user or the site lets it be asked without TLS
 */
gboolean
kslurm_mirrors_is_plain(const KslurmMirrors *mirrors, const char *host)
{
  g_autofree char *lower = g_ascii_strdown(host, -1);

  return g_hash_table_contains(mirrors->plain, lower);
}

/**
 * kslurm_mirrors_add_rule: (skip)
 * @mirrors: mirrors
 * @prefix: what the names of its images begin with
 *
 * Returns: (transfer none): the rule, which may have been there
 */
KslurmMirrorRule *
kslurm_mirrors_add_rule(KslurmMirrors *mirrors, const char *prefix)
{
  KslurmMirrorRule *rule = NULL;

  for (guint i = 0; i < mirrors->rules->len; i++) {
    rule = mirrors->rules->pdata[i];
    if (g_str_equal(rule->prefix, prefix))
      return rule;
  }
  rule = g_new0(KslurmMirrorRule, 1);
  rule->prefix = g_strdup(prefix);
  rule->copies = g_ptr_array_new_with_free_func(free_mirror);
  g_ptr_array_add(mirrors->rules, rule);
  return rule;
}

/**
 * kslurm_mirror_rule_add: (skip)
 * @rule: a rule
 * @location: of a copy
 * @use: for what
 */
void
kslurm_mirror_rule_add(KslurmMirrorRule *rule, const char *location, KslurmMirrorUse use)
{
  KslurmMirror *mirror = g_new0(KslurmMirror, 1);

  mirror->location = g_strdup(location);
  mirror->use = use;
  g_ptr_array_add(rule->copies, mirror);
}

/* gives how much of the name the prefix takes, or 0 */
static gsize
match(const char *prefix, const char *name)
{
  gsize length = strlen(prefix), host = strcspn(name, "/");

  if (g_str_has_prefix(prefix, "*.")) {
    const char *domain = prefix + 1;
    gsize rest = strlen(domain);

    return host > rest && strncmp(name + host - rest, domain, rest) == 0 ? host : 0;
  }
  if (!g_str_has_prefix(name, prefix) || (name[length] != '/' && name[length] != '\0'))
    return 0;
  return length;
}

static const KslurmMirrorRule *
find_rule(const KslurmMirrors *mirrors, const char *name, gsize *taken)
{
  const KslurmMirrorRule *found = NULL;

  *taken = 0;
  for (guint i = 0; i < mirrors->rules->len; i++) {
    const KslurmMirrorRule *rule = mirrors->rules->pdata[i];
    gsize fit = match(rule->prefix, name);

    if (fit > *taken || (fit > 0 && fit == *taken && rule->prefix[0] != '*')) {
      found = rule;
      *taken = fit;
    }
  }
  return found;
}

static void
add_place(GPtrArray *places, const char *location, const char *rest, gboolean mirror)
{
  g_autofree char *name = g_strconcat(location, rest, NULL);
  const char *slash = strchr(name, '/');
  KslurmPlace *place = NULL;

  if (slash == NULL)
    return;
  place = g_new0(KslurmPlace, 1);
  place->host = dup_host(name);
  place->repository = g_strdup(slash + 1);
  place->mirror = mirror;
  g_ptr_array_add(places, place);
}

static gboolean
is_for(const KslurmMirrorRule *rule, const KslurmMirror *mirror, gboolean fixed)
{
  if (mirror->use == KSLURM_MIRROR_DIGESTS || rule->only_digests)
    return fixed;
  return mirror->use == KSLURM_MIRROR_ALL || !fixed;
}

/**
 * kslurm_mirrors_list_places: (skip)
 * @mirrors: mirrors
 * @reference: an image of a registry
 *
 * Returns: (transfer full) (element-type KslurmPlace): where to ask, in order; nothing when
 *   the site has blocked it
 */
GPtrArray *
kslurm_mirrors_list_places(const KslurmMirrors *mirrors, const KslurmReference *reference)
{
  GPtrArray *places = g_ptr_array_new_with_free_func(free_place);
  gboolean fixed = kslurm_reference_get_digest(reference) != NULL;
  g_autofree char *name = g_strconcat(kslurm_reference_get_host(reference), "/",
                                      kslurm_reference_get_repository(reference), NULL);
  gsize taken = 0;
  const KslurmMirrorRule *rule = find_rule(mirrors, name, &taken);

  if (rule != NULL && rule->blocked)
    return places;
  for (guint i = 0; rule != NULL && i < rule->copies->len; i++) {
    const KslurmMirror *mirror = rule->copies->pdata[i];

    if (is_for(rule, mirror, fixed))
      add_place(places, mirror->location, name + taken, TRUE);
  }
  if (rule != NULL && rule->location != NULL)
    add_place(places, rule->location, name + taken, FALSE);
  else
    add_place(places, name, "", FALSE);
  return places;
}
