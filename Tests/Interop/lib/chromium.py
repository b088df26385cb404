"""Where Chromium is, how it is started, and how its pages are looked at without running anything in them."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

# The empty page that clients are given comes from no address at all, and such may not talk to this machine by itself.
SWITCHES = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets"]
# How many problems are told.
MOST_PROBLEMS = 20


def program():
    """Where Debian's Chromium is."""
    path = os.environ.get("WSCONFORM_CHROMIUM") or shutil.which("chromium")
    if path is None:
        sys.exit("chromium is not there; install it, or name it with WSCONFORM_CHROMIUM")
    return path


@contextmanager
def browser():
    """Start Chromium, headless, and end it on the way out; it trusts the authority of `WSCONFORM_CA_FILE`, if there is one."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="chromium-") as home:
        environment = {**os.environ}
        if authority := os.environ.get("WSCONFORM_CA_FILE"):
            trust(authority, home)
            environment["HOME"] = home
        started = playwright.chromium.launch(executable_path=program(), args=SWITCHES, env=environment)
        try:
            yield started
        finally:
            started.close()


def trust(authority, home):
    """Put an authority into the store of certificates that Chromium reads in this home."""
    store = Path(home) / ".pki/nssdb"
    store.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "wsconform", "-i", authority]):
        try:
            ended = subprocess.run(["certutil", "-d", f"sql:{store}", *words], capture_output=True, text=True, timeout=60)
        except FileNotFoundError:
            sys.exit("certutil is not there; install libnss3-tools")
        if ended.returncode != 0:
            sys.exit(f"certutil: {ended.stderr.strip()}")


class Checks:
    """What has to hold of pages: each is counted, and what does not hold is told."""

    def __init__(self):
        self.count, self.problems = 0, []

    def that(self, what, holds, found=""):
        """One check; `found` says what there was instead."""
        self.count += 1
        if not holds:
            self.problems.append(f"{what}: {found!r}" if found != "" else what)

    @contextmanager
    def of(self, what):
        """A part whose failure leaves the others to be checked."""
        self.count += 1
        try:
            yield
        except Error as error:
            self.problems.append(f"{what}: {str(error).splitlines()[0]}")

    def exit(self, told):
        """Print one line and what does not hold, and end the program."""
        shown = self.problems[:MOST_PROBLEMS]
        if len(shown) < len(self.problems):
            shown.append(f"and {len(self.problems) - len(shown)} more")
        print(f"{told}; {self.count - len(self.problems)} of {self.count} checks hold", *shown, sep="\n    ")
        sys.exit(1 if self.problems else 0)


def watched(page, checks, name):
    """Turn what a page writes to its console as an error, a dialog, or an error of its script into problems."""
    # A browser writes a line for each WebSocket that it fails, which many cases want.
    def console(message):
        if message.type == "error" and not message.text.startswith("WebSocket connection to"):
            checks.that(f"{name}: nothing on the console", False, message.text)

    def dialog(opened):
        checks.that(f"{name}: no dialog", False, opened.message)
        opened.dismiss()

    page.on("console", console)
    page.on("dialog", dialog)
    page.on("pageerror", lambda error: checks.that(f"{name}: no error of the script", False, str(error)))
    return page


def check_inert(page, checks, name):
    """Hold that nothing of what a peer wrote has become an element, or has run."""
    checks.that(f"{name}: no text of a peer runs", page.get_attribute("body", "data-ran") is None)
    for tag in ("img", "b:not(.tile b, .rule b)", "iframe", "svg", "object"):
        checks.that(f"{name}: no text of a peer is an element {tag}", page.locator(f"body {tag}").count() == 0)


def check_width(page, checks, name, width):
    """Hold that the body of a page is no wider than its window; the policy of pages forbids to ask in the page."""
    page.set_viewport_size({"width": width, "height": 900})
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    found = metrics["cssContentSize"]["width"]
    checks.that(f"{name}: no scrolling sideways at {width}", found <= width, found)
