"""The httpx2 transport that the openai client needs, over our connections to the model."""

from collections.abc import Iterator

import httpx2

from sitethread.connections import ConnectionPool, StreamedResponse


class ModelTransport(httpx2.BaseTransport):
    """Sends every request over the pool, whose host all of them must have; bodies of responses are read as they come.

    The response's extension `network_stream` knows its socket, as with httpx2's own transport.
    """

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {
            name: value for name, value in request.headers.items() if name not in {"host", "content-length"}
        }
        target = request.url.raw_path.decode("ascii")
        try:
            response = self._pool.stream(request.method, target, headers, request.read())
        except TimeoutError as error:
            raise httpx2.ReadTimeout(str(error), request=request) from error
        except (OSError, ValueError) as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        body = Body(response)
        return httpx2.Response(
            response.status, headers=response.headers, stream=body, extensions={"network_stream": body}
        )


class Body(httpx2.SyncByteStream):
    """A body as it comes, compressed or not: what httpx2 puts around it costs as much as to read it."""

    def __init__(self, response: StreamedResponse) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response
        except TimeoutError as error:
            raise httpx2.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpx2.ReadError(str(error)) from error

    def close(self) -> None:
        self._response.close()

    def get_extra_info(self, name: str) -> object:
        return self._response.connection if name == "socket" else None
