"""Messages about alerts, made when they are sent: whoever was erased meanwhile is not named."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from pulsescore.alerts.digests import Digest, alerts_of
from pulsescore.alerts.message import Item, Message
from pulsescore.alerts.models import Alert, AlertRule
from pulsescore.alerts.notes import headline, link_of, subject_name
from pulsescore.alerts.wording import alert_words, many_words, rule_words

_SHOWN: Final = 20
_ALERTS: Final = "/alerts"


def about(org_id: int, subject: str) -> Message | None:
    """What is told under a subject (`Alert.told_as`); nothing once it was erased."""
    rows = Alert.objects.for_org(org_id).filter(told_as=subject).select_related("rule", "customer")
    shown = list(rows.order_by("id")[:_SHOWN])
    if not shown:
        return None
    rule, count = shown[0].rule, rows.count() if len(shown) == _SHOWN else len(shown)
    if count == 1 and subject.startswith("alert:"):
        (alert,) = shown
        link, title, label = link_of(alert), headline(alert), "Look at it"
    else:
        title = many_words(rule.kind, rule.params, count)
        link, label = f"{_ALERTS}?rule={rule.pk}", "See all"
    return Message(
        title=title,
        items=[_item(one) for one in shown],
        more=count - len(shown),
        link=settings.PUBLIC_URL + link,
        label=label,
        why=f"The alert rule “{rule.name}” told this.",
    )


def of_digest(digest: Digest) -> Message | None:
    """A digest; nothing where everything it told of was erased."""
    rows: QuerySet[Alert] = alerts_of(digest)
    count = rows.count()
    if not count:
        return None
    return Message(
        title=f"{count} alert{'' if count == 1 else 's'} since the last digest",
        items=[_item(one) for one in rows[:_SHOWN]],
        more=max(0, count - _SHOWN),
        link=settings.PUBLIC_URL + _ALERTS,
        label="See all",
        why="This is your daily digest of alerts.",
    )


def of_test(rule: AlertRule | None, *, by: str, now: datetime) -> Message:
    """A message that proves that a channel works; it names nobody."""
    if rule is None:
        words, link = "This is how messages arrive here.", _ALERTS
    else:
        words, link = f"It tells when {rule_words(rule.kind, rule.params)}.", f"/alerts/{rule.pk}"
    name = rule.name if rule is not None else "PulseScore"
    return Message(
        title=f"Test: {name}",
        items=[Item(name, words, settings.PUBLIC_URL + link)],
        link=settings.PUBLIC_URL + link,
        label="Open PulseScore",
        why=f"{by} sent this test on {now:%d %B %Y}. Nothing happened to any customer.",
        is_test=True,
    )


def _item(alert: Alert) -> Item:
    words = alert_words(alert.rule.kind, alert.facts)
    return Item(subject_name(alert), words, settings.PUBLIC_URL + link_of(alert))
