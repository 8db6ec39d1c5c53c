"""Benchmarks at their small size, each in a fork of a process that has loaded the product once.

Reads the name of a benchmark a line, and answers each with the code that it ended with. What it
said is in the file that is named behind it. Loading takes longer than most of them at that size.
"""

import gc
import importlib
import os
import sys
import traceback
from pathlib import Path

import django
from django.urls import get_resolver

from benchmarks.__main__ import names


def main() -> None:
    """Serve until nobody asks any more."""
    load()
    for line in sys.stdin:
        name, _, told = line.strip().partition(" ")
        print(run(name, Path(told)), flush=True)


def load() -> None:
    """Everything that they need; nothing here may connect, or begin a thread."""
    django.setup()
    for module in ("pulsescore.asgi", "django.test", *(f"benchmarks.{name}" for name in names())):
        importlib.import_module(module)
    assert get_resolver().url_patterns
    gc.freeze()


def run(name: str, told: Path) -> int:
    """Let a child do it; returns what it ended with."""
    child = os.fork()
    if not child:
        _rehearse(name, told)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _rehearse(name: str, told: Path) -> None:
    code = 1
    try:
        with told.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        sys.argv = [name, "--small"]
        importlib.import_module(f"benchmarks.{name}").main()
        code = 0
    except BaseException:  # noqa: BLE001 (this process ends here, whatever happened)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
