"""Pure: what the list of customers can be narrowed to."""

from dataclasses import dataclass

from pulsescore.core.errors import FieldFault
from pulsescore.scoring.wording import REASONS

RISKS = ("green", "yellow", "red", "none")
SCORED = RISKS[:3]
ROLES = ("user", "lead")
MAX_DAYS = 3_650
NOBODY = "none"


@dataclass(frozen=True)
class CustomerFilters:
    """Which customers to list; `None` does not filter.

    `risk` is one level or several, `company` and `segment` are ids, `source` is a kind, `owner` the
    id of the admin at the source (or "none"). `became` are those whose score moved into a level
    within seven days, `unseen_days` those not seen for that long, or ever, `overridden` those whose
    score a member has set, `reason` those who have no score for this reason.
    """

    risk: str | tuple[str, ...] | None = None
    search: str | None = None
    tag: str | None = None
    company: int | None = None
    source: str | None = None
    role: str | None = None
    deleted: bool = False
    score_from: int | None = None
    score_to: int | None = None
    owner: str | None = None
    became: str | None = None
    unseen_days: int | None = None
    overridden: bool = False
    reason: str | None = None
    segment: int | None = None

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels asked for, each once; none where they do not matter."""
        asked = (self.risk,) if isinstance(self.risk, str) else self.risk or ()
        return tuple(dict.fromkeys(asked))

    @property
    def needs_now(self) -> bool:
        """Whether the present instant decides who matches."""
        return self.became is not None or self.unseen_days is not None


def faults_of(filters: CustomerFilters) -> list[FieldFault]:
    """What is wrong with the filters."""
    faults = [
        FieldFault(name, f"must be one of {', '.join(known)}")
        for name, values, known in (
            ("risk", filters.levels, RISKS),
            ("became", (filters.became,) if filters.became else (), SCORED),
            ("reason", (filters.reason,) if filters.reason else (), tuple(REASONS)),
        )
        if not set(values) <= set(known)
    ]
    if filters.unseen_days is not None and not 1 <= filters.unseen_days <= MAX_DAYS:
        faults.append(FieldFault("unseen_days", f"must be from 1 to {MAX_DAYS}"))
    return faults
