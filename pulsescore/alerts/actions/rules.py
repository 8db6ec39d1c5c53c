"""Making, changing, switching off and deleting rules; for admins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import choice_faults, raise_if_any, text_faults
from pulsescore.accounts.models import Role
from pulsescore.alerts.models import Alert, AlertRule, AlertState, Audience
from pulsescore.alerts.params import SEGMENT_KINDS, clean_params
from pulsescore.alerts.queries import get_rule
from pulsescore.alerts.watch import save_watch_of
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring import watching
from pulsescore.segments.queries import list_segments

LONGEST_COOLDOWN: Final = 24 * 30
MAX_RULES: Final = 100
_FLAGS: Final = ("in_app", "email", "webhook")


@dataclass(frozen=True, kw_only=True)
class RuleDraft:
    """A rule as somebody wants it; `channels` may leave out what is off.

    With `segments` (ids) it is only about customers in one of them.
    """

    name: str
    kind: str
    params: Mapping[str, Any]
    channels: Mapping[str, Any]
    audience: str = Audience.EVERYONE
    segments: Sequence[int] = ()
    cooldown_hours: int = 24
    enabled: bool = True


@transaction.atomic
def save_rule(
    actor: Actor, *, draft: RuleDraft, rule_id: int | None = None, now: datetime
) -> AlertRule:
    """Make a rule, or change the one with this id.

    Who is where a rule looks already is not told of: rules fire at crossings. A changed rule has
    those looked at again about whom it fired. Raises `Invalid` field by field, `NotFound`.
    """
    actor.require(Role.ADMIN)
    known = get_rule(actor.org_id, rule_id) if rule_id is not None else None
    fields = _checked(actor.org_id, draft, is_new=known is None)
    rule = known or AlertRule(org_id=actor.org_id, created_by=actor.user, created_at=now)
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.updated_at = now
    rule.save()
    deed = "alert_rule.changed" if known else "alert_rule.created"
    audit.record_by(actor, deed, subject=f"rule:{rule.pk}", details=_told(rule), now=now)
    _after_change(rule, now=now)
    return rule


@transaction.atomic
def set_rule_enabled(actor: Actor, *, rule_id: int, enabled: bool, now: datetime) -> AlertRule:
    """Switch a rule on or off; what it fired ends with it. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    rule = get_rule(actor.org_id, rule_id)
    if rule.enabled == enabled:
        return rule
    rule.enabled = enabled
    rule.updated_at = now
    rule.save(update_fields=["enabled", "updated_at"])
    deed = "alert_rule.switched_on" if enabled else "alert_rule.switched_off"
    audit.record_by(actor, deed, subject=f"rule:{rule.pk}", details={"name": rule.name}, now=now)
    _after_change(rule, now=now)
    return rule


