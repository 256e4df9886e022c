"""The documents that show a page: data, and one script of ours that builds the page from it, or has it edited.

The policy allows that script's text alone (by its hash), so neither the page nor a frame in it can start another. The
page's own scripts are run by ours with `eval`, where the policy allows it.
"""

import base64
import hashlib
import json
from collections.abc import Mapping

from web import assets

FRAME, INSPECTOR, CHECKER = "frame.js", "inspector.js", "checker.js"
# Not 'unsafe-inline': a `srcdoc` or `javascript:` frame inherits the policy, and in it nothing deletes WebRTC.
_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src '{script_hash}'{eval}; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; media-src data:; connect-src 'none'; frame-src 'none'; worker-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'"
)
# The doctype counts; the page's own is ignored.
_DOCUMENT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
    "<body>{data}<script>{script}</script></body></html>"
)
_FRAME_AROUND = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title>
<style nonce="{nonce}">html,body,iframe{{margin:0;width:100%;height:100%;border:0;display:block}}</style>
<body><script nonce="{nonce}">
const page = {page};
const frame = document.createElement('iframe');
Object.assign(frame, {{ sandbox: 'allow-scripts', referrerPolicy: 'no-referrer', title: 'Preview', src: '{frame}' }});
let heard = 0;
// A page says each second that it is there; what it has led the frame to does not.
frame.addEventListener('load', () => setTimeout(() => {{
  if (performance.now() - heard > 2500) parent.postMessage({{ preview: 'left' }}, '*');
}}, 3000));
addEventListener('message', ({{ source, data }}) => {{
  if (source === parent && parent !== window) frame.contentWindow.postMessage(data, '*');
  if (source !== frame.contentWindow) return;
  heard = performance.now();
  if (data?.preview === 'ready') frame.contentWindow.postMessage({{ document: page }}, '*');
  else parent.postMessage(data, '*');
}});
// Not before: the frame may be ready sooner than the rest of this document is parsed.
document.body.append(frame);
</script>
"""


def with_page(page: str, path: str, files: Mapping[str, str], *, runs_scripts: bool) -> str:
    """Return the document that shows a page of a path; `files` are those it names, as data URLs by path."""
    data = _within_script({"page": page, "path": path, "runsScripts": runs_scripts, "files": files})
    return _DOCUMENT.format(data=f'<script type="application/json">{data}</script>', script=_script())


def empty() -> str:
    """Return the document that shows another, or a page while it is written: it gets both from the page around it."""
    return _DOCUMENT.format(data="", script=_script())


def inspector() -> str:
    """Return the document in which a page is pointed at and typed in: it gets the page by a port."""
    return _DOCUMENT.format(data="", script=_script(INSPECTOR))


def checker() -> str:
    """Return the document in which pages are checked without their scripts: it gets them by a port."""
    return _DOCUMENT.format(data="", script=_script(CHECKER))


def frame_around(document: str, frame_url: str, nonce: str) -> str:
    """Return a page that loads a frame and sends it a document."""
    return _FRAME_AROUND.format(nonce=nonce, frame=frame_url, page=_within_script(document))


def policy(*, runs_scripts: bool) -> str:
    """Return the content security policy of such a document: no cookies, storage, parent, network, forms or pop-ups."""
    return _POLICY.format(script_hash=_script_hash(FRAME), eval=" 'unsafe-eval'" if runs_scripts else "")


def policy_for(script: str) -> str:
    """Return the policy of the document of another script: the same, for that script alone."""
    return _POLICY.format(script_hash=_script_hash(script), eval="")


def revision() -> str:
    """Return what changes whenever the script does."""
    return hashlib.sha256(_script().encode()).hexdigest()[:12]


def _within_script(value: object) -> str:
    # Within a script element, JSON must not spell the end of it.
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")


def _script_hash(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_script(name).encode()).digest()).decode()


def _script(name: str = FRAME) -> str:
    return assets.asset_text(name)
