"""What users are told of an answer that did not complete, by its error code."""

_MESSAGES = {
    "model_refused_key": "The model refused this server's key. Whoever runs the server needs to check OPENAI_API_KEY.",
    "model_busy": "The model has too much to do right now. Wait a moment, then try again.",
    "model_not_found": "The model is not known at its address. Whoever runs the server needs to check OPENAI_MODEL.",
    "model_refused_request": "The model refused this conversation; it may have become too long for it. Try a new chat.",
    "model_error": "The model had an error of its own. Try again.",
    "model_timeout": "The model stopped talking for too long. Try again, or continue from here.",
    "model_unreachable": "The model can't be reached right now. Try again in a moment.",
    "model_disconnected": "The model broke off in the middle. Continue from here, or try again.",
    "model_garbage": "The model sent something that makes no sense. Try again.",
    "model_said_nothing": "The model said nothing. Try again.",
    "answer_too_long": "The answer grew too long and was cut off here.",
    "answer_lost": "This answer was interrupted; what you see was kept. Continue from here, or try again.",
    "answer_deleted": "This answer was deleted, or the chat it belongs to, while it was being written.",
    "worker_lost": "This answer was interrupted; what you see was kept. Continue from here, or try again.",
    "server_restart": "The server restarted while answering; what you see was kept. Continue from here.",
}


def explain(code: str) -> str:
    """Return the message for an error code of an answer."""
    return _MESSAGES.get(
        code, "Something went wrong while answering. What you see was kept; please try again."
    )
