"""The page that shows the mails that would have been sent: at <SUPABASE_URL>/outbox."""

from collections.abc import Awaitable, Callable
from html import escape
from typing import Any

from psycopg_pool import AsyncConnectionPool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from embedded.auth import mails

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outbox</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 44rem; margin: 3rem auto; padding: 0 1rem }}
article {{ border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .75rem;
  padding: 1rem 1.25rem; margin: 1rem 0 }}
h1 {{ margin-bottom: 0 }} h2 {{ font-size: 1.1rem; margin: 0 }}
p {{ margin: .5rem 0 }} small, .quiet {{ opacity: .75 }}
a {{ overflow-wrap: anywhere }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }}
</style>
</head>
<body>
<h1>Outbox</h1>
<p class="quiet">This local Supabase sends no mail. What it would send is here.</p>
<main>{mails}</main>
</body>
</html>
"""

MAIL = """<article>
<h2>{subject}</h2>
<small>To {recipient}, <time datetime="{iso}">{time}</time></small>
{body}
</article>"""


def page(pool: AsyncConnectionPool[Any]) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        async with pool.connection() as connection:
            listed = "\n".join(map(_mail, await mails.sent(connection)))
        return HTMLResponse(PAGE.format(mails=listed or "<p>No mails yet.</p>"), headers=HEADERS)

    return show


def _mail(row: dict[str, Any]) -> str:
    sent_at = row["sent_at"]
    shown = {name: escape(row[name]) for name in ("subject", "recipient")}
    link = f'<p><a href="{escape(row["link"])}">{shown["subject"]}</a></p>'
    shown["body"] = link if row["link"] else f"<pre>{escape(row['text'])}</pre>"
    return MAIL.format(iso=sent_at.isoformat(), time=sent_at.strftime("%d %B %Y, %H:%M:%S UTC"), **shown)
