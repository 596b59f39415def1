/* SPDX-License-Identifier: MIT */
#include "cmd/kslurm/chooser.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/util/kslurm-error-private.h"
#include "base/util/kslurm-file.h"

#define ESCAPE_MS 50

typedef enum { KEY_OTHER, KEY_UP, KEY_DOWN, KEY_FIRST, KEY_LAST, KEY_ENTER, KEY_QUIT } Key;

typedef struct {
  const char *title;
  const char *const *lines;
  int count;
  int selected;
  int typed; /* the digits so far */
  int drawn; /* rows below the first one */
  int cancel_fd;
  struct termios saved;
} Chooser;

/**
 * kslurm_chooser_is_possible: (skip)
 *
 * Returns: whether there is a terminal to ask on
 */
gboolean
kslurm_chooser_is_possible(void)
{
  const char *term = g_getenv("TERM");

  return isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && term != NULL &&
         !g_str_equal(term, "dumb") && term[0] != '\0';
}

static void
put(const GString *text)
{
  kslurm_fd_write_all(STDERR_FILENO, text->str, text->len);
}

/* a line that wraps would make the next drawing start in the wrong row */
static void
append_cut(GString *text, const char *line, int width)
{
  g_autofree char *valid = g_utf8_make_valid(line, -1);
  g_autofree char *cut = g_utf8_strlen(valid, -1) > width
                             ? g_utf8_substring(valid, 0, MAX(width, 1))
                             : g_strdup(valid);

  g_string_append(text, cut);
}

static void
append_choice(GString *text, const Chooser *chooser, int i, int width)
{
  g_autofree char *line = g_strdup_printf("%c %2d  %s", i == chooser->selected ? '>' : ' ',
                                          i + 1, chooser->lines[i]);
  gboolean bold = i == chooser->selected && g_getenv("NO_COLOR") == NULL;

  g_string_append(text, bold ? "\r\n\033[1m" : "\r\n");
  append_cut(text, line, width);
  g_string_append(text, bold ? "\033[0m" : "");
}

static void
draw(Chooser *chooser)
{
  g_autoptr(GString) text = g_string_new("\r");
  struct winsize size = {0};
  int width = 80, rows = 24, first = 0, shown = 0;

  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    width = size.ws_col;
    rows = size.ws_row;
  }
  shown = CLAMP(rows - 2, 1, chooser->count);
  first = CLAMP(chooser->selected - shown / 2, 0, chooser->count - shown);
  if (chooser->drawn > 0)
    g_string_append_printf(text, "\033[%dA", chooser->drawn);
  g_string_append(text, "\033[J");
  append_cut(text, chooser->title, width - 1);
  for (int i = first; i < first + shown; i++)
    append_choice(text, chooser, i, width - 1);
  chooser->drawn = shown;
  put(text);
}

static void
clear(Chooser *chooser)
{
  g_autoptr(GString) text = g_string_new("\r");

  if (chooser->drawn > 0)
    g_string_append_printf(text, "\033[%dA", chooser->drawn);
  g_string_append(text, "\033[J\033[?25h");
  put(text);
}

/* -1: nothing in time, the terminal is gone, or somebody cancelled */
static int
read_byte(const Chooser *chooser, int timeout_ms)
{
  struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {chooser->cancel_fd, POLLIN, 0}};
  unsigned char byte = 0;
  int ready = 0;

  do
    ready = poll(fds, G_N_ELEMENTS(fds), timeout_ms);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0 || fds[1].revents != 0)
    return -1;
  return read(STDIN_FILENO, &byte, 1) == 1 ? byte : -1;
}

/* arrows come as ESC [ A or ESC O A; an ESC alone is the key */
static Key
read_escape(const Chooser *chooser)
{
  int byte = read_byte(chooser, ESCAPE_MS);

  if (byte < 0)
    return KEY_QUIT;
  if (byte != '[' && byte != 'O')
    return KEY_OTHER;
  do
    byte = read_byte(chooser, ESCAPE_MS);
  while (g_ascii_isdigit(byte) || byte == ';');
  switch (byte) {
  case 'A':
    return KEY_UP;
  case 'B':
    return KEY_DOWN;
  case 'H':
    return KEY_FIRST;
  case 'F':
    return KEY_LAST;
  default:
    return KEY_OTHER;
  }
}

static Key
read_key(Chooser *chooser, int *digit)
{
  int byte = read_byte(chooser, -1);

  *digit = byte >= '0' && byte <= '9' ? byte - '0' : -1;
  switch (byte) {
  case -1:
  case 'q':
  case 3: /* Ctrl-C and Ctrl-D arrive as bytes: the terminal makes no signals now */
  case 4:
    return KEY_QUIT;
  case '\033':
    return read_escape(chooser);
  case 'k':
    return KEY_UP;
  case 'j':
    return KEY_DOWN;
  case 'g':
    return KEY_FIRST;
  case 'G':
    return KEY_LAST;
  case '\r':
  case '\n':
    return KEY_ENTER;
  default:
    return KEY_OTHER;
  }
}

static void
type_digit(Chooser *chooser, int digit)
{
  int number = chooser->typed * 10 + digit;

  if (number > chooser->count)
    number = digit;
  chooser->typed = number <= chooser->count ? number : 0;
  if (chooser->typed > 0)
    chooser->selected = chooser->typed - 1;
}

static Key
step(Chooser *chooser)
{
  int digit = -1;
  Key key = read_key(chooser, &digit);

  if (digit >= 0)
    type_digit(chooser, digit);
  else
    chooser->typed = 0;
  if (key == KEY_UP)
    chooser->selected = MAX(chooser->selected - 1, 0);
  else if (key == KEY_DOWN)
    chooser->selected = MIN(chooser->selected + 1, chooser->count - 1);
  else if (key == KEY_FIRST)
    chooser->selected = 0;
  else if (key == KEY_LAST)
    chooser->selected = chooser->count - 1;
  return key;
}

/**
 * kslurm_choose: (skip)
 * @title: what is chosen, and how
 * @lines: (array zero-terminated=1): the choices, at least one
 * @cancellable: (nullable): ends the asking
 * @error: return location
 *
 * Asks on the terminal, drawing on stderr. The terminal is as it was when this returns.
 *
 * Returns: the choice, from 0, or -1 with @error set
 */
int
kslurm_choose(const char *title,
              const char *const *lines,
              GCancellable *cancellable,
              GError **error)
{
  Chooser chooser = {.title = title, .lines = lines, .cancel_fd = -1};
  g_autoptr(GString) hide = g_string_new("\033[?25l");
  struct termios raw;
  Key key = KEY_OTHER;

  chooser.count = (int)g_strv_length((char **)lines);
  if (tcgetattr(STDIN_FILENO, &chooser.saved) != 0) {
    kslurm_set_errno(error, errno, _("cannot ask on this terminal"));
    return -1;
  }
  raw = chooser.saved;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  chooser.cancel_fd = cancellable != NULL ? g_cancellable_get_fd(cancellable) : -1;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  put(hide);
  while (key != KEY_ENTER && key != KEY_QUIT) {
    draw(&chooser);
    key = step(&chooser);
  }
  clear(&chooser);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &chooser.saved);
  if (chooser.cancel_fd >= 0)
    g_cancellable_release_fd(cancellable);
  if (key == KEY_ENTER)
    return chooser.selected;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("nothing was chosen"));
  return -1;
}
