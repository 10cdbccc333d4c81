#!/usr/bin/env python3
"""Looks at report.html in a real browser: widths, links, dark mode, network, and the rules of axe-core.

Not part of `make test`: it needs Debian's chromium, and `pip install playwright axe-core-python`.

    python3 Tests/browser/report.py results/latest/report.html [--pictures DIR] [--readme docs/pictures]
"""
import argparse
import json
import pathlib
import shutil
import sys

from playwright.sync_api import sync_playwright

WIDTHS = (1400, 1000, 760, 400)


def axe_source():
    import axe_core_python

    return (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()


def findings(page, axe):
    """Serious and critical violations, with the first element of each."""
    page.evaluate(axe)
    result = page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
    return [
        (v["impact"], v["id"], v["help"], len(v["nodes"]), v["nodes"][0]["target"], v["nodes"][0].get("failureSummary", ""))
        for v in result["violations"]
    ]


def overflow(page):
    """Elements that make the page itself wider than the window; scrolling regions may be wider inside."""
    return page.evaluate(
        """() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        if (wide <= 0) return [];
        return [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5).map(e => e.tagName + '.' + e.className);
    }"""
    )


def pictures(page, folder, name):
    """One of each part of the page, as high as the window."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("header", *page.eval_on_selector_all("main > section", "all => all.map(e => '#' + e.id)")):
        page.evaluate("part => document.querySelector(part).scrollIntoView()", part)
        page.screenshot(path=folder / f"{name}-{part.strip('#')}.png")


def for_readme(browser, url, folder):
    """What the README shows: the table's beginning, and a refused call beside its accepted twin."""
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1340, "height": 680}, color_scheme=scheme)
        page = context.new_page()
        page.goto(url)
        page.evaluate("document.querySelector('#table').scrollIntoView()")
        page.screenshot(path=folder / f"table-{scheme}.png")
        # The first with a pair that differs in one thing, without what comes after it.
        page.evaluate(
            """() => {
            const pair = document.querySelector('details.check .pair:has(mark):has(.answers > .a):has(.answers i.no)'), check = pair.closest('details');
            check.open = true;
            check.querySelectorAll('.pair').forEach(p => { if (p !== pair) p.remove(); });
            check.id = 'shown';
        }"""
        )
        page.locator("#shown").screenshot(path=folder / f"evidence-{scheme}.png")
        context.close()


def followed(page):
    """How many places the page links to, and those that stay hidden when their link is followed with everything folded up.

    The page has no scripts: the browser itself opens what a place is folded into. All links are followed within one page,
    since loading it anew for each takes minutes."""
    return page.evaluate(
        """() => {
        const links = new Map([...document.querySelectorAll("main a[href^='#']")].map(a => [a.getAttribute('href'), a]));
        const hidden = [];
        for (const [link, a] of links) {
          for (const open of document.querySelectorAll('details[open]')) open.open = false;
          a.click();
          const place = document.getElementById(link.slice(1));
          if (location.hash !== link || !place || !place.getClientRects().length) hidden.push(link);
        }
        return [links.size, hidden];
    }"""
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path, help="where to put pictures of what was seen")
    parser.add_argument("--readme", type=pathlib.Path, help="where to put the README's pictures")
    options = parser.parse_args()
    url = options.report.resolve().as_uri()
    problems, axe = [], axe_source()
    size = options.report.stat().st_size
    if size >= 500_000:
        problems.append(f"{size} bytes; 500,000 is the limit")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": 1200}, color_scheme=scheme)
                page = context.new_page()
                page.set_default_timeout(120_000)
                asked = []
                page.on("request", lambda request: asked.append(request.url))
                page.goto(url)
                if len(asked) != 1:
                    problems.append(f"{width} {scheme}: asked for {asked[1:]}")
                where = f"{width} px, {scheme}"
                for state in ("closed", "open"):
                    if state == "open":
                        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                    for element in overflow(page):
                        problems.append(f"{where}, {state}: wider than the window: {element}")
                    # What is folded up is there again when it is open, so that its heads are looked at once.
                    if width in (1400, 400) and (state == "open" or (width, scheme) == (1400, "light")):
                        for impact, rule, text, count, target, summary in findings(page, axe):
                            line = f"{where}, {state}: axe {impact} {rule}: {text} ({count} elements, first {target})\n    {summary}"
                            if impact in ("serious", "critical"):
                                problems.append(line)
                            else:
                                print("note:", line)
                    if options.pictures:
                        pictures(page, options.pictures, f"{width}-{scheme}-{state}")
                context.close()
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = context.new_page()
        page.goto(url)
        if options.readme:
            for_readme(browser, url, options.readme)
        links, hidden = followed(page)
        problems += [f"{link}: not shown when followed" for link in hidden]
        context.close()
        browser.close()
    print(f"{size} bytes, {links} places linked to")
    print("\n".join(problems) if problems else "no problem found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
