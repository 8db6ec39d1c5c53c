"""Pure: which page of a list is shown, and where the others are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paging:
    """A page of a list, for the words and links beneath it."""

    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return min((self.page - 1) * self.per_page + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.per_page, self.total)

    @property
    def previous(self) -> int | None:
        """The page before; page 1 is named by its absence."""
        return self.page - 1 if self.page > 1 else None

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.page < self.pages

    @property
    def next(self) -> int:
        """The page after."""
        return self.page + 1
