/* SPDX-License-Identifier: MIT */
#include "base/image/kslurm-image-json.h"

#include "base/util/kslurm-error.h"
#include "unit.h"

static void
test_limits(void)
{
  g_autofree char *many = unit_repeat("[],", 60000);
  g_autofree char *values = g_strconcat("{\"a\":[", many, "0]}", NULL);
  g_autofree char *commas = unit_repeat(",\\\"[{", 60000);
  g_autofree char *text = g_strconcat("{\"a\":\"", commas, "\"}", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) whole = kslurm_image_json_parse("{\"a\":1}", 7, 7, &error);
  g_autoptr(JsonNode) quoted = kslurm_image_json_parse(text, -1, G_MAXSIZE, &error);

  g_assert_no_error(error);
  g_assert_nonnull(whole);
  g_assert_nonnull(quoted);
  g_assert_null(kslurm_image_json_parse("{\"a\":1}", -1, 6, &error));
  unit_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED,
                    "this JSON is larger than any that belongs to an image");
  g_clear_error(&error);
  g_assert_null(kslurm_image_json_parse(values, -1, G_MAXSIZE, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_UNSUPPORTED);
  g_clear_error(&error);
  g_assert_null(kslurm_image_json_parse("[]", -1, 10, &error));
  g_assert_error(error, KSLURM_ERROR, KSLURM_ERROR_CORRUPT);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/image-json/limits", test_limits);
  return g_test_run();
}
