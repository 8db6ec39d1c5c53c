"""Finds a Chromium for the browser tests, or installs one; prints its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The path of an installed Chromium or Chrome; `PULSESCORE_CHROMIUM` names another."""
    named = os.environ.get("PULSESCORE_CHROMIUM")
    if named:
        return named
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install_browser() -> None:
    """Debian's package where we may install packages, else the one that Playwright offers."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, env=quiet)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def playwright_browser() -> str | None:
    """The Chromium that Playwright installed for itself, if any."""
    cache = Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"))), None)


def main() -> int:
    """Print the browser's path; install one first where there is none."""
    browser = find_browser() or playwright_browser()
    if browser is None:
        install_browser()
        browser = find_browser() or playwright_browser()
    if browser is None:
        print("No Chromium found: install one, or name it in PULSESCORE_CHROMIUM.")
        return 1
    print(f"Browser for the tests: {browser}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
