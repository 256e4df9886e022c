"""An httpx transport, which supabase-py needs, over urllib3's connection pool.

httpx's own pool served less than half as many requests a second (`python -m bench requests`).
"""

from collections.abc import Iterator
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
        with _httpx_errors(request):
            host = self._pool.connection_from_host(request.url.host, request.url.port, request.url.scheme)
            response = host.urlopen(
                request.method,
                request.url.raw_path.decode("ascii"),
                body=request.read() or None,
                headers=dict(request.headers),
                redirect=False,
                pool_timeout=self._pool_timeout,
                decode_content=False,
            )
        return httpx.Response(response.status, headers=list(response.headers.items()), content=response.data)

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
