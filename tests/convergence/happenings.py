"""What happens in a workspace: each happening picks whom it is about by number.

A happening that does not apply (nobody to merge, nothing to close) does nothing, so that any list
of happenings is a history, also one that was shortened.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from intercom_sim.actions import companies, contacts, conversations, inbox
from intercom_sim.actions.errors import ActionError
from intercom_sim.model import Company, Contact, Conversation
from intercom_sim.workspace import Workspace

Happening = tuple[str, int, int]
T = TypeVar("T")
HOUR = 3600
TAGS = ("vip", "beta", "churn risk", *(f"t{number}" for number in range(12)))
_MANY = 12


class Cast:
    """Who and what is there to pick from, in the order of arrival."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def contact(self, pick: int, *, role: str | None = None) -> Contact:
        there = [one for one in self.workspace.contacts.values() if one.merged_into is None]
        return _pick([one for one in there if role in (None, one.role)], pick)

    def conversation(self, pick: int) -> Conversation:
        return _pick(list(self.workspace.conversations.values()), pick)

    def company(self, pick: int) -> Company:
        return _pick(list(self.workspace.companies.values()), pick)


class Nobody(Exception):
    """There is nothing to pick from."""


def _pick(there: Sequence[T], pick: int) -> T:
    if not there:
        raise Nobody
    return there[pick % len(there)]


def happen(workspace: Workspace, happening: Happening) -> None:
    """Let it happen, if it can."""
    name, pick, how = happening
    try:
        HAPPENINGS[name](Cast(workspace), pick, how)
    except (ActionError, Nobody):
        return


def _email(how: int) -> str | None:
    return None if how % 4 == 0 else f"person{how}@example.com"


def _user(cast: Cast, pick: int, how: int) -> None:
    contacts.create_contact(cast.workspace, email=_email(how), name=f"User {pick}")


def _lead(cast: Cast, pick: int, how: int) -> None:
    contacts.create_contact(cast.workspace, role="lead", email=_email(how), name=f"Lead {pick}")


def _rename(cast: Cast, pick: int, how: int) -> None:
    fields = {"name": f"Name {how}", "phone": None if how % 2 else "+1 555 0100"}
    contacts.update_contact(
        cast.workspace,
        cast.contact(pick).id,
        fields=fields,
        custom_attributes={"seats": how, "plan": None if how % 3 else "gold"},
    )


def _change_email(cast: Cast, pick: int, how: int) -> None:
    contacts.change_email(cast.workspace, cast.contact(pick).id, email=_email(how))


def _unsubscribe(cast: Cast, pick: int, how: int) -> None:
    contacts.unsubscribe(cast.workspace, cast.contact(pick).id, subscribed=bool(how % 2))


def _visit(cast: Cast, pick: int, how: int) -> None:
    contacts.seen(cast.workspace, cast.contact(pick).id)


def _tag(cast: Cast, pick: int, how: int) -> None:
    contacts.tag_contact(cast.workspace, cast.contact(pick).id, name=TAGS[how % len(TAGS)])


def _tag_much(cast: Cast, pick: int, how: int) -> None:
    for name in TAGS[:_MANY]:
        contacts.tag_contact(cast.workspace, cast.contact(pick).id, name=name)


def _untag(cast: Cast, pick: int, how: int) -> None:
    one = cast.contact(pick)
    tag = _pick(list(one.tags), how)
    contacts.untag_contact(cast.workspace, one.id, name=cast.workspace.tags[tag].name)


def _rename_tag(cast: Cast, pick: int, how: int) -> None:
    tag = _pick(list(cast.workspace.tags.values()), pick)
    if cast.workspace.tag_named(f"renamed {how}") is None:
        cast.workspace.rename_tag(tag, f"renamed {how}")


def _sign_up(cast: Cast, pick: int, how: int) -> None:
    contacts.sign_up(cast.workspace, cast.contact(pick, role="lead").id, email=_email(how))


def _archive(cast: Cast, pick: int, how: int) -> None:
    contacts.archive(cast.workspace, cast.contact(pick).id)


def _unarchive(cast: Cast, pick: int, how: int) -> None:
    put_away = [one for one in cast.workspace.contacts.values() if one.archived]
    contacts.unarchive(cast.workspace, _pick(put_away, pick).id)


def _delete(cast: Cast, pick: int, how: int) -> None:
    contacts.delete_contact(cast.workspace, cast.contact(pick).id)


def _merge(cast: Cast, pick: int, how: int) -> None:
    lead, user = cast.contact(pick, role="lead"), cast.contact(how, role="user")
    contacts.merge(cast.workspace, lead.id, into=user.id)


def _merge_users(cast: Cast, pick: int, how: int) -> None:
    one, other = cast.contact(pick, role="user"), cast.contact(how, role="user")
    contacts.merge(cast.workspace, one.id, into=other.id, by_hand=True)


def _start(cast: Cast, pick: int, how: int) -> None:
    one = cast.contact(pick).id
    conversations.start_conversation(cast.workspace, one, body=f"Hello {how}")


def _reach_out(cast: Cast, pick: int, how: int) -> None:
    one = cast.contact(pick).id
    conversations.start_outreach(cast.workspace, one, body=f"News {how}", subject="News")


def _reply(cast: Cast, pick: int, how: int) -> None:
    talk = cast.conversation(pick)
    author = _pick(talk.contact_ids, how)
    conversations.customer_reply(cast.workspace, talk.id, body="And?", contact_id=author)


