"""Pure: entries of the audit log as sentences, told of the one who did it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

Details = Mapping[str, Any]
Saying = str | Callable[[str, Details], str]

# A name that turns the direction of writing would turn the rest of the sentence, too.
_UNMARKED: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], None)

GROUPS: Final = (
    ("member", "Team: members"),
    ("invitation", "Team: invitations"),
    ("organization", "Organization"),
    ("api_key", "API keys"),
    ("write_key", "Sources: write keys"),
    ("intercom", "Intercom"),
    ("webhook", "Webhooks"),
    ("scoring", "Scoring"),
    ("outcomes", "Outcomes"),
    ("segment", "Segments"),
    ("alert_rule", "Alerts: rules"),
    ("endpoint", "Alerts: webhook endpoints"),
    ("slack_hook", "Alerts: Slack channels"),
    ("delivery", "Alerts: deliveries"),
    ("customer", "Customers"),
    ("note", "Notes"),
    ("export", "Downloads"),
)
_FIELDS: Final = {
    "name": "the name",
    "time_zone": "the time zone",
    "support_contact": "the support contact",
    "billing_contact": "the billing contact",
}


def sentence(action: str, subject: str, details: Details) -> str:
    """What was done, as it reads after a name: "invited erin@example.com as admin"."""
    saying = _SAYINGS.get(action)
    if saying is None:
        return _in_plain(action, subject)
    return saying if isinstance(saying, str) else saying(subject, details)


def customer_of(subject: str) -> int | None:
    """The customer that an entry is about, if it is about one."""
    kind, _, number = subject.partition(":")
    return int(number) if kind == "customer" and number.isascii() and number.isdigit() else None


def _in_plain(action: str, subject: str) -> str:
    """An action that has no words of its own: its name, which says enough."""
    thing, _, deed = action.replace("_", " ").partition(".")
    about = f" ({subject})" if subject else ""
    return f"{thing}: {deed}{about}" if deed else f"{thing}{about}"


def _of(details: Details, key: str, default: str = "somebody") -> str:
    value = details.get(key)
    return str(value).translate(_UNMARKED) if value not in (None, "") else default


def _invited(_subject: str, details: Details) -> str:
    return f"invited {_of(details, 'email')} as {_of(details, 'role', 'member')}"


def _changed_role(_subject: str, details: Details) -> str:
    before, after = _of(details, "before", "?"), _of(details, "after", "?")
    return f"changed the role of {_of(details, 'person')} from {before} to {after}"


def _renamed(_subject: str, details: Details) -> str:
    before, after = _of(details, "before", "?"), _of(details, "after", "?")
    return f"renamed the organization from “{before}” to “{after}”"


def _changed_organization(_subject: str, details: Details) -> str:
    told = [
        f"{_FIELDS.get(field, field)} to {_of(change, 'after', 'nothing')}"
        for field, change in details.items()
        if isinstance(change, Mapping)
    ]
    return f"set {' and '.join(told)}" if told else "changed the organization"


def _made_key(_subject: str, details: Details) -> str:
    reads = "" if "write" in details.get("scopes", ["write"]) else ", for reading only"
    name, role = _of(details, "name", "?"), _of(details, "role", "member")
    return f"created the API key “{name}” as {role}{reads}"


def _saved_scoring(subject: str, details: Details) -> str:
    comment = details.get("comment")
    return f"saved scoring {subject}" + (f": “{comment}”" if comment else "")


def _day(told: str) -> str:
    """2026-12-03T… → 3 Dec 2026; what is no instant stays as it is."""
    try:
        day = datetime.fromisoformat(told)
    except ValueError:
        return told
    return f"{day.day} {day:%b %Y}"


def _overrode(subject: str, details: Details) -> str:
    said = details.get("score")
    what = _of(details, "risk_level", "another level") if said is None else f"{said}"
    until = _day(_of(details, "until", "?"))
    return f"set the score of {subject.replace(':', ' ')} to {what} until {until}"


def _exported(_subject: str, details: Details) -> str:
    if details.get("of") == "level changes":
        return "downloaded who would change level with other settings"
    count, filters = details.get("customers"), _of(details, "filters", "")
    whom = "the list of customers" if count is None else f"a list of {count} customers"
    return f"downloaded {whom}" + (f", narrowed by {filters}" if filters else "")


def _changed_intercom(subject: str, details: Details) -> str:
    fields = ", ".join(sorted(str(key).replace("_", " ") for key in details if key != "api_key"))
    return f"changed {fields or 'settings'} of the Intercom workspace {subject}"


def _rule(deed: str) -> Saying:
    return lambda _subject, details: f"{deed} the alert rule “{_of(details, 'name', '?')}”"


def _segment(deed: str) -> Saying:
    return lambda _subject, details: f"{deed} the segment “{_of(details, 'name', '?')}”"


def _endpoint(deed: str) -> Saying:
    return lambda _subject, details: f"{deed} the webhook endpoint at {_of(details, 'host', '?')}"


def _slack(deed: str) -> Saying:
    return lambda _subject, details: f"{deed} the Slack channel “{_of(details, 'name', '?')}”"


def _write_key(deed: str) -> Saying:
    return lambda _subject, details: f"{deed} the write key “{_of(details, 'name', '?')}”"


def _within(details: Details) -> str:
    """What came or went, as it stands within a sentence."""
    what = _of(details, "what", "a second factor")
    return what[:1].lower() + what[1:]


def _second_step_gone(_subject: str, details: Details) -> str:
    left = "" if details.get("protected") else "; their log-in has no second step now"
    return f"changed their log-in: {_within(details)} removed{left}"


_SAYINGS: Final[dict[str, Saying]] = {
    "alert_rule.changed": _rule("changed"),
    "alert_rule.created": _rule("created"),
    "alert_rule.deleted": _rule("deleted"),
    "alert_rule.muted": _rule("muted for everybody"),
    "alert_rule.switched_off": _rule("switched off"),
    "alert_rule.switched_on": _rule("switched on"),
    "alert_rule.tested": _rule("tested"),
    "alert_rule.unmuted": _rule("no longer muted"),
    "api_key.created": _made_key,
    "api_key.revoked": lambda _s, d: f"revoked the API key “{_of(d, 'name', 'without a name')}”",
    "write_key.calls_retried": lambda _s, d: (
        f"had {_of(d, 'count', 'some')} requests of websites and programs applied again"
    ),
    "write_key.created": _write_key("created"),
    "write_key.forwarding_off": _write_key("switched forwarding to the Messenger off for"),
    "write_key.forwarding_on": _write_key("switched forwarding to the Messenger on for"),
    "write_key.revoked": _write_key("revoked"),
    "customer.override_ended": lambda s, _d: f"ended the override of {s.replace(':', ' ')}",
    "customer.score_overridden": _overrode,
    "customer.erased": lambda s, _d: f"erased {s.replace(':', ' ')} everywhere",
    "customer.exported": lambda s, _d: f"downloaded all that is known of {s.replace(':', ' ')}",
    "customer.tagged": lambda s, d: f"put the tag {_of(d, 'tag')} on {s.replace(':', ' ')}",
    "customer.untagged": lambda s, d: f"took the tag {_of(d, 'tag')} off {s.replace(':', ' ')}",
    "customers.addresses_copied": lambda _s, d: (
        f"copied the e-mail addresses of {_of(d, 'addresses', 'several')} customers"
    ),
    "customers.exported": _exported,
    "customers.recalculated": lambda _s, d: (
        f"had the scores of {_of(d, 'customers', 'several')} customers made anew"
    ),
    "delivery.retried": lambda s, _d: f"sent {s.replace(':', ' ')} again",
    "endpoint.changed": _endpoint("changed"),
    "endpoint.created": _endpoint("added"),
    "endpoint.deleted": _endpoint("deleted"),
    "endpoint.secret_rotated": _endpoint("gave another secret to"),
    "endpoint.tested": _endpoint("tested"),
    "export.audit_log": "downloaded the audit log",
    "export.connection_log": lambda _s, d: (
        f"downloaded the log of a connection, {_of(d, 'count', '0')} lines"
    ),
    "export.dry_run": "downloaded a dry run of what would be sent to Intercom",
    "export.skipped": lambda _s, d: (
        f"downloaded what an import left out, {_of(d, 'count', '0')} lines"
    ),
    "intercom.attributes_created": lambda s, d: (
        f"made {len(d.get('attributes', ()))} custom attributes in the Intercom workspace {s}"
    ),
    "intercom.connected": lambda s, d: (
        f"connected the Intercom workspace {s}, {_of(d, 'mode', 'read_only').replace('_', ' ')}"
    ),
    "intercom.disconnected": lambda s, _d: f"disconnected the Intercom workspace {s}",
    "intercom.losses_accepted": lambda s, _d: (
        f"had all that is missing in the Intercom workspace {s} marked as gone"
    ),
    "intercom.mappings_saved": lambda s, _d: (
        f"changed the mapping of attributes with the Intercom workspace {s}"
    ),
    "intercom.outbound_changed": lambda s, _d: (
        f"changed what is sent to the Intercom workspace {s}"
    ),
    "intercom.sending_confirmed": lambda s, d: (
        f"had {_of(d, 'count', '0')} changes sent to the Intercom workspace {s}"
    ),
    "intercom.sending_discarded": lambda s, d: (
        f"dropped {_of(d, 'count', '0')} changes for the Intercom workspace {s}"
    ),
    "intercom.sending_resumed": lambda s, _d: f"let sending to the Intercom workspace {s} go on",
    "intercom.sending_stopped": lambda s, _d: f"stopped sending to the Intercom workspace {s}",
    "intercom.send_run_stopped": lambda s, _d: (
        f"stopped a run that was sending to the Intercom workspace {s}"
    ),
    "intercom.sent_by_hand": lambda s, _d: f"had the Intercom workspace {s} sent to",
    "intercom.settings_changed": _changed_intercom,
    "intercom.write_undone": lambda s, _d: f"undid a write to the Intercom workspace {s}",
    "invitation.accepted": lambda _s, d: f"accepted an invitation as {_of(d, 'role', 'member')}",
    "invitation.link_copied": lambda _s, d: (
        f"made a new link for the invitation of {_of(d, 'email')}"
    ),
    "invitation.revoked": lambda _s, d: f"withdrew the invitation of {_of(d, 'email')}",
    "invitation.sent": _invited,
    "invitation.sent_again": lambda _s, d: f"sent {_of(d, 'email')} the invitation again",
    "member.left": lambda _s, d: f"left the organization, as {_of(d, 'role', 'member')}",
    "member.removed": lambda _s, d: f"removed {_of(d, 'person')}, {_of(d, 'role', 'member')}",
    "member.role_changed": _changed_role,
    "member.second_step_added": lambda _s, d: f"secured their log-in: {_within(d)} added",
    "member.second_step_removed": _second_step_gone,
    "note.added": lambda s, _d: f"wrote a note about {s.replace(':', ' ')}",
    "note.added_to_many": lambda _s, d: (
        f"wrote a note about {_of(d, 'customers', 'several')} customers"
    ),
    "note.deleted": lambda s, _d: f"deleted a note about {s.replace(':', ' ')}",
    "note.edited": lambda s, _d: f"changed a note about {s.replace(':', ' ')}",
    "organization.changed": _changed_organization,
    "organization.created": "founded the organization",
    "organization.deleted": "deleted the organization",
    "organization.renamed": _renamed,
    "outcomes.attribute_chosen": lambda s, _d: f"had the attribute {s} tell who left",
    "outcomes.attribute_dropped": lambda s, _d: f"no longer has the attribute {s} tell who left",
    "outcomes.imported": lambda s, d: (
        f"imported outcomes from {s or 'a file'}: {_of(d, 'added', '0')} new,"
        f" {_of(d, 'changed', '0')} changed, {_of(d, 'refused', '0')} refused"
    ),
    "outcomes.recorded": lambda _s, d: (
        f"recorded outcomes: {_of(d, 'added', '0')} new, {_of(d, 'changed', '0')} changed"
    ),
    "outcomes.removed": lambda s, _d: f"removed the outcome of {s.replace(':', ' ')}",
    "scoring.config_saved": _saved_scoring,
    "segment.changed": _segment("changed"),
    "segment.created": _segment("created"),
    "segment.deleted": _segment("deleted"),
    "slack_hook.changed": _slack("changed"),
    "slack_hook.created": _slack("added"),
    "slack_hook.deleted": _slack("removed"),
    "slack_hook.tested": _slack("tested"),
    "webhook.body_viewed": lambda s, _d: f"looked at the raw body of webhook {s}",
    "webhook.replayed": lambda s, _d: f"replayed webhook {s}",
    "webhooks.replayed": lambda _s, d: f"replayed {_of(d, 'count', 'several')} webhooks",
    "webhooks.tested": "sent a test webhook",
}
