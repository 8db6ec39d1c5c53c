"""One at a time in a process: whoever comes meanwhile leaves its errand to the one at work."""

from collections.abc import Hashable
from threading import Lock


class Turns:
    """Keeps many wake-ups for one stream from filling all places of a worker.

    `begin` says whether to work; whoever works asks `is_wanted_again` at its end, until it is not,
    or says `abandon` when it fails. Nothing that came before an answer is overlooked.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_wanted: dict[Hashable, bool] = {}

    def begin(self, key: Hashable) -> bool:
        """Whether nobody is at work; if somebody is, they will look once more."""
        with self._lock:
            is_free = key not in self._is_wanted
            self._is_wanted[key] = not is_free
            return is_free

    def is_wanted_again(self, key: Hashable) -> bool:
        """Whether somebody came since the last look; if not, the turn is over."""
        with self._lock:
            if self._is_wanted[key]:
                self._is_wanted[key] = False
                return True
            del self._is_wanted[key]
            return False

    def abandon(self, key: Hashable) -> None:
        """The turn is over, whoever came meanwhile."""
        with self._lock:
            self._is_wanted.pop(key, None)
