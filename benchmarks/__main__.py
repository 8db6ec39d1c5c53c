"""`python -m benchmarks [name ...] [--small]`: each benchmark in a process of its own."""

import argparse
import subprocess
import sys
from pathlib import Path

NOT_BENCHMARKS = {
    "__init__",
    "__main__",
    "report",
    "world",
    "importing",
    "bare_download",
    "plain_copy",
    "many_customers",
    "lookup_urls",
    "asking",
}


def names() -> list[str]:
    """Every benchmark there is."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(found - NOT_BENCHMARKS)


def main() -> int:
    """Run the named benchmarks, or all; fails when one of them crashed."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of: {', '.join(names())}")
    parser.add_argument("--small", action="store_true", help="a quick look at a small size")
    options = parser.parse_args()
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    size = ["--small"] if options.small else []
    codes = [
        subprocess.call([sys.executable, "-m", f"benchmarks.{name}", *size])
        for name in options.names or names()
    ]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
