"""Where the sources of the guide are: inside the installed package, else in the repository."""

from pathlib import Path

_HERE = Path(__file__).resolve()
PACKAGED = _HERE.parent / "guide"
REPOSITORY = _HERE.parents[3] / "docs" / "guide"
FRONT = "README"


def read_guide() -> dict[str, str]:
    """The Markdown of every page by name; the front page is called `README`."""
    folder = PACKAGED if PACKAGED.is_dir() else REPOSITORY
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
