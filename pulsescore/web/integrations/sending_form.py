"""Pure: the settings of sending as a form, to what is wished and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from pulsescore.connectors.intercom.outbound.actions import OutboundWish

ALL: Final = "*"
SEGMENTS: Final = ("user_segments", "lead_segments", "company_segments")
FLAGS: Final = ("tag_segments", "convert_leads", "link_companies", "resend_archived")
_DIGITS: Final = 18


class Posted(Protocol):
    """A form that was sent: Django's `QueryDict`."""

    def get(self, key: str, default: str) -> str | None: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class SendingForm:
    """The form as text and ticks."""

    segments: Mapping[str, tuple[int, ...]]
    flags: Mapping[str, bool]
    events: str
    named: tuple[str, ...]
    confirm_above: str

    def wish(self) -> OutboundWish:
        """What the form asks for; a number that is none is left for the action to refuse."""
        events: Sequence[str] = {"all": (ALL,), "named": self.named}.get(self.events, ())
        above = self.confirm_above.strip()
        plain = above.isascii() and above.isdigit() and len(above) < _DIGITS
        return OutboundWish(
            **{name: self.segments[name] for name in SEGMENTS},  # type: ignore[arg-type]
            **{name: self.flags[name] for name in FLAGS},  # type: ignore[arg-type]
            events=events,
            confirm_above=int(above) if plain else -1,
        )


def read_form(posted: Posted) -> SendingForm:
    """The form as it was sent."""
    written = (posted.get("event_names", "") or "").replace("\0", "").splitlines()
    named = [one.strip() for one in (*posted.getlist("event"), *written)]
    return SendingForm(
        segments={name: _ids(posted.getlist(name)) for name in SEGMENTS},
        flags={name: posted.get(name, "") == "1" for name in FLAGS},
        events=posted.get("events", "") or "none",
        named=tuple(dict.fromkeys(one for one in named if one)),
        confirm_above=posted.get("confirm_above", "") or "",
    )


def stored_form(settings: Any) -> SendingForm:
    """The settings as they are kept."""
    events = list(settings.events)
    return SendingForm(
        segments={name: tuple(getattr(settings, name)) for name in SEGMENTS},
        flags={name: bool(getattr(settings, name)) for name in FLAGS},
        events="all" if ALL in events else "named" if events else "none",
        named=tuple(one for one in events if one != ALL),
        confirm_above=str(settings.confirm_above),
    )


def _ids(texts: list[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 19)  # noqa: PLR2004
