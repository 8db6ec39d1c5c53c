"""The guide travels inside the installed package, from a wheel and from a source distribution."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pulsescore.web.help.sources import read_guide

ROOT = Path(__file__).resolve().parents[3]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")
BUILD = "from setuptools import build_meta; import sys; print(build_meta.{what}(sys.argv[1]))"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What building needs of the repository, apart, so that nothing is left behind in it."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("pulsescore/web/help", "docs/guide"):
        shutil.copytree(ROOT / name, copy / name, ignore=LEFT_OUT)
    for package in ("pulsescore", "pulsescore/web"):
        shutil.copy(ROOT / package / "__init__.py", copy / package)
    return copy


def build(what: str, checkout: Path, into: Path) -> Path:
    """Build without a network: with the tools that are installed."""
    command = [sys.executable, "-c", BUILD.format(what=what), str(into)]
    told = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)
    return into / told.stdout.strip().splitlines()[-1]


def expected() -> set[str]:
    return {f"{name}.md" for name in read_guide()}


def pages_in(names: list[str], folder: str) -> set[str]:
    return {Path(name).name for name in names if f"{folder}/" in name and name.endswith(".md")}


def test_a_wheel_holds_every_page(checkout: Path, tmp_path: Path) -> None:
    wheel = build("build_wheel", checkout, tmp_path)

    with zipfile.ZipFile(wheel) as archive:
        assert pages_in(archive.namelist(), "pulsescore/web/help/guide") == expected()


def test_a_wheel_made_from_a_source_distribution_holds_them_too(
    checkout: Path, tmp_path: Path
) -> None:
    source = build("build_sdist", checkout, tmp_path)
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    [unpacked] = [path for path in tmp_path.iterdir() if path.is_dir()]

    wheel = build("build_wheel", unpacked, tmp_path)

    with zipfile.ZipFile(wheel) as archive:
        assert pages_in(archive.namelist(), "pulsescore/web/help/guide") == expected()


def test_the_installed_package_reads_its_own_copy(checkout: Path, tmp_path: Path) -> None:
    wheel = build("build_wheel", checkout, tmp_path)
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)  # noqa: S202 (made by ourselves)
    ask = "from pulsescore.web.help import sources as s; print(s.__file__, *sorted(s.read_guide()))"

    told = subprocess.run(
        [sys.executable, "-S", "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert told[0].startswith(str(installed))
    assert {f"{name}.md" for name in told[1:]} == expected()
