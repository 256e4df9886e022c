"""Converters of addresses."""

from werkzeug.routing import BaseConverter

from sitethread import ids


class IdConverter(BaseConverter):
    """Matches ids as we write them, so that any other form is simply not found."""

    regex = ids.PATTERN
