"""What happens in Intercom in a two-way case, beside what happens in any workspace."""

from collections.abc import Callable
from typing import Any

from intercom_sim.actions import contacts
from intercom_sim.actions.errors import ActionError
from tests.convergence.happenings import Cast, Happening, Nobody, happen
from tests.twoway.ingested import email_of
from tests.twoway.world import RULES, World


def there(world: World, what: Happening) -> None:
    """Let it happen, if it can."""
    name, pick, how = what
    if name not in THEIRS:
        happen(world.workspace, what)
        return
    try:
        THEIRS[name](Cast(world.workspace), pick, how)
    except (ActionError, Nobody):
        return


def _double(cast: Cast, pick: int, how: int) -> None:
    """Somebody whom our programs tell of as well signs up in Intercom, by id, address or both."""
    known: dict[str, Any] = {"external_id": f"u{pick % 6}", "email": email_of(pick % 6, how)}
    if how % 3 == 0:
        known.pop("external_id")
    contacts.create_contact(cast.workspace, **known)


def _double_lead(cast: Cast, pick: int, how: int) -> None:
    contacts.create_contact(cast.workspace, role="lead", email=email_of(pick % 6, how))


def _values(cast: Cast, pick: int, how: int) -> None:
    """Somebody at Intercom's side fills in, or empties, what is mapped."""
    told: dict[str, Any] = {
        "seats": (None, 0, how)[how % 3],
        "onboarded": (None, True, False)[how % 3],
        "region": None if how % 4 == 0 else f"there {how}",
        "job_title": None if how % 5 == 0 else f"Job {how}",
        "level": (None, "there")[how % 2],
    }
    names = list(told)
    some = {name: told[name] for name in names[how % 3 :: 2]}
    contacts.update_contact(cast.workspace, cast.contact(pick).id, custom_attributes=some)


def _tag_like_ours(cast: Cast, pick: int, how: int) -> None:
    """Somebody puts on a tag of a segment's name by hand."""
    name = list(RULES)[how % len(RULES)]
    contacts.tag_contact(cast.workspace, cast.contact(pick).id, name=name)


THEIRS: dict[str, Callable[[Cast, int, int], None]] = {
    "double": _double,
    "double_lead": _double_lead,
    "values": _values,
    "tag_like_ours": _tag_like_ours,
}
