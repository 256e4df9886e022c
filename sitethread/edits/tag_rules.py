"""Which tags need no end, and which end others, as the HTML standard's tree construction has it."""


def tags_in(names: str) -> frozenset[str]:
    return frozenset(names.split())


VOID = tags_in(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
)
OPTIONAL_END = tags_in(
    "html head body p li dt dd option optgroup tr td th thead tbody tfoot caption colgroup rb rt rtc rp"
)
# What is in them is no markup.
RAW_TEXT = frozenset({"script", "style", "textarea", "title"})
# A second one is ignored.
ONCE = frozenset({"html", "head", "body", "form"})
NEEDS_TABLE = tags_in("tr td th thead tbody tfoot caption colgroup col")
SPECIAL = tags_in(
    "address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd "
    "details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header "
    "hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript "
    "object ol p param plaintext pre script search section select source style summary table tbody td template "
    "textarea tfoot th thead title tr track ul wbr xmp foreignobject desc"
)

_SCOPE = tags_in("applet caption html table td th marquee object template foreignobject desc")
_GROUPS: dict[str, frozenset[str]] = {
    "#special": SPECIAL,
    "#scope": _SCOPE,
    "#button": _SCOPE | {"button"},
    "#items": _SCOPE | {"ol", "ul"},
    "#list": SPECIAL - {"address", "div", "p", "li", "dt", "dd"},
    "#select": frozenset({"select"}),
    "#table": frozenset({"table", "template"}),
    "#row": frozenset({"table", "template", "tr"}),
    "#ruby": frozenset({"ruby"}),
    "#integration": frozenset({"foreignobject", "desc", "title", "annotation-xml"}),
}
# By tag: the groups it belongs to. An element is looked for up to the innermost element of a group.
KINDS: dict[str, tuple[str, ...]] = {
    tag: tuple(group for group, members in _GROUPS.items() if tag in members)
    for tag in frozenset().union(*_GROUPS.values())
}

_P_ENDERS = tags_in(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp li dd dt"
)
_PARTS = (("caption", "#table"), ("colgroup", "#table"))
_SECTIONS = (*_PARTS, ("tr", "#table"), ("thead", "#table"), ("tbody", "#table"), ("tfoot", "#table"))
# By tag: what it ends, and up to where that is looked for.
CLOSED_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "body": (("head", "#scope"),),
    "a": (("a", "#scope"),),
    "button": (("button", "#scope"),),
    "option": (("option", "#select"),),
    "optgroup": (("option", "#select"), ("optgroup", "#select")),
    "tr": (*_PARTS, ("tr", "#table")),
    "td": (*_PARTS, ("td", "#row"), ("th", "#row")),
    "th": (*_PARTS, ("td", "#row"), ("th", "#row")),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _SECTIONS),
    **dict.fromkeys(("rb", "rt", "rtc", "rp"), (("rb", "#ruby"), ("rt", "#ruby"), ("rp", "#ruby"))),
    **dict.fromkeys(_P_ENDERS, (("p", "#button"),)),
}
for _item, _ended in (("li", ("li",)), ("dt", ("dt", "dd")), ("dd", ("dt", "dd"))):
    CLOSED_BY[_item] = (*((tag, "#list") for tag in _ended), *CLOSED_BY[_item])

_INNER = tags_in("tr td th thead tbody tfoot caption colgroup")
# By tag: what an end tag doesn't reach across, where that isn't what its kind doesn't.
END_BARRIERS: dict[str, str] = {
    **dict.fromkeys(("html", "body", "template", "table"), "#none"),
    **dict.fromkeys(_INNER, "#table"),
    "p": "#button",
    "li": "#items",
}
