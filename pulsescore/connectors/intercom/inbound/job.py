"""What every part of one run needs to know and to reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import ApiError, Failure
from pulsescore.connectors.intercom.id_search import IdSearch
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.inbound.progress import Progress
from pulsescore.connectors.intercom.inbound.seen import Seen
from pulsescore.connectors.intercom.inbound.separately import Separately
from pulsescore.connectors.intercom.models import Connection, Scope, SyncRun
from pulsescore.connectors.intercom.times import zone_named

_MOST_FAILURES = 200
_ROLES = {Scope.USERS: "user", Scope.LEADS: "lead"}


class RunCanceled(Exception):
    """The run was ended from outside: disconnected, or its token refused elsewhere."""


@dataclass
class FailureLog:
    """Failed calls that are not written down yet; a storm of them is cut short."""

    now: Callable[[], datetime]
    waiting: list[tuple[datetime, Failure]] = field(default_factory=list)
    noted: int = 0

    def note(self, error: ApiError) -> None:
        """Remember one failed call."""
        self.noted += 1
        if self.noted <= _MOST_FAILURES:
            self.waiting.append((self.now(), error.failure))

    def take(self) -> list[tuple[datetime, Failure]]:
        """What is to be written now."""
        taken, self.waiting = self.waiting, []
        return taken


@dataclass
class Job:
    """One run under way. `tag_names` grows as names become known."""

    run: SyncRun
    connection: Connection
    client: IntercomClient
    database: DatabaseThread
    progress: Progress
    failures: FailureLog
    separately: Separately
    now: Callable[[], datetime]
    on_changed: Callable[[int], None]
    tag_names: dict[str, str] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)
    seen: Seen | None = None
    id_search: IdSearch = field(default_factory=IdSearch)

    @property
    def org_id(self) -> int:
        """Whose run it is."""
        return self.connection.org_id

    @property
    def source_id(self) -> int:
        """The store's source of this workspace."""
        return self.connection.source_id

    @property
    def is_first(self) -> bool:
        """Whether no run has come to its end before, so that hardly anything is stored yet."""
        return self.connection.synced_through is None

    @property
    def since(self) -> datetime:
        """For a full run when it began; for an incremental one through when we already know."""
        if self.run.since is None:
            raise RuntimeError("the run has not begun")
        return self.run.since

    @property
    def role(self) -> str | None:
        """The only role of contacts that the run reads, if it is a fetch of users or leads."""
        return _ROLES.get(Scope(self.run.scope)) if self.run.scope else None

    @property
    def zone(self) -> tzinfo:
        """The workspace's time zone; UTC where its name is not known here."""
        return zone_named(self.connection.workspace_time_zone)
