/* SPDX-License-Identifier: MIT */
#include "image/kslurm-complaint.h"

#include <string.h>

#include "unit.h"

static const struct {
  const char *body, *words;
} cases[] = {
    {"{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\","
     "\"detail\":{\"Tag\":\"x\"}}]}",
     "manifest unknown"},
    {"{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\"},{\"message\":\"a\"},"
     "{\"message\":\"a\"},7]}",
     "DENIED; a"},
    {"{\"errors\":[]}", NULL},
    {"{\"errors\":{}}", NULL},
    {"{\"details\":\"incorrect username or password\"}", "incorrect username or password"},
    {"{\"error\":\"invalid_grant\",\"error_description\":\"too old\"}", "too old"},
    {"{\"message\":\"Not Found.\"}", "Not Found"},
    {"{\"message\":\"one\\n\\n  two\\tthree\"}", "one two three"},
    {"{\"message\":\"\\u001b[31mred\\u0007\"}", "[31mred"},
    {"{\"message\":7}", NULL},
    {"{\"message\":", NULL},
    {"Too many\r\nrequests\n", "Too many requests"},
    {"<html><body>502</body></html>", NULL},
    {"", NULL},
    {" \n", NULL}};

static void
test_words(void)
{
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *words = kslurm_complaint_dup(cases[i].body, -1);

    g_assert_cmpstr(words, ==, cases[i].words);
  }
}

static void
test_long(void)
{
  g_autofree char *much = unit_repeat("é ", 1000);
  g_autofree char *words = kslurm_complaint_dup(much, -1);
  g_autofree char *bytes = kslurm_complaint_dup("\xff\0x", 3);

  g_assert_cmpint(g_utf8_strlen(words, -1), ==, 301);
  g_assert_true(g_str_has_suffix(words, "…"));
  g_assert_cmpstr(bytes, ==, "\357\277\275");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func("/complaint/words", test_words);
  g_test_add_func("/complaint/long", test_long);
  return g_test_run();
}
