"""Echo client on Chromium, headless and driven by playwright: the browser's own WebSocket in an empty page.

`--page` opens the page that wsconform serves at its root instead, and waits until that has run all cases.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))

import chromium

LOOP = """
async ({ url, agent, jobs, subprotocols, action, all }) => {
  const converse = (url, turn) => new Promise((resolve) => {
    const socket = new WebSocket(url, turn.subprotocols ?? []);
    socket.binaryType = 'arraybuffer';
    socket.onclose = resolve;
    socket.onopen = () => {
      if (turn.send != null) socket.send(turn.send);
      if (turn.sendBinary != null) {
        socket.send(Uint8Array.from(turn.sendBinary.match(/../g) ?? [], (digits) => parseInt(digits, 16)));
      }
      if (turn.close != null) socket.close(...(turn.close.code == null ? [] : [turn.close.code, turn.close.reason]));
    };
    socket.onmessage = ({ data }) => {
      if (turn.tell) turn.tell(data); else socket.send(data);
    };
  });
  if (!all) {
    // An address that the browser takes for none is one that it does not open, and no trouble.
    await converse(url, { ...action, subprotocols }).catch(console.log);
    return;
  }
  const base = url.replace(/\\/+$/, '');
  const name = encodeURIComponent(agent);
  let total = null;
  await converse(base + '/getCaseCount', { tell: (text) => { total = Number(text); } });
  if (!Number.isInteger(total)) throw new Error(base + '/getCaseCount gave no number');
  let next = 1;
  const work = async () => {
    while (next <= total) await converse(`${base}/runCase?case=${next++}&agent=${name}`, {});
  };
  await Promise.all(Array.from({ length: jobs }, work));
  await converse(`${base}/updateReports?agent=${name}`, { tell: () => {} });
}
"""


def main():
    options = parse_options()
    if options.version:
        print(version())
        return
    with chromium.browser() as browser:
        page = browser.new_page()
        page.set_default_timeout(0)
        if options.page:
            run_page(page, options)
        else:
            subprotocols = [word for word in os.environ.get("WSCONFORM_SUBPROTOCOLS", "").split(",") if word]
            action = json.loads(os.environ.get("WSCONFORM_ACTION") or "{}") or {}
            given = {"url": options.url, "agent": options.agent, "jobs": options.jobs, "all": options.all}
            visit_empty_page(page, options.url)
            page.evaluate(LOOP, given | {"subprotocols": subprotocols, "action": action})


def parse_options():
    parser = argparse.ArgumentParser(description="WebSocket echo client on Chromium.")
    parser.add_argument("url", nargs="?", help="the address of one conversation, or of all")
    parser.add_argument("--all", action="store_true", help="run all cases over Autobahn's control interface")
    parser.add_argument("--page", action="store_true", help="open wsconform's page and wait until it has finished")
    parser.add_argument("--agent", default="chromium", help="our name in the reports (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time (default: 1)")
    parser.add_argument("--screenshot", metavar="FILE", help="with --page: a picture of the finished page")
    parser.add_argument("--width", type=int, default=1280, help="width of that page (default: %(default)s)")
    parser.add_argument("--version", action="store_true", help="print Chromium's version")
    options = parser.parse_args()
    if options.url is None and not options.version:
        parser.error("no url")
    return options


def version():
    """The name and the version of the browser; Debian appends what it was built on."""
    answer = subprocess.run([chromium.program(), "--version"], capture_output=True, text=True, timeout=60)
    return " ".join(answer.stdout.split()[:2])


def visit_empty_page(page, url):
    """Open an empty page that passes for one of the tested address: pages of nowhere may not drive wsconform."""
    address = urlsplit(url)
    scheme = "https" if address.scheme == "wss" else "http"
    origin = f"{scheme}://{address.netloc.rpartition('@')[2]}/"
    page.route(origin, lambda route: route.fulfill(content_type="text/html", body=""))
    page.goto(origin)


def run_page(page, options):
    page.set_viewport_size({"width": options.width, "height": 900})
    page.on("pageerror", lambda error: print(f"page: {error}", file=sys.stderr))
    page.goto(options.url)
    # The page's own policy forbids to wait by evaluating a text.
    page.wait_for_selector("html[data-state=finished], html[data-state=failed]", state="attached")
    print(page.inner_text("#status"))
    if options.screenshot:
        page.screenshot(path=options.screenshot)
    if page.get_attribute("html", "data-state") == "failed":
        sys.exit(page.inner_text("#problem"))


main()
