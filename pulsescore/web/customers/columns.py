"""Pure: the columns of the customer list, and which of them a person wants to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

META: Final = "meta."
MAX_COLUMNS: Final = 24
DENSITIES: Final = ("comfortable", "compact")


class Column(NamedTuple):
    """A column: its key, its title, and what it sorts by, if it can."""

    key: str
    title: str
    sort: str = ""
    first: str = "asc"

    @property
    def is_attribute(self) -> bool:
        """Whether it shows a custom attribute."""
        return self.key.startswith(META)

    @property
    def attribute(self) -> str:
        """The name of the custom attribute that it shows."""
        return self.key.removeprefix(META)


COLUMNS: Final = (
    Column("score", "Score", "score"),
    Column("change", "7 days", "change"),
    Column("trend", "30 days"),
    Column("company", "Company"),
    Column("owner", "Owner"),
    Column("last_seen", "Last seen", "last_seen_at", "desc"),
    Column("last_replied", "Last replied"),
    Column("open", "Open conversations"),
    Column("tags", "Tags"),
    Column("segments", "Segments"),
    Column("email", "E-mail"),
    Column("first_seen", "First seen", "first_seen_at", "desc"),
    Column("created", "Added", "created_at", "desc"),
    Column("role", "Role"),
)
BY_KEY: Final = {column.key: column for column in COLUMNS}
STANDARD: Final = ("score", "change", "trend", "company", "last_seen", "tags")


@dataclass(frozen=True)
class Layout:
    """How one person looks at the list."""

    keys: tuple[str, ...] = STANDARD
    density: str = DENSITIES[0]
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the columns of the keys, in the order of the choice."""
        object.__setattr__(self, "columns", tuple(_column(key) for key in self.keys))

    def shows(self, key: str) -> bool:
        """Whether a column is chosen."""
        return key in self.keys

    def stored(self) -> dict[str, Any]:
        """The layout as it is kept."""
        return {"columns": list(self.keys), "density": self.density}


def read_layout(stored: dict[str, Any]) -> Layout:
    """A kept layout; what is not understood is as for everybody."""
    keys = stored.get("columns")
    chosen = choose(keys) if isinstance(keys, list) else STANDARD
    density = stored.get("density")
    return Layout(chosen, density if density in DENSITIES else DENSITIES[0])


def choose(keys: Iterable[object]) -> tuple[str, ...]:
    """The known columns among the keys, in their fixed order, then attributes by name."""
    wanted = {str(key) for key in keys if isinstance(key, str)}
    known = [column.key for column in COLUMNS if column.key in wanted]
    extra = sorted(key for key in wanted if key.startswith(META) and len(key) > len(META))
    return (*known, *extra)[:MAX_COLUMNS]


def offered(attributes: Sequence[str], layout: Layout) -> list[Column]:
    """Every column to choose from: the known, and the custom attributes that people have."""
    kept = [column.attribute for column in layout.columns if column.is_attribute]
    names = sorted({*attributes, *kept}, key=str.lower)
    return [*COLUMNS, *(_column(META + name) for name in names)]


def _column(key: str) -> Column:
    return BY_KEY.get(key) or Column(key, key.removeprefix(META).replace("_", " "))
