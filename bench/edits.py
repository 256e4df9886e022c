"""What edits cost: a page of 44 KB mapped, a usual answer made, and the worst 1 MB of what is parsed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise

from sitethread import errors
from sitethread.edits import tags
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit
from sitethread.edits.differences import regions
from sitethread.edits.matches import Budget, File, find
from sitethread.edits.nearest import nearest_lines
from sitethread.edits.rewriting import edits_between
from sitethread.edits.selectable import selectable
from tests.unit.edits.pages import trade_pages

PAGE, WORST = 44_000, 1_000_000
MOST_MILLISECONDS, MOST_AT_A_STRETCH = 5, 50

Run = Callable[[str], object]


def main() -> bool:
    """Print the figures; tell whether all are within bounds."""
    page = usual_page()
    mapped, _ = fastest(lambda: selectable(page))
    made, _ = fastest(lambda: apply({"index.html": page}, usual_edits(page)))
    print(
        f"a page of {len(page):,} characters with {len(selectable(page)):,} elements that can be pointed at"
    )
    print(f"  its elements mapped               {mapped:8.1f} ms  (at most {MOST_MILLISECONDS})")
    print(f"  5 edits made, 2 with white space  {made:8.1f} ms")
    print(f"{WORST:,} characters, CPU and longest stretch  (at most {MOST_AT_A_STRETCH})")
    stretches = [report(name, run, (part * WORST)[:WORST]) for name, run, part in costly()]
    return mapped <= MOST_MILLISECONDS and max(stretches) <= MOST_AT_A_STRETCH


def usual_page() -> str:
    """Return a page of about 44 KB: the sections of three trades in one."""
    first, *others = trade_pages()[:4]
    bodies = [page.split("<main", 1)[1].split(">", 1)[1].split("</main>")[0] for page in others]
    page = first.replace("</main>", f"{''.join(bodies)}</main>")
    return page.replace("</main>", f"{bodies[0] * ((PAGE - len(page)) // len(bodies[0]))}</main>")


def usual_edits(page: str) -> list[Edit]:
    lines = [line for line in page.splitlines() if len(line) > 60 and page.count(line.strip()) == 1]
    exact = [Edit("index.html", line, line) for line in lines[5:8]]
    loose = [Edit("index.html", "  ".join(line.split(" ")), line.strip()) for line in lines[-2:]]
    return [*exact, *loose]


def costly() -> Iterator[tuple[str, Run, str]]:
    for part in (
        "```edit\n",
        "<<<<<<< SEARCH\n",
        "```\n",
        "a.html\n```edit\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n",
    ):
        yield "answer", changes_in, part
    for part in ("<p>", "<a>", "<b><div></b>", "<table><tr><td>", "</i>", "<svg><title/></svg>", "\r\n<b>"):
        yield "tags without elements", lambda html: tags.read(html, ()), part
    for part in (" a\n", "\r\n", "<pre> ", "&amp;"):
        yield (
            "matching, all steps",
            lambda text: find(File("index.html", text), "none  of\nit", Budget()),
            part,
        )
    for part, other in (("a\n", "b\n"), ("a b ", "a  b"), ("<p>a\n", "<p>b\n")):
        yield (
            "differences",
            lambda text, part=part, other=other: regions(text, text.replace(part, other)),
            part,
        )  # type: ignore[misc]
    for part in ("<p>a</p>\n", "a "):
        yield (
            "edits of a rewritten page",
            lambda text: edits_between("a.html", text, text.replace("a", "b")),
            part,
        )
    for part in ("a\n", "word "):
        yield "nearest lines", lambda text: nearest_lines(text, text), part
    yield "an edit that breaks a page", break_page, "</b><i>"


def break_page(text: str) -> None:
    apply({"index.html": f"{text}<p>end"}, [Edit("index.html", "<p>end", "<i>end")])


def report(name: str, run: Run, text: str) -> float:
    cpu, stretch = fastest(lambda: run(text), times=2)
    print(f"  {name:26} {text[:20]!r:26} {cpu:8.0f} ms {stretch:8.1f} ms")
    return stretch


def fastest(run: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Return the least CPU milliseconds of some runs, and of the longest stretch without giving way."""
    results = []
    for _ in range(times):
        with watched() as stretches, suppress(errors.DomainError):
            start = time.process_time()
            run()
        results.append(((time.process_time() - start) * 1000, max(stretches())))
    return min(cpu for cpu, _ in results), min(stretch for _, stretch in results)


@contextmanager
def watched() -> Iterator[Callable[[], list[float]]]:
    """Note when other requests may run: the CPU milliseconds between."""
    moments = [time.process_time()]
    sleep = time.sleep
    time.sleep = lambda _: moments.append(time.process_time())
    try:
        yield lambda: [(end - start) * 1000 for start, end in pairwise(moments)]
    finally:
        time.sleep = sleep
        moments.append(time.process_time())


if __name__ == "__main__":
    main()
