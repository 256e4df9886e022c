"""What the document of a preview has in it."""

import json
import re


def scripts_of(document: str) -> list[str]:
    return re.findall(r"<script[^>]*>(.*?)</script>", document, re.DOTALL)


def shown_page(document: str) -> object:
    return json.loads(scripts_of(document)[0])
