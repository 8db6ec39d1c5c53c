"""`python -m tools.screenshots`: every page at 390 and 1440 pixels, light and dark, to look at.

Seeds organizations in a database of its own, serves the pages, and writes PNG files to
`screenshots/`. Words after the command keep only the pages whose name contains one of them;
`SHOTS_PORT` and `SHOTS_FOLDER` let two runs go side by side. What is wider than its screen is
named at the end.
"""

import os
import sys
import tempfile
from pathlib import Path

from tools.screenshots import serving

FOLDER = Path(os.environ.get("SHOTS_FOLDER", "screenshots"))
PORT = int(os.environ.get("SHOTS_PORT", "8799"))


def main(words: list[str]) -> None:
    """Seed, serve, photograph."""
    home = serving.prepare(Path(tempfile.mkdtemp(prefix="pulsescore-screenshots-")), port=PORT)
    from tools.screenshots import camera, plan, worlds  # noqa: PLC0415 (once Django is set up)

    shots = plan.make_plan(worlds.seed(home))
    wanted = [shot for shot in shots if not words or any(word in shot.name for word in words)]
    FOLDER.mkdir(exist_ok=True, parents=True)
    with serving.serving(PORT):
        wide = camera.photograph(wanted, home=home, folder=FOLDER)
    print(f"{len(wanted) * len(camera.LOOKS)} screenshots in {FOLDER}/")
    for name in wide:
        print(f"wider than its screen: {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
