"""The httpx transport that supabase-py needs, over our connections to Supabase."""

import httpx

from sitethread.connections import ConnectionPool


class PooledTransport(httpx.BaseTransport):
    """Sends every request over the pool, whose host all of them must have."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {
            name: value for name, value in request.headers.items() if name not in {"host", "content-length"}
        }
        # A body that is not there has no length; an empty one has.
        body = request.read() if "content-length" in request.headers else None
        try:
            response = self._pool.send(request.method, request.url.raw_path.decode("ascii"), headers, body)
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error), request=request) from error
        except OSError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error
        return httpx.Response(response.status, headers=response.headers, content=response.content)

    def close(self) -> None:
        self._pool.close()
