"""The same facts told in the present and the older generation of payloads make the same records."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    EventRecord,
)
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.payloads import AT
from tests.unit.intercom_inbox.telling import only, tell

Json = dict[str, Any]

# What the older generation has no member for, or tells of one person where there may be several.
_NOT_TOLD_BEFORE = {"contacts", "contacts_added", "team_external_id"}

names = st.none() | st.text("Adaé ", min_size=1, max_size=8).filter(str.strip)
seconds = st.integers(AT - 10**6, AT)
documents = st.dictionaries(st.sampled_from("abc"), st.integers(0, 9) | st.booleans(), max_size=3)


def iso(second: int | None) -> str | None:
    """A time as notifications tell it: text with milliseconds."""
    if second is None:
        return None
    return datetime.fromtimestamp(second, UTC).isoformat(timespec="milliseconds")


def differences(present: msgspec.Struct, older: msgspec.Struct) -> dict[str, tuple[Any, Any]]:
    """Fields that both generations tell, and tell differently."""
    both = (
        (name, getattr(present, name), getattr(older, name)) for name in present.__struct_fields__
    )
    return {
        name: (one, other)
        for name, one, other in both
        if name not in _NOT_TOLD_BEFORE and UNSET not in (one, other) and one != other
    }


@given(
    name=names,
    email=st.sampled_from(["ada@example.com", "grace@example.com", None]),
    is_lead=st.booleans(),
    seen=st.none() | seconds,
    updated=seconds,
    attributes=documents,
    tags=st.sets(st.sampled_from(["71", "72"]), min_size=1),
)
def test_of_a_contact(
    *,
    name: str | None,
    email: str | None,
    is_lead: bool,
    seen: int | None,
    updated: int,
    attributes: Json,
    tags: set[str],
) -> None:
    facts = {"name": name, "email": email, "custom_attributes": attributes}
    times = {"updated_at": iso(updated), "created_at": iso(AT - 10**7)}
    listed = [{"type": "tag", "id": number} for number in sorted(tags)]
    present = payloads.contact(
        role="lead" if is_lead else "user",
        last_seen_at=iso(seen),
        tags={"type": "list", "data": listed, "total_count": len(listed), "has_more": False},
        **facts,
        **times,
    )
    older = payloads.older_user(
        anonymous=is_lead,
        last_request_at=iso(seen),
        tags={"type": "tag.list", "tags": listed},
        **facts,
        **times,
    )
    kind = "contact" if is_lead else "user"
    assert_same("contact.email.updated", f"{kind}.email.updated", present, older, CustomerRecord)


@given(
    state=st.sampled_from(["open", "closed", "snoozed"]),
    updated=seconds,
    opened=seconds,
    snoozed=seconds,
    assignee=st.sampled_from([None, 991, 992]),
    subject=st.sampled_from(["<p>Export</p>", "It &amp; that", "", None]),
    topic=st.sampled_from(
        ["conversation.user.replied", "conversation.admin.closed", "conversation.admin.noted"]
    ),
)
def test_of_a_conversation(
    *,
    state: str,
    updated: int,
    opened: int,
    snoozed: int,
    assignee: int | None,
    subject: str | None,
    topic: str,
) -> None:
    facts = {
        "state": state,
        "open": state != "closed",
        "updated_at": updated,
        "created_at": opened,
        "snoozed_until": snoozed if state == "snoozed" else None,
    }
    author = {"type": "user", "id": payloads.ADA}
    part = payloads.part(author=author, created_at=updated)
    message = {"type": "conversation", "id": "300", "subject": subject, "author": author}
    holder = {"type": "admin", "id": str(assignee)} if assignee else {"type": "nobody_admin"}
    statistics = payloads.statistics(last_close_at=updated)
    present = payloads.conversation(
        part, source=message, admin_assignee_id=assignee, statistics=statistics, **facts
    )
    older = payloads.older_conversation(
        part, conversation_message=message, assignee=holder, **facts
    )
    assert_same(topic, topic, present, older, ConversationRecord)


@given(
    name=names,
    plan=st.sampled_from(["Gold", None]),
    size=st.none() | st.integers(0, 10**6),
    updated=seconds,
    requested=st.none() | seconds,
    attributes=documents,
    tags=st.sets(st.sampled_from(["71", "72"])),
)
def test_of_a_company(
    *,
    name: str | None,
    plan: str | None,
    size: int | None,
    updated: int,
    requested: int | None,
    attributes: Json,
    tags: set[str],
) -> None:
    """Today a company's times are text, its tags ids and its plan an object; once, as in REST."""
    facts = {"name": name, "size": size, "custom_attributes": attributes}
    present = payloads.company(
        plan={"type": "plan", "id": "1", "name": plan} if plan else None,
        updated_at=iso(updated),
        last_request_at=iso(requested),
        remote_created_at=iso(AT - 10**6),
        tag_ids=sorted(tags),
        **facts,
    )
    named = [{"type": "tag", "id": one, "name": {"71": "vip", "72": "beta"}[one]} for one in tags]
    older = payloads.company(
        plan={"name": plan} if plan else {},
        updated_at=updated,
        last_request_at=requested,
        remote_created_at=AT - 10**6,
        tags={"type": "tag.list", "tags": named},
        **facts,
    )
    del older["tag_ids"]
    assert_same("company.updated", "company.updated", present, older, CompanyRecord)


def assert_same(topic: str, older_topic: str, present: Json, older: Json, kind: type[Any]) -> None:
    effects = tell(topic, present), tell(older_topic, older)
    records = [only(effect, kind) for effect in effects]
    assert differences(*records) == {}
    events = [
        [(one.name, one.occurred_at) for one in effect.records if isinstance(one, EventRecord)]
        for effect in effects
    ]
    assert events[0] == events[1]
