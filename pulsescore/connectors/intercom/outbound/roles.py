"""Who is sent, and as what: user or lead. Pure."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["user", "lead"]

USER: Final[Role] = "user"
LEAD: Final[Role] = "lead"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the settings say about who is sent."""

    user_segments: AbstractSet[int]
    lead_segments: AbstractSet[int]
    convert_leads: bool

    @property
    def segments(self) -> AbstractSet[int]:
        """All segments whose customers are sent."""
        return self.user_segments | self.lead_segments


def role_of(
    choice: Choice,
    *,
    segments: AbstractSet[int],
    known: Role | None,
    has_signed_up: bool,
    is_forced: bool = False,
) -> Role | None:
    """As what a customer is sent, or `None` if not at all.

    `known` is what Intercom has: a user there stays one. In both lists one goes as a lead. A lead
    becomes a user where leads are converted, and it is chosen as a user only or `has_signed_up`.
    """
    as_lead = bool(segments & choice.lead_segments)
    as_user = bool(segments & choice.user_segments)
    if not (as_lead or as_user or is_forced):
        return None
    if known == USER:
        return USER
    if known == LEAD:
        is_due = has_signed_up or (as_user and not as_lead)
        return USER if choice.convert_leads and is_due else LEAD
    if is_forced and not (as_lead or as_user):
        return USER if has_signed_up else LEAD
    return LEAD if as_lead else USER
