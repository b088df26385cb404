"""Takes pictures: of what a terminal showed, of the page of a report, and of a matrix."""

import argparse
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))

import chromium
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

# How many of the first lines are shown; the last one is, too.
LINES = 36
WIDTH, HEIGHT = 1180, 780
THEME = TerminalTheme(
    (22, 27, 34),
    (201, 209, 217),
    [
        (72, 79, 88), (255, 123, 114), (126, 231, 135), (227, 179, 65),
        (121, 192, 255), (210, 168, 255), (86, 212, 221), (201, 209, 217),
    ],
)  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: transparent; }}
main {{ display: inline-block; background: {background}; color: {foreground}; border-radius: 10px; padding: 18px 22px; }}
pre {{ margin: 0; font: 13px/1.42 "DejaVu Sans Mono", monospace; }}
{stylesheet}
</style><main><pre>{code}</pre></main>
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("terminal", "report", "matrix", "out"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    with chromium.browser() as browser:
        context = browser.new_context(offline=True, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page = context.new_page()
        page.set_content(terminal_page(options.terminal.read_bytes().decode(errors="replace")))
        page.locator("main").screenshot(path=options.out / "terminal.png", omit_background=True)
        page.goto(options.report.resolve().as_uri())
        page.screenshot(path=options.out / "report.png")
        page.goto(options.matrix.resolve().as_uri())
        page.locator("#matrix-part").scroll_into_view_if_needed()
        page.screenshot(path=options.out / "matrix.png")
    print(*(f"{path.name} {path.stat().st_size // 1024} KiB" for path in sorted(options.out.glob("*.png"))), sep=", ")


def terminal_page(written):
    """A page that looks like a terminal in which this was written."""
    lines = final_lines(written)
    if len(lines) > LINES:
        lines = [*lines[:LINES], "…", "", lines[-1]]
    console = Console(record=True, width=118, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi("\n".join(lines)), overflow="ellipsis", no_wrap=True)
    return console.export_html(theme=THEME, code_format=PAGE)


def final_lines(written):
    """The lines that stay, without those of the progress that were written over."""
    lines = []
    for line in written.replace("\r\n", "\n").split("\n"):
        # A line of progress is written over from its start, after it was erased.
        lines.append(line.split("\r")[-1].replace("\x1b[K", "").replace("\x1b[2K", ""))
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


if __name__ == "__main__":
    main()
