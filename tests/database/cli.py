"""The Supabase CLI, without its calls home."""

import os
import subprocess
from pathlib import Path

from embedded.migrations import CLI, PROJECT


def supabase(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the CLI on this project; its own files go to `home`."""
    quiet = {
        "SUPABASE_TELEMETRY_DISABLED": "1",
        "SUPABASE_NO_UPDATE_NOTIFIER": "1",
        "SUPABASE_NO_KEYRING": "1",
    }
    return subprocess.run(
        [str(CLI), *arguments, "--yes", "--agent", "no", "--workdir", str(PROJECT)],
        env={**os.environ, **quiet, "DO_NOT_TRACK": "1", "SUPABASE_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
