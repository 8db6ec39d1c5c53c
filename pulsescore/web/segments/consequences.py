"""What goes with a segment when it is deleted, for the page that asks."""

from typing import Any
from urllib.parse import parse_qs

from django.db.models import Q

from pulsescore.accounts import saved_views
from pulsescore.accounts.access import Actor
from pulsescore.alerts.models import AlertRule
from pulsescore.alerts.queries import list_rules
from pulsescore.connectors.intercom.outbound.models import OutboundSettings, SegmentTag
from pulsescore.segments.models import Segment


def consequences(actor: Actor, segment: Segment) -> dict[str, Any]:
    """Its members, the connections that send it, and the views that are narrowed to it."""
    wanted = str(segment.pk)
    views = [
        one.name
        for one in saved_views.list_views(actor)
        if wanted in parse_qs(one.query).get("segment", [])
    ]
    return {
        "members": segment.size,
        "views": views,
        "rules": _rules(actor.org_id, segment),
        "senders": _senders(actor.org_id, segment),
    }


def _rules(org_id: int, segment: Segment) -> list[AlertRule]:
    """The alert rules that look at it, or at its members alone."""
    return [
        one
        for one in list_rules(org_id)
        if one.params.get("segment") == segment.pk or segment.pk in one.segments
    ]


def _senders(org_id: int, segment: Segment) -> list[dict[str, Any]]:
    """The connections that send it, and whether its tag there is ours to remove."""
    tags = SegmentTag.objects.for_org(org_id).filter(segment_id=segment.pk, ended_at=None)
    ours = set(tags.filter(is_ours=True).values_list("connection_id", flat=True))
    rows = OutboundSettings.objects.for_org(org_id).filter(
        Q(user_segments__contains=[segment.pk])
        | Q(lead_segments__contains=[segment.pk])
        | Q(company_segments__contains=[segment.pk])
    )
    return [
        {
            "connection_id": row.connection_id,
            "workspace": row.connection.workspace_name,
            "is_ours": row.connection_id in ours,
        }
        for row in rows.select_related("connection")
    ]
