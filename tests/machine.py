"""Makes sure that this machine has what the tests need beyond `make setup`: run by `make test` before them.

A browser: a Chromium or Chrome on PATH, else Debian's when we are root on Debian, else Playwright's. And PostgreSQL 15,
the oldest that hosted projects run, to apply the migrations there; with pgTAP, for the database's own tests. And Redis,
where several machines count the attempts to sign in.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = {
    "postgresql-15": Path("/usr/lib/postgresql/15/bin/postgres"),
    "postgresql-15-pgtap": Path("/usr/share/postgresql/15/extension/pgtap.control"),
    "libtap-parser-sourcehandler-pgtap-perl": Path("/usr/bin/pg_prove"),
    "redis-server": Path("/usr/bin/redis-server"),
}


# For `make browsers`.
OTHER_BROWSERS = {
    "firefox-esr": Path("/usr/bin/firefox-esr"),
    "webkit2gtk-driver": Path("/usr/bin/WebKitWebDriver"),
    "xvfb": Path("/usr/bin/Xvfb"),
}


def main() -> int:
    if "browsers" in sys.argv:
        missing = [name for name, file in OTHER_BROWSERS.items() if not file.exists() and not install(name)]
        if missing:
            print(f"Not there, and not to be installed: {', '.join(missing)}.", file=sys.stderr)
        return bool(missing)
    if not has_browser() and not install("chromium") and not install_playwright_s():
        print("No Chromium or Chrome on PATH, and none could be installed: install one.", file=sys.stderr)
        return 1
    for package, file in PACKAGES.items():
        # The tests say what is missing where this fails.
        if not file.exists():
            install(package)
    return 0


def browser_on_path() -> str | None:
    """Return a Chromium or Chrome of this machine; None leaves Playwright its own."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_browser() -> bool:
    return browser_on_path() is not None or playwright_s().exists()


def playwright_s() -> Path:
    """Return where Playwright keeps the browser that it installs, whether or not it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def install(package: str) -> bool:
    """Install a package of Debian's; tell whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", package],
    )
    return all(run(command, environment) for command in commands)


def install_playwright_s() -> bool:
    print("Installing Playwright's Chromium", flush=True)
    with_system_packages = ["--with-deps"] if os.geteuid() == 0 else []
    return run(
        [sys.executable, "-m", "playwright", "install", *with_system_packages, "chromium"], dict(os.environ)
    )


def run(command: list[str], environment: dict[str, str]) -> bool:
    """Run a command; show what it said only when it failed."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{' '.join(command)}: {error}", file=sys.stderr)
        return False
    if done.returncode:
        print(f"{' '.join(command)}:\n{done.stdout}{done.stderr}", file=sys.stderr)
    return not done.returncode


if __name__ == "__main__":
    sys.exit(main())