@transaction.atomic
def delete_rule(actor: Actor, *, rule_id: int, now: datetime) -> None:
    """Delete a rule; the history of what it fired stays. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    rule = get_rule(actor.org_id, rule_id)
    rule.deleted_at = now
    rule.enabled = False
    rule.save(update_fields=["deleted_at", "enabled"])
    audit.record_by(
        actor,
        "alert_rule.deleted",
        subject=f"rule:{rule.pk}",
        details={"name": rule.name},
        now=now,
    )
    _after_change(rule, now=now)


@transaction.atomic
def mute_rule_for_all(
    actor: Actor, *, rule_id: int, until: datetime | None, now: datetime
) -> AlertRule:
    """Let a rule record alerts without telling anybody until then; `None` ends it."""
    actor.require(Role.ADMIN)
    rule = get_rule(actor.org_id, rule_id)
    if until is not None and until <= now:
        raise Invalid(FieldFault("until", "Choose an instant in the future."))
    rule.muted_until = until
    rule.save(update_fields=["muted_until"])
    audit.record_by(
        actor,
        "alert_rule.muted" if until else "alert_rule.unmuted",
        subject=f"rule:{rule.pk}",
        details={"name": rule.name},
        now=now,
    )
    return rule


def _checked(org_id: int, draft: RuleDraft, *, is_new: bool) -> dict[str, Any]:
    faults = text_faults("name", draft.name, max_length=120)
    faults += choice_faults("audience", draft.audience, Audience.values)
    if not 0 <= draft.cooldown_hours <= LONGEST_COOLDOWN:
        faults.append(FieldFault("cooldown_hours", f"Choose from 0 to {LONGEST_COOLDOWN} hours."))
    faults += _channel_faults(draft.channels)
    if is_new and not faults and _count(org_id) >= MAX_RULES:
        faults.append(FieldFault("name", f"An organization has at most {MAX_RULES} rules."))
    try:
        params = clean_params(draft.kind, draft.params)
    except Invalid as refusal:
        faults += refusal.faults
        params = {}
    faults += _segment_faults(org_id, draft, params)
    raise_if_any(faults)
    return {
        "name": draft.name.strip(),
        "kind": draft.kind,
        "params": params,
        "channels": {
            **{name: bool(draft.channels.get(name)) for name in _FLAGS},
            "slack": sorted(set(draft.channels.get("slack") or ())),
        },
        "audience": draft.audience,
        "segments": sorted(set(draft.segments)),
        "cooldown_hours": draft.cooldown_hours,
        "enabled": draft.enabled,
    }


def name_segment(org_id: int, segment_id: int, name: str) -> None:
    """Have rules about a segment say its present name, in the transaction that renamed it."""
    rows = AlertRule.objects.for_org(org_id).filter(kind__in=SEGMENT_KINDS)
    for rule in rows.filter(params__segment=segment_id):
        rule.params["name"] = name
        rule.save(update_fields=["params"])


def _segment_faults(org_id: int, draft: RuleDraft, params: dict[str, Any]) -> list[FieldFault]:
    """Segments that are not there; a rule about one learns its name."""
    asked = {*draft.segments, *([params["segment"]] if "segment" in params else ())}
    names = {one.pk: one.name for one in list_segments(org_id, kind="customer")} if asked else {}
    faults = []
    if not set(draft.segments) <= names.keys():
        faults.append(FieldFault("segments", "There is no such segment."))
    if "segment" in params:
        if params["segment"] not in names:
            faults.append(FieldFault("params.segment", "There is no such segment."))
        params["name"] = names.get(params["segment"], "")
    return faults


def _channel_faults(channels: Mapping[str, Any]) -> list[FieldFault]:
    faults = [
        FieldFault(f"channels.{name}", "There is no such channel.")
        for name in sorted(channels.keys() - {*_FLAGS, "slack"})
    ]
    faults += [
        FieldFault(f"channels.{name}", "Say true or false.")
        for name in _FLAGS
        if not isinstance(channels.get(name, False), bool)
    ]
    hooks = channels.get("slack") or []
    if not isinstance(hooks, list) or not all(type(one) is int for one in hooks):
        faults.append(FieldFault("channels.slack", "Name Slack channels by their ids."))
    return faults


def _count(org_id: int) -> int:
    return AlertRule.objects.for_org(org_id).filter(deleted_at=None).count()


def _after_change(rule: AlertRule, *, now: datetime) -> None:
    """Scores are watched for the rules as they are; what no longer fires has its alerts ended."""
    lock_for_transaction(f"alerts:{rule.org_id}")
    save_watch_of(rule.org_id)
    held = Alert.objects.for_org(rule.org_id).filter(rule=rule, recovered_at=None)
    if rule.enabled:
        ids = held.filter(customer__isnull=False).values_list("customer_id", flat=True)
        watching.mark_again(rule.org_id, [one for one in ids if one is not None], now=now)
        return
    held.exclude(state=AlertState.RESOLVED).update(state=AlertState.RESOLVED, resolved_at=now)
    held.update(recovered_at=now, told_at=now)


def _told(rule: AlertRule) -> dict[str, Any]:
    return {"name": rule.name, "kind": rule.kind, "params": rule.params, "channels": rule.channels}
