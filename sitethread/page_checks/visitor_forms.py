"""Forms that don't bring their website's owner all that a visitor sends."""

from collections.abc import Iterator

from sitethread.edits.changes import Span
from sitethread.page_checks.findings import Finding, high, medium
from sitethread.page_checks.rules import count
from sitethread.page_checks.sources import Source
from sitethread.publishing.forms import addresses_elsewhere, forms_of

_LONGEST = 60


def visitor_forms(source: Source, has_own_host: bool) -> Iterator[Finding]:
    """Yield what is wrong with a page's forms; published at a host of its own, a website's may be sent on by https."""
    with_files = [form.element for form in forms_of(source.html, source.elements) if form.has_files]
    if with_files:
        yield medium(
            f"{count(len(with_files), 'form')} with a field for files, of which only names arrive",
            "ask for a mail or a link instead",
            spans=[Span(one.start, one.end) for one in with_files],
        )
    for element, address in addresses_elsewhere(source.html, source.elements):
        if not (has_own_host and address.lower().startswith(("https:", "//"))):
            yield high(
                f"A form that browsers don't send, as it leads elsewhere: {address[:_LONGEST]}",
                "take that address out, and what visitors send arrives in your inbox",
                spans=[Span(element.start, element.end)],
            )
