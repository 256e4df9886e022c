"""What every template may use."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for

from sitethread import helpers
from web import security_headers
from web.authentication import has_sign_in_cookie, signed_in_user
from web.extensions import settings


def init_app(app: Flask) -> None:
    app.context_processor(shared_context)


def shared_context() -> dict[str, Any]:
    """Return what every template may use."""
    user = signed_in_user()
    chosen = settings()
    return {
        "user": {"id": user.id, "email": user.email} if user else None,
        "was_signed_out": user is None and has_sign_in_cookie(),
        "csp_nonce": security_headers.csp_nonce(),
        "asset": asset,
        "helpers": helpers.shown(),
        "model": {"name": chosen.openai_model, "is_offline_demo": chosen.is_offline_demo},
        "outbox_url": chosen.outbox_url,
        "preview_origin": chosen.preview_origin,
    }


def asset(name: str) -> str:
    """Return the address of a bundle, whose file name changes with its content."""
    manifest = Path(current_app.static_folder or "static") / "dist" / "manifest.json"
    try:
        built = _read_manifest(manifest, manifest.stat().st_mtime_ns).get(name, name)
    except OSError:
        built = name
    return url_for("static", filename=f"dist/{built}")


@lru_cache(maxsize=2)
def _read_manifest(path: Path, _changed_at: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names
