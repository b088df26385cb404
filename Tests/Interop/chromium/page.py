"""Drives the page that wsconform serves, in a browser that first answers wrongly and then as it should.

What is sent wrongly, and the name of the browser, would become markup or run if the page took it for more than text.
"""

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))

import chromium
from hostile import HOSTILE, HOSTILE_AS_SHOWN
from playwright.sync_api import Error

AGENT = "<img src=x onerror=document.body.dataset.ran=1>Agent"
# Until F9 is pressed, texts come back with more behind them, and octets as a Close with a hostile reason.
WRONG = """
(() => {
  const { send } = WebSocket.prototype;
  let isWrong = true;
  addEventListener('keydown', (event) => { if (event.key === 'F9') isWrong = false; });
  WebSocket.prototype.send = function (data) {
    if (!isWrong) return send.call(this, data);
    if (typeof data === 'string') return send.call(this, data + HOSTILE);
    return this.close(3000, HOSTILE);
  };
})();
"""
# A cookie of another server of this machine: browsers send it to all of its ports.
COOKIE = "bm90IGZvciBhIHJlcG9ydA"
FINISHED = "html[data-state=finished]"


def main():
    options = parse_options()
    checks = chromium.Checks()
    with chromium.browser() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        context.set_default_timeout(60_000)
        context.add_init_script(WRONG.replace("HOSTILE", json.dumps(HOSTILE)))
        context.add_cookies([{"name": "session", "value": COOKIE, "url": options.url}])
        page = chromium.watched(context.new_page(), checks, "page")
        page.goto(f"{options.url}/?agent={AGENT}")
        with checks.of("causes show while the run goes on"):
            page.wait_for_selector("html[data-state=running] #causes > li")
        page.wait_for_selector(FINISHED, state="attached", timeout=240_000)
        status = page.inner_text("#status")
        parts = (check_causes, check_panel, check_saved, check_filters, check_looks, check_again, check_anew)
        for part in parts:
            with checks.of(part.__name__.replace("_", " ")):
                part(page, checks, options)
        chromium.check_inert(page, checks, "page")
    checks.exit(f"the page in a browser that answers wrongly: {status}")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="the address that wsconform serves")
    parser.add_argument("--report", type=Path, required=True, help="the report.json of the run")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER", help="pictures of the page")
    return parser.parse_args()


def tile(page, verdict):
    """The number of cases with a verdict, as the page counts them."""
    return int(page.inner_text(f"#tiles [data-verdict={verdict}] b"))


def written(options):
    """The report on disk: the verdicts by case, and all of it."""
    report = json.loads(options.report.read_text())
    return {case["id"]: case["verdict"] for case in report["cases"]}, report


def check_causes(page, checks, options):
    """Causes come first, as the report has them, and not a row for each case."""
    _, report = written(options)
    rows, failed = page.locator("#causes > li").count(), tile(page, "fail")
    told = [cause for cause in report["causes"] if cause["verdict"] in ("fail", "inconclusive", "tolerated")]
    checks.that("as many causes as in the report", rows == len(told), (rows, len(told)))
    checks.that("fewer causes than failed cases", 0 < rows < failed, (rows, failed))
    for verdict, count in report["summary"].items():
        if verdict != "passive":
            shown = tile(page, verdict)
            checks.that(f"the tile of {verdict} has the report's number", shown == count, shown)
    checks.that("no list of cases before one is asked for", page.locator("#list-part").is_hidden())
    above = page.locator("#causes-title").bounding_box()["y"] < page.locator("#matrix-title").bounding_box()["y"]
    checks.that("causes stand above the squares", above)
    first = page.locator("#causes > li").first
    cause = report["causes"][0]
    text = first.inner_text()
    for what in ("mend", "impact", "example"):
        checks.that(f"the first cause has the report's {what}", cause[what] in text, cause[what])
    checks.that("it has the number of its cases", f"{cause['count']} cases" in text, cause["count"])
    checks.that("the first cause has its name", f"{cause['requirement']}/{cause['reasonKey']}" in text)
    checks.that("the first cause has its requirement", report["requirements"][cause["requirement"]]["sentence"] in text)
    command = first.locator(".command code").inner_text()
    wanted = f"wsconform client --cases {cause['example']} "
    checks.that("the command runs the example", command.startswith(wanted), command)
    links = first.locator(".ids a").all_inner_texts()
    checks.that("its cases are named", set(links) <= set(cause["cases"]) and len(links) > 1, links[:3])
    checks.that("what the browser sent is text", HOSTILE_AS_SHOWN in page.inner_text("#causes .wire >> nth=0"))
    checks.that("the browser's name is text", page.inner_text("#agent") == AGENT, page.inner_text("#agent"))
    chromium.check_inert(page, checks, "causes")


def check_panel(page, checks, options):
    """A link of a cause opens its case, and the focus goes back to it."""
    link = page.locator("#causes .ids a").first
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    checks.that("a link opens the panel of its case", name in page.inner_text("#case-body"))
    command = page.inner_text("#case-body .command code")
    checks.that("the panel has the command", f"--cases {name} " in command, command)
    page.locator("#case-body .replay").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#case-body :text('what came of running it again; before, it was fail')")
    page.wait_for_selector(FINISHED, state="attached")
    checks.that("the panel runs the case again", page.inner_text("#status") == f"{name} run again: still fail")
    checks.that("the focus stays on its button", page.locator("#case-body .replay:focus").count() == 1)
    page.keyboard.press("Escape")
    checks.that("the focus goes back", page.locator("#causes .ids a:focus").inner_text() == name)


