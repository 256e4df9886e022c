"""Links between the files of a website: mended when a page moves."""

from collections.abc import Callable, Collection, Mapping

from sitethread.edits.addresses import Address, addresses_in, file_of, leading_to, with_addresses
from sitethread.edits.paths import is_page


def mended(files: Mapping[str, str], assets: Collection[str], old: str, new: str) -> dict[str, str]:
    """Return the pages that change when one moves, with all links to files of the website leading where they led."""
    known = {*files, *assets}
    changed = {}
    for path, text in files.items():
        if is_page(path):
            mend = _mending(known, {old: new}, path, new if path == old else path)
            changed[new if path == old else path] = with_addresses(text, mend)
    return {path: text for path, text in changed.items() if text != files.get(path)}


def moved(text: str, known: Collection[str], old: str, new: str) -> str:
    """Return the text of a page for another path, with its links leading to the same files."""
    return with_addresses(text, _mending(known, {}, old, new))


def _mending(
    known: Collection[str], moves: Mapping[str, str], was: str, now: str
) -> Callable[[Address], str]:
    def mend(address: Address) -> str:
        file = file_of(address.text, was)
        if file is None or file not in known:
            return address.text
        file = moves.get(file, file)
        return address.text if file_of(address.text, now) == file else leading_to(address.text, file, now)

    return mend


def count_to(files: Mapping[str, str], target: str) -> int:
    """Return how many links of the other pages lead to a page."""
    return sum(
        address.attribute == "href" and file_of(address.text, path) == target
        for path, text in files.items()
        if is_page(path) and path != target
        for address in addresses_in(text)
    )
