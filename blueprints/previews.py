"""The preview of a version: its page in a sandbox that reaches neither the app nor the network.

With PREVIEW_ORIGIN it runs on that other domain, where no sign-in works. So a small page of ours loads an empty frame
from there and posts the version's page to it.
"""

import json

from flask import Blueprint, Response, request

from sitethread import versions
from web import security_headers
from web.authentication import current_rows, require_user
from web.extensions import settings

bp = Blueprint("previews", __name__)

# CSP can't block WebRTC, so its classes are deleted. The page can't take them from its own frames: their origin
# differs. The doctype comes first, where it counts; the page's own is then ignored.
_WITHOUT_WEBRTC = """\
<!doctype html><script>
for (const name of Object.getOwnPropertyNames(window)) if (/^(webkit|moz)?RTC/.test(name)) delete window[name];
document.currentScript.remove();
</script>"""
_OUTER_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title>
<style nonce="{nonce}">html,body,iframe{{margin:0;width:100%;height:100%;border:0;display:block}}</style>
<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" title="Preview" src="{origin}/preview-frame"></iframe>
<script nonce="{nonce}">
const page = {page};
const frame = document.querySelector('iframe');
addEventListener('message', (event) => {{
  if (event.source === frame.contentWindow && event.data === 'ready') frame.contentWindow.postMessage({{ page }}, '*');
}});
</script>
"""
_FRAME = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title><script>
addEventListener('message', function show(event) {
  if (event.source !== parent || typeof event.data.page !== 'string') return;
  removeEventListener('message', show);
  document.open();
  document.write(event.data.page);
  document.close();
});
parent.postMessage('ready', '*');
</script>
"""


@bp.get("/preview/<id:version_id>")
def show(version_id: str) -> Response:
    """Show a version's page in its sandbox."""
    require_user()
    page, _ = versions.get_page(current_rows(), version_id)
    page = _WITHOUT_WEBRTC + page
    origin = settings().preview_origin
    return _on_preview_domain(page, origin) if origin else _on_own_domain(page, version_id)


@bp.get("/preview-frame")
def frame() -> Response:
    """Show an empty frame that shows one page, which it gets from the page around it."""
    response = _sandboxed(Response(_FRAME, mimetype="text/html"), security_headers.SANDBOX)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _on_own_domain(page: str, version_id: str) -> Response:
    response = Response(page, mimetype="text/html")
    # A version never changes, but whether this person may see it can.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    response.set_etag(version_id)
    _sandboxed(response, f"{security_headers.SANDBOX}; frame-ancestors 'self'")
    response.make_conditional(request)
    return response


def _on_preview_domain(page: str, origin: str) -> Response:
    nonce = security_headers.csp_nonce()
    # Within a script element, JSON must not spell the end of it.
    data = json.dumps(page, ensure_ascii=True).replace("<", "\\u003c")
    response = Response(_OUTER_PAGE.format(nonce=nonce, origin=origin, page=data), mimetype="text/html")
    policy = (
        f"sandbox allow-scripts; default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        f"frame-src {origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    return _sandboxed(response, policy)


def _sandboxed(response: Response, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    if policy.startswith(security_headers.SANDBOX):
        # Browsers may connect ahead of a navigation that the policy blocks; the host name could leak data.
        response.headers["Connection-Allowlist"] = "()"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-DNS-Prefetch-Control"] = "off"
    return response
