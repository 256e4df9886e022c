"""The connections to Supabase: urllib3's pool, also as an httpx transport, which supabase-py needs.

httpx's own pool served less than half as many requests a second (docs/decisions/0012-the-short-way-to-postgrest.md).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import urllib3
from urllib3 import exceptions


class PooledTransport(httpx.BaseTransport):
    """Sends requests over at most `connections` persistent connections a host; no retries, no redirects.

    `connect` and `read` are timeouts in seconds; waiting for a free connection may take as long as reading.
    """

    def __init__(self, connections: int, connect: float, read: int) -> None:
        self._pool_timeout = read
        self._pool = urllib3.PoolManager(
            num_pools=4,
            maxsize=connections,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=connect, read=read),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        origin = urllib3.util.Url(url.scheme, host=url.host, port=url.port)
        with _httpx_errors(request):
            response = self.send(
                request.method,
                origin,
                url.raw_path.decode("ascii"),
                dict(request.headers),
                request.read() or None,
            )
        return httpx.Response(response.status, headers=list(response.headers.items()), content=response.data)

    def send(
        self,
        method: str,
        origin: urllib3.util.Url,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request and return its whole response; raise urllib3's HTTPError, or OSError."""
        host = self._pool.connection_from_host(origin.host, origin.port, origin.scheme)
        return host.urlopen(
            method,
            target,
            body=body,
            headers=headers,
            redirect=False,
            pool_timeout=self._pool_timeout,
            decode_content=False,
        )

    def close(self) -> None:
        self._pool.clear()


@contextmanager
def _httpx_errors(request: httpx.Request) -> Iterator[None]:
    try:
        yield
    except exceptions.ConnectTimeoutError as error:
        raise httpx.ConnectTimeout(str(error), request=request) from error
    except exceptions.NewConnectionError as error:
        raise httpx.ConnectError(str(error), request=request) from error
    except exceptions.TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from error
    except (exceptions.HTTPError, OSError) as error:
        raise httpx.RemoteProtocolError(str(error), request=request) from error