def _answer(cast: Cast, pick: int, how: int) -> None:
    conversations.admin_reply(cast.workspace, cast.conversation(pick).id, body="Look here.")


def _bot(cast: Cast, pick: int, how: int) -> None:
    conversations.bot_reply(cast.workspace, cast.conversation(pick).id, body="Beep.")


def _note(cast: Cast, pick: int, how: int) -> None:
    conversations.add_note(cast.workspace, cast.conversation(pick).id, body="Patience.")


def _close(cast: Cast, pick: int, how: int) -> None:
    inbox.close(cast.workspace, cast.conversation(pick).id)


def _reopen(cast: Cast, pick: int, how: int) -> None:
    inbox.reopen(cast.workspace, cast.conversation(pick).id)


def _assign(cast: Cast, pick: int, how: int) -> None:
    everybody = [f"admin:{one}" for one in cast.workspace.admins]
    teams = [f"team:{one}" for one in cast.workspace.teams]
    assignee = _pick([None, *everybody, *teams], how)
    inbox.assign(cast.workspace, cast.conversation(pick).id, assignee=assignee)


def _snooze(cast: Cast, pick: int, how: int) -> None:
    until = cast.workspace.now + HOUR * (1 + how)
    inbox.snooze(cast.workspace, cast.conversation(pick).id, until=until)


def _unsnooze(cast: Cast, pick: int, how: int) -> None:
    inbox.unsnooze(cast.workspace, cast.conversation(pick).id)


def _rate(cast: Cast, pick: int, how: int) -> None:
    one = cast.conversation(pick).id
    inbox.rate(cast.workspace, one, rating=1 + how % 5, remark=f"Well {how}")


def _prioritize(cast: Cast, pick: int, how: int) -> None:
    priority = _pick(("none", "low", "medium", "high", "urgent"), how)
    inbox.prioritize(cast.workspace, cast.conversation(pick).id, priority=priority)  # type: ignore[arg-type]


def _tag_talk(cast: Cast, pick: int, how: int) -> None:
    one = cast.conversation(pick).id
    inbox.tag_conversation(cast.workspace, one, name=TAGS[how % len(TAGS)])


def _untag_talk(cast: Cast, pick: int, how: int) -> None:
    talk = cast.conversation(pick)
    tag = _pick(list(talk.tags), how)
    inbox.untag_conversation(cast.workspace, talk.id, name=cast.workspace.tags[tag].name)


def _join(cast: Cast, pick: int, how: int) -> None:
    one = cast.contact(how).id
    inbox.add_participant(cast.workspace, cast.conversation(pick).id, contact_id=one)


def _leave(cast: Cast, pick: int, how: int) -> None:
    talk = cast.conversation(pick)
    one = _pick(talk.contact_ids, how)
    inbox.remove_participant(cast.workspace, talk.id, contact_id=one)


def _delete_talk(cast: Cast, pick: int, how: int) -> None:
    inbox.delete_conversation(cast.workspace, cast.conversation(pick).id)


def _found(cast: Cast, pick: int, how: int) -> None:
    companies.save_company(cast.workspace, company_id=f"c{pick}", fields=_about(how))


def _change_company(cast: Cast, pick: int, how: int) -> None:
    companies.update_company(cast.workspace, cast.company(pick).id, fields=_about(how))


def _about(how: int) -> dict[str, Any]:
    plan = None if how % 3 == 0 else f"plan {how % 3}"
    return {"name": f"Firm {how}", "plan": plan, "size": how, "monthly_spend": how * 10}


def _delete_company(cast: Cast, pick: int, how: int) -> None:
    companies.delete_company(cast.workspace, cast.company(pick).id)


def _attach(cast: Cast, pick: int, how: int) -> None:
    company = cast.company(how).id
    companies.attach(cast.workspace, cast.contact(pick).id, company=company)


def _attach_much(cast: Cast, pick: int, how: int) -> None:
    for number in range(_MANY):
        one = companies.save_company(cast.workspace, company_id=f"many{number}")
        companies.attach(cast.workspace, cast.contact(pick).id, company=one.id)


def _detach(cast: Cast, pick: int, how: int) -> None:
    one = cast.contact(pick)
    companies.detach(cast.workspace, one.id, company=_pick(one.company_ids, how))


HAPPENINGS: dict[str, Callable[[Cast, int, int], None]] = {
    "user": _user,
    "lead": _lead,
    "start": _start,
    "reply": _reply,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
    "found": _found,
    "attach": _attach,
    "tag": _tag,
    "rename": _rename,
    "change_email": _change_email,
    "unsubscribe": _unsubscribe,
    "visit": _visit,
    "tag_much": _tag_much,
    "untag": _untag,
    "rename_tag": _rename_tag,
    "sign_up": _sign_up,
    "archive": _archive,
    "unarchive": _unarchive,
    "delete": _delete,
    "merge": _merge,
    "merge_users": _merge_users,
    "reach_out": _reach_out,
    "bot": _bot,
    "note": _note,
    "assign": _assign,
    "snooze": _snooze,
    "unsnooze": _unsnooze,
    "rate": _rate,
    "prioritize": _prioritize,
    "tag_talk": _tag_talk,
    "untag_talk": _untag_talk,
    "join": _join,
    "leave": _leave,
    "delete_talk": _delete_talk,
    "change_company": _change_company,
    "delete_company": _delete_company,
    "attach_much": _attach_much,
    "detach": _detach,
}
