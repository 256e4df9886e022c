"""Converters of addresses."""

from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """Matches ids as we write them, so that any other form is simply not found."""

    regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
