"""One process for the services written here: the auth service, the outbox with its mail server, the offline assistant.

Started by the stack as `python -m embedded.services FILE`, where FILE holds its settings.
"""

import asyncio
import contextlib
import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route

from embedded import outbox, smtp
from embedded.auth.app import Auth
from embedded.auth.tokens import AccessTokens
from embedded.data_folder import DataFolder, write_private
from embedded.ports import HOST
from embedded.postgrest import public_keys
from embedded.processes import Process

ASSISTANT_PATH = "/llm/v1"


def process(
    folder: DataFolder,
    database_url: str,
    public_url: str,
    port: int,
    smtp_port: int,
    jwt_expiry: int,
    confirm_emails: bool,
) -> Process:
    """Return the process, not yet started."""
    file = folder.config / "services.json"
    settings = {
        "database_url": database_url,
        "public_url": public_url,
        "port": port,
        "smtp_port": smtp_port,
        "jwt_expiry": jwt_expiry,
        "confirm_emails": confirm_emails,
        "signing_key": folder.secrets["signing_key"],
    }
    write_private(file, json.dumps(settings))
    command = [sys.executable, "-m", "embedded.services", str(file)]
    project = Path(__file__).parent.parent
    return Process("the auth service", command, folder.logs / "services.log", folder=project)


def create_app(settings: dict[str, Any]) -> Starlette:
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        settings["database_url"],
        # Connections are made on demand: this process starts before the database does.
        min_size=0,
        max_size=10,
        timeout=5,
        open=False,
        # A database that was restarted leaves dead connections in the pool.
        check=AsyncConnectionPool.check_connection,
        reconnect_timeout=5,
        kwargs={"row_factory": dict_row},
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with pool, await smtp.serve(pool, HOST, settings["smtp_port"]):
            yield

    issuer = f"{settings['public_url']}/auth/v1"
    tokens = AccessTokens(settings["signing_key"], issuer, settings["jwt_expiry"])
    auth = Auth(pool, tokens, public_keys(settings["signing_key"]), settings["confirm_emails"])
    routes: list[Route | Mount] = [Mount("/auth/v1", auth.app()), Route("/outbox", outbox.page(pool))]
    # A page elsewhere could have its own name lead to this machine and read the outbox.
    own_names = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(routes=routes + _assistant(), middleware=[own_names], lifespan=lifespan)


def _assistant() -> list[Route | Mount]:
    if not importlib.util.find_spec("embedded.assistant"):
        return []
    from embedded.assistant.app import app

    # Its routes begin with ASSISTANT_PATH already.
    return [Mount("", app)]


def main() -> None:
    settings = json.loads(Path(sys.argv[1]).read_text())
    config = uvicorn.Config(
        create_app(settings),
        host=HOST,
        port=settings["port"],
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
