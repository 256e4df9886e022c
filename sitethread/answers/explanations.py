"""Why an answer did not complete, by its error code: the message of the `error` event, and what the page shows."""

_KEPT = "Everything that arrived is kept."
MESSAGES = {
    "model_refused_key": "The model refused this server’s key. Whoever runs the server needs to check OPENAI_API_KEY.",
    "model_busy": f"The model has too much to do right now. {_KEPT} Wait a moment, then try again.",
    "model_not_found": "The model is not known at its address. Whoever runs the server needs to check OPENAI_MODEL.",
    "model_refused_request": "The model refused this conversation; it may have become too long for it. Try a new chat.",
    "model_error": f"The model had an error of its own. {_KEPT}",
    "model_timeout": f"The model stopped talking for too long. {_KEPT}",
    "model_unreachable": f"The model can’t be reached right now. {_KEPT}",
    "model_disconnected": f"The model broke off in the middle. {_KEPT}",
    "model_garbage": f"The model sent something that makes no sense. {_KEPT}",
    "model_said_nothing": "The model said nothing.",
    "too_many_versions": "This website has as many versions as it can have: the page of this answer was not saved.",
    "changes_not_made": "The changes in this answer don’t fit the page, so it was left as it was. Try again, or say it "
    "in other words.",
    "page_moved": "The page was changed elsewhere while this was written, and both don’t fit together. Both are kept: "
    "this one is the newest version now.",
    "answer_too_long": "The answer grew too long and was cut off here.",
    "answer_lost": f"This answer was cut off. {_KEPT}",
    "answer_deleted": "This answer was deleted, or the chat it belongs to, while it was being written.",
    "worker_lost": f"This answer was cut off. {_KEPT}",
    "server_restart": f"The server restarted while it wrote this answer. {_KEPT}",
    "unexpected": f"Something went wrong on our side. {_KEPT} Please try again.",
}


def explain(code: str) -> str:
    """Return the message for an error code of an answer."""
    return MESSAGES.get(code, MESSAGES["unexpected"])
