"""Puts the guide into the package while it is built; everything else is in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

GUIDE = Path("docs/guide")
PACKAGED = Path("pulsescore/web/help/guide")


class WithGuide(build_py):
    """The pages of the guide have one home, docs/guide, and are served from inside the package."""

    def run(self) -> None:
        """Build as usual, then copy; an editable installation reads them where they are."""
        super().run()
        if not self.editable_mode:
            for target, source in self._pages():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target))

    def get_source_files(self) -> list[str]:
        """The pages belong into a source distribution."""
        return [*super().get_source_files(), *(str(source) for _, source in self._pages())]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """The copies are outputs of the build."""
        ours = [] if self.editable_mode else [str(target) for target, _ in self._pages()]
        return [*super().get_outputs(include_bytecode), *ours]

    def _pages(self) -> list[tuple[Path, Path]]:
        target = Path(self.build_lib) / PACKAGED
        return [(target / source.name, source) for source in sorted(GUIDE.glob("*.md"))]


setup(cmdclass={"build_py": WithGuide})
