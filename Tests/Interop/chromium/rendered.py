"""Opens rendered pages from disk in a browser without a network: with a script, without one, narrow, wide, dark."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))

import chromium
from hostile import HOSTILE_AS_SHOWN
from playwright.sync_api import Error


def main():
    options = parse_options()
    checks = chromium.Checks()
    paints = []
    with chromium.browser() as browser:
        for path in options.pages:
            name = path.name
            with checks.of(name):
                paints.append(f"{name} {check(browser, path, name, checks, options):.0f} ms")
            with checks.of(f"{name} without a script"):
                check_plain(browser, path, name, checks)
    checks.exit(f"pages from disk, first paint: {', '.join(paints)}")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path, nargs="+", metavar="PAGE", help="pages; hostile ones say so by name")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER", help="pictures of the pages")
    return parser.parse_args()


def check(browser, path, name, checks, options):
    """Look at a page as it is meant to be; returns the time until its first paint in milliseconds."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    page = chromium.watched(context.new_page(), checks, name)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    paint = first_paint(page, path.as_uri())
    besides = [address for address in asked if address != path.as_uri() and not address.startswith("data:")]
    checks.that(f"{name}: nothing is asked for besides it", besides == [], besides[:3])
    checks.that(f"{name}: it has a headline", len(page.inner_text("h1")) > 5)
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            chromium.check_width(page, checks, f"{name}, {scheme}", width)
            if options.screenshots:
                page.screenshot(path=options.screenshots / f"{path.stem}-{width}-{scheme}.png")
    light, dark = colour(page, "light"), colour(page, "dark")
    checks.that(f"{name}: dark is not light", light != dark)
    page.emulate_media(color_scheme="light")
    check_search(page, name, checks)
    check_cases(page, path, name, checks)
    if "hostile" in name:
        checks.that(f"{name}: what a peer wrote is there as text", HOSTILE_AS_SHOWN in page.inner_text("body"))
    chromium.check_inert(page, checks, name)
    context.close()
    return paint


def first_paint(page, address):
    """Open a page; the milliseconds from its commit to its first paint with content."""
    session = page.context.new_cdp_session(page)
    times = {}
    session.on("Page.lifecycleEvent", lambda event: times.setdefault(event["name"], event["timestamp"]))
    session.send("Page.enable")
    session.send("Page.setLifecycleEventsEnabled", {"enabled": True})
    # The events of the empty page come first.
    page.wait_for_timeout(0)
    times.clear()
    page.goto(address)
    for _ in range(100):
        if "firstContentfulPaint" in times:
            break
        page.wait_for_timeout(20)
    return 1000 * (times.get("firstContentfulPaint", float("nan")) - times.get("init", times.get("commit", 0)))


def colour(page, scheme):
    """The pixels of the page's corner in a scheme."""
    page.emulate_media(color_scheme=scheme)
    return page.screenshot(clip={"x": 0, "y": 0, "width": 40, "height": 200})


def squares(page):
    """The cells of cases that show: squares of one report, or the results of several."""
    return page.locator("#matrix td[class]:visible, #matrix .cells a:visible")


def check_search(page, name, checks):
    """The search and the tiles leave what they name."""
    before = squares(page).count()
    checks.that(f"{name}: it has cells", before > 0)
    if before == 0 or page.locator("#search").count() == 0:
        return
    page.keyboard.press("/")
    checks.that(f"{name}: / leads to the search", page.locator("#search:focus").count() == 1)
    page.keyboard.type("no case has this name")
    checks.that(f"{name}: a search for nothing leaves nothing", squares(page).count() == 0)
    page.click("#clear")
    checks.that(f"{name}: without a search all is back", squares(page).count() == before)
    tile = page.locator("button.tile.v6")
    if tile.count() == 1:
        wanted = int(tile.locator("b").inner_text())
        tile.click()
        found = squares(page).count()
        checks.that(f"{name}: a tile leaves its cases", found == wanted, (found, wanted))
        tile.click()
    if page.locator("#topic option").count() > 2:
        page.select_option("#topic", index=1)
        count = squares(page).count()
        checks.that(f"{name}: a topic leaves its cases", 0 < count < before, (count, before))
        page.click("#clear")


def check_cases(page, path, name, checks):
    """A square, a link of a cause and an address open their case; the keys lead on and out."""
    square = squares(page).first
    square.click()
    checks.that(f"{name}: a square opens its case", page.locator("#case").is_visible())
    title = page.inner_text("#case-title")
    if page.locator("#next").is_enabled():
        page.keyboard.press("ArrowRight")
        checks.that(f"{name}: the arrow leads to the next case", page.url.partition("#")[2] != "")
    page.keyboard.press("Escape")
    checks.that(f"{name}: Escape closes the panel", page.locator("#case").is_hidden())
    link = page.locator("a[data-case]:visible")
    if link.count() > 0:
        link.first.click()
        checks.that(f"{name}: a link opens its case", page.locator("#case").is_visible(), title)
        address = page.url
        page.keyboard.press("Escape")
        page.goto("about:blank")
        page.goto(address)
        checks.that(f"{name}: an address opens its case", page.locator("#case").is_visible(), address[-80:])
        page.keyboard.press("Escape")


def check_plain(browser, path, name, checks):
    """Without a script: causes, counts and squares show, and no tool that would do nothing."""
    context = browser.new_context(offline=True, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(path.as_uri())
    where = f"{name} without a script"
    checks.that(f"{where}: it has its headline", len(page.inner_text("h1")) > 5)
    checks.that(f"{where}: it has its cells", squares(page).count() > 0)
    checks.that(f"{where}: no search that would do nothing", page.locator("#search").is_hidden())
    causes = page.locator("#causes > ol > li > details")
    if causes.count() > 1:
        causes.nth(1).locator(":scope > summary").click()
        checks.that(f"{where}: a cause opens", causes.nth(1).locator(".inside").is_visible())
        checks.that(f"{where}: it says what is required", "required" in causes.nth(1).inner_text().lower())
    for width in (390, 1280):
        chromium.check_width(page, checks, where, width)
    context.close()


try:
    main()
except Error as error:
    sys.exit(f"the pages were not opened: {str(error).splitlines()[0]}")
