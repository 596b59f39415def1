/* SPDX-License-Identifier: MIT */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <unistd.h>

#include "base/config/kslurm-key.h"
#include "base/util/kslurm-text.h"
#include "cmd/kslurm/config.h"

static void
add_text(JsonBuilder *builder, const char *name, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text, -1);

  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, valid);
}

static void
print_json(KslurmConfig *config, char **keys)
{
  g_autoptr(JsonBuilder) builder = json_builder_new();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_array(builder);
  for (gsize i = 0; keys[i] != NULL; i++) {
    json_builder_begin_object(builder);
    add_text(builder, "key", keys[i]);
    add_text(builder, "value", kslurm_config_get(config, keys[i]));
    add_text(builder, "origin", kslurm_config_get_origin(config, keys[i]));
    json_builder_end_object(builder);
  }
  json_builder_end_array(builder);
  root = json_builder_get_root(builder);
  text = json_to_string(root, TRUE);
  puts(text);
}

/* a program that reads us gets the exact bytes, a terminal no escapes */
static void
print_text(const char *text)
{
  g_autofree char *clean = isatty(STDOUT_FILENO) ? kslurm_text_clean(text) : NULL;

  fputs(clean != NULL ? clean : text, stdout);
}

/**
 * kslurm_print_config: (skip)
 * @call: says in which form
 * @config: the configuration
 * @keys: (array zero-terminated=1): keys that are set; the one that the call names is
 *   shown by its value alone
 *
 * Returns: the exit status
 */
int
kslurm_print_config(KslurmCall *call, KslurmConfig *config, char **keys)
{
  const char *asked = kslurm_call_get(call, "key");

  if (kslurm_call_has(call, "json")) {
    print_json(config, keys);
    return 0;
  }
  for (gsize i = 0; keys[i] != NULL; i++) {
    if (kslurm_call_has(call, "show-origin")) {
      print_text(kslurm_config_get_origin(config, keys[i]));
      fputc('\t', stdout);
    }
    if (g_strcmp0(keys[i], asked) != 0) {
      print_text(keys[i]);
      fputs(": ", stdout);
    }
    print_text(kslurm_config_get(config, keys[i]));
    fputc('\n', stdout);
  }
  return 0;
}

/* for the manual page */
static void
print_rst(void)
{
  for (const KslurmKey *key = kslurm_keys; key->name != NULL; key++)
    printf("``%s%s = %s``\n    %s\n\n", key->name,
           g_str_has_suffix(key->name, ".") ? "NAME" : "", _(key->shape), _(key->help));
}

int
kslurm_run_config_list(KslurmCall *call, GCancellable *cancellable, GError **error)
{
  g_autoptr(KslurmConfig) config = NULL;
  g_auto(GStrv) keys = NULL;

  /* 'config KEY list' sets a value that reads like our verb */
  if (kslurm_call_has(call, "key"))
    return kslurm_set_config(call, "list", error);
  if (kslurm_call_has(call, "keys")) {
    print_rst();
    return 0;
  }
  config = kslurm_load_config(call, error);
  if (config == NULL)
    return 1;
  keys = kslurm_config_list_keys(config, NULL);
  return kslurm_print_config(call, config, keys);
}
