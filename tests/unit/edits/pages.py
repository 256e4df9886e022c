"""A thousand pages: parts of what the demo assistant makes for its trades, written in all the ways that HTML allows."""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from embedded.assistant.trades import trades
from tests.assistant.talk import Talk

_SECTION = re.compile(r"<section\b.*?</section>|<header\b.*?</header>|<footer\b.*?</footer>", re.DOTALL)

PARTS = [
    "<table><tr><td>a<td>b<tr><th>c</table>",
    "<table><caption>t</caption><thead><tr><th>a</th></tr><tbody><tr><td><table><tr><td>in</table></td></tr></table>",
    "<table><colgroup><col><col></colgroup><tr><td>a</td></tr></table>",
    "<ul><li>a<li>b<ol><li>c</ol><li>d</ul>",
    "<dl><dt>a<dd>b<dt>c<dd>d<div>e</div></dl>",
    "<p>one<p>two<div>three</div><p>four <b>five</b>",
    "<select><optgroup label=x><option>a<option selected>b<optgroup label=y><option>c</select>",
    "<ruby>漢<rt>kan</rt>字<rt>ji</ruby>",
    '<svg viewBox="0 0 1 1" role=img><title/><path d="M0 0"/><g><circle r=1></circle></g></svg>',
    "<svg><title>A drawing</title><foreignObject><div><p>in<p>HTML</div></foreignObject></svg>",
    "<math><mi>x</mi><mo>=</mo></math>",
    "<pre>\n\n  <b>kept</b>   as   it is\n</pre>",
    "<textarea rows=2>\n <b>no tag</b> &amp; </div></textarea>",
    "<script>if (a < b && '</div>' > \"<p>\") { /* <!-- */ }</script>",
    "<style>a > b::after { content: '</div>' }</style>",
    "<!-- <section> & </section> -- > --><!-->",
    "<p title='a > b' data-x=\"<b>\">👩‍👩‍👧 e\u0301 𝒳</p>",
    "<details open><summary>a</summary><p>b</details>",
    "<template><tr><td>a</td></tr></template>",
    "<a href=/x?a=1&b=2>&copy 2020 &notanentity; &amp;amp;</a><br/><hr><img src=x.png alt>",
    "<my-card part=x><button type=button>a</button></my-card>",
    "<audio controls><source src=a><track src=b></audio><video></video><iframe src=x></iframe>",
    "<?php echo 1 ?><h2>a</h2></ bogus><noscript><p>b</p></noscript>",
]
BROKEN = [
    "</span>",
    "</p>",
    "</section>",
    "<b>",
    "<div>",
    "<i><b>x</i></b>",
    "<a href=x>a<a href=y>b</a>",
    "</br>",
    "<form><form>",
]


@cache
def trade_pages() -> list[str]:
    """Return a landing page of each trade."""
    return [
        Talk("My site").say(f"Create a landing page for a {trade.noun or 'shop'}").page
        for trade in trades().values()
    ]


def corpus(count: int) -> Iterator[str]:
    """Yield pages, the same in each run; one in five is broken."""
    for seed in range(count):
        chance = random.Random(seed)
        page = trade_pages()[seed % len(trade_pages())]
        parts = chance.sample(_SECTION.findall(page), 2) + chance.choices(PARTS, k=4)
        if seed % 5 == 0:
            parts += chance.choices(BROKEN, k=2)
        chance.shuffle(parts)
        title = re.findall(r"<title>.*?</title>", page)[0]
        body = "\n".join(parts)
        html = f"<!doctype html>\n<html lang=en>\n<head>{title}</head>\n<body>\n{body}\n</body>\n</html>\n"
        for mutate in chance.sample(_MUTATIONS, 2):
            html = mutate(html, chance)
        yield html


def _crlf(html: str, chance: random.Random) -> str:
    return html.replace("\n", chance.choice(["\r\n", "\r"]))


def _upper(html: str, chance: random.Random) -> str:
    return re.sub(r"</?[a-z]\w*", lambda match: match[0].upper() if chance.random() < 0.3 else match[0], html)


def _without_optional_ends(html: str, chance: random.Random) -> str:
    return re.sub(
        r"</(?:li|p|td|tr|th|dt|dd|option|tbody|body|html)>",
        lambda match: "" if chance.random() < 0.5 else match[0],
        html,
    )


def _spaced(html: str, chance: random.Random) -> str:
    return re.sub(
        r"(<[a-z]+ )|(</[a-z]+)>", lambda match: f"{match[1]}\n\t" if match[1] else f"{match[2]}\n>", html
    )


def _minified(html: str, chance: random.Random) -> str:
    return re.sub(r">\s+<", "><", html)


def _unquoted(html: str, chance: random.Random) -> str:
    return re.sub(r'="([\w-]+)"', r"=\1", html)


def _commented(html: str, chance: random.Random) -> str:
    return re.sub(r"\n(?=<)", lambda _: chance.choice(["\n", "\n<!-- </div> -->", "\n<!---->"]), html)


def _unicode(html: str, chance: random.Random) -> str:
    return re.sub(r"(?<=>)(?=\w)", lambda _: chance.choice(["", "🦄", "\u00a0", "\u2028", "é"]), html)


_MUTATIONS: list[Callable[[str, random.Random], str]] = [
    _crlf, _upper, _without_optional_ends, _spaced, _minified, _unquoted, _commented, _unicode,
]  # fmt: skip