def check_saved(page, checks, options):
    """What is saved is the report, and a page that shows without the tool."""
    verdicts, report = written(options)
    token = page.request.get(f"{options.url}/api/plan").json()["token"]
    with page.expect_download() as awaited:
        page.click("#save")
    saved = awaited.value
    text = Path(saved.path()).read_text()
    same = {case["id"]: case["verdict"] for case in json.loads(text)["cases"]} == verdicts
    checks.that("report.json is saved under its name", saved.suggested_filename == "report.json")
    checks.that("report.json has what was judged", same)
    with page.expect_download() as awaited:
        page.click("#publish")
    saved = awaited.value
    html = Path(saved.path()).read_text()
    name = saved.suggested_filename
    checks.that("the page is named after the browser", name.endswith("Agent.html") and "<" not in name, name)
    checks.that("what is saved does not have the page's word", token not in html + text)
    octets = COOKIE.encode().hex()
    kept = [word for word in (COOKIE, octets, " ".join(re.findall("..", octets))) if word in html + text]
    checks.that("what is saved does not have the browser's cookies", "Cookie: ***" in text and not kept, kept)
    copy = options.report.parent / "published.html"
    copy.write_text(html)
    context = page.context.browser.new_context(offline=True)
    published = chromium.watched(context.new_page(), checks, "published page")
    published.goto(copy.as_uri())
    checks.that("the published page has the causes", published.locator("#causes ol > li").count() > 0)
    failed = report["summary"]["fail"]
    headline = published.inner_text("h1")
    checks.that("the published page says what fails", headline.startswith(f"{failed} of "), headline)
    checks.that("the published page names the browser", AGENT in published.inner_text(".hero"))
    chromium.check_inert(published, checks, "published page")
    if options.screenshots:
        published.screenshot(path=options.screenshots / "published.png", full_page=False)
    context.close()


def check_filters(page, checks, options):
    """Cases are listed where they are asked for."""
    name = page.locator("#causes .ids a").first.inner_text()
    page.fill("#search", name)
    page.wait_for_selector("#list-part:not([hidden]) .row")
    checks.that("the search finds the case", name in page.locator("#list code").all_inner_texts())
    page.click("#clear")
    checks.that("and the list goes again", page.locator("#list-part").is_hidden())


def check_looks(page, checks, options):
    """It fits a telephone, in light and in dark."""
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            chromium.check_width(page, checks, f"page, {scheme}", width)
            if options.screenshots:
                page.screenshot(path=options.screenshots / f"page-{width}-{scheme}.png", full_page=width == 390)
    page.emulate_media(color_scheme="light")


def check_again(page, checks, options):
    """What is run again has its result replaced, on the page and in the report."""
    page.keyboard.press("F9")
    row = page.locator("#causes > li").first
    name = row.locator(".command code").inner_text().split("--cases ")[1].split()[0]
    failed = tile(page, "fail")
    button = row.locator(".replay").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f'{FINISHED} #status:text("{name} run again: pass, was fail")')
    verdicts, _ = written(options)
    checks.that("a case that is run again has its new verdict in the report", verdicts[name] == "pass", verdicts[name])
    square = page.locator(f'.cell[data-id="{name}"]').get_attribute("data-verdict")
    checks.that("its square has it, too", square == "pass", square)
    checks.that("one case fails less", tile(page, "fail") == failed - 1, tile(page, "fail"))
    checks.that("the focus stays in the causes", page.locator("#causes :focus").count() == 1)
    rows = page.locator("#causes > li").filter(has=page.locator(".badge[data-verdict=fail]"))
    while rows.count() > 0:
        row = rows.first
        if row.locator("details[open]").count() == 0:
            row.locator("summary").click()
        reason, known = row.locator(".said").inner_text(), len(checks.problems)
        row.locator(".replay").last.click()
        with checks.of(f"the cause goes once all its cases were run again: {reason}"):
            page.wait_for_selector(f"{FINISHED} #status:text('run again')")
            row.locator(f".said:text-is({json.dumps(reason)})").wait_for(state="detached")
        page.wait_for_selector(FINISHED, state="attached")
        if len(checks.problems) > known:
            break
    left = page.locator("#causes .badge[data-verdict=fail]").count()
    checks.that("no cause is left once all its cases were run again", left == 0, page.inner_text("#causes"))
    checks.that("the headline follows", page.inner_text("#headline") == "No requirement is broken")
    verdicts, report = written(options)
    checks.that("nor is one in the report", report["summary"]["fail"] == 0 and report["footer"]["complete"])


def check_anew(page, checks, options):
    """All is run again on a page that is loaded anew, whose address names no case."""
    page.goto("about:blank")
    page.goto(f"{options.url}/?agent={AGENT}#%")
    page.wait_for_selector(FINISHED, state="attached", timeout=240_000)
    page.click("#again")
    page.wait_for_selector("html[data-state=running]", state="attached")
    page.wait_for_selector(FINISHED, state="attached", timeout=240_000)
    _, report = written(options)
    checks.that("the report has what was judged last", report["summary"]["fail"] == tile(page, "fail"))
    checks.that("what fails has causes again", page.locator("#causes > li").count() > 1 and tile(page, "fail") > 9)
    checks.that("the first of them is open", page.locator("#causes > li:first-child > details[open]").count() == 1)


try:
    main()
except Error as error:
    sys.exit(f"the page did not get that far: {str(error).splitlines()[0]}")
