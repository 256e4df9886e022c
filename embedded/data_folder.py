"""The data folder: its lock, its secrets and its ports."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from embedded.errors import StackError

ROLES = ("supabase_admin", "postgres", "authenticator", "supabase_auth_admin")


class DataFolder:
    """The folder of one embedded Supabase. One run at a time may use it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.postgres = self.path / "postgres"
        self.logs = self.path / "logs"
        self.config = self.path / "config"
        try:
            for folder in (self.path, self.logs, self.config):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._claim()
        except OSError as error:
            raise StackError(f"The data folder {self.path} can't be used: {error.strerror}.") from error
        self.secrets = self._secrets()

    def _claim(self) -> None:
        """Lock the folder. The kernel drops the lock when this process ends, however it ends."""
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(self._lock, 20).decode() or "unknown"
            raise StackError(
                f"The data folder {self.path} is in use by another run (process {owner}): "
                "stop that one, or choose another folder."
            ) from error
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def _secrets(self) -> dict[str, Any]:
        file = self.path / "secrets.json"
        if file.exists():
            return dict(json.loads(file.read_text()))
        made = {
            "passwords": {role: secrets.token_hex(24) for role in ROLES},
            "publishable_key": "sb_publishable_" + secrets.token_urlsafe(24),
            "signing_key": new_signing_key(),
            "sitethread_secret": secrets.token_urlsafe(32),
        }
        write_private(file, json.dumps(made))
        return made

    def remembered_ports(self) -> dict[str, int]:
        file = self.path / "ports.json"
        try:
            return dict(json.loads(file.read_text()))
        except (OSError, ValueError):
            return {}

    def remember_ports(self, ports: dict[str, int]) -> None:
        write_private(self.path / "ports.json", json.dumps(ports))


def new_signing_key() -> dict[str, Any]:
    """Make a private P-256 key as a JWK, for ES256."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from jwt.algorithms import ECAlgorithm

    jwk = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    return {**jwk, "kid": secrets.token_hex(8), "alg": "ES256", "use": "sig"}


def write_private(file: Path, text: str) -> None:
    """Replace the file's content in one step; only its owner can read it."""
    draft = file.with_name(f"{file.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)
