"""Reads of outcomes for pages and the API."""

from django.db.models import Count, QuerySet

from pulsescore.core.errors import NotFound
from pulsescore.scoring.outcomes.models import (
    OutcomeAttribute,
    OutcomeRecord,
    OutcomeSource,
    OutcomeUpload,
)

_MAX_ID = 2**63 - 1


def list_outcomes(org_id: int, *, source: str = "") -> QuerySet[OutcomeRecord]:
    """Who left, the latest first, with the customer or company."""
    rows = OutcomeRecord.objects.for_org(org_id).select_related("customer", "company")
    if source:
        rows = rows.filter(source=source)
    return rows.order_by("-left_on", "-id")


def count_by_source(org_id: int) -> dict[str, int]:
    """How many outcomes there are of each source."""
    found = OutcomeRecord.objects.for_org(org_id).values("source").annotate(count=Count("id"))
    return dict.fromkeys(OutcomeSource.values, 0) | {one["source"]: one["count"] for one in found}


def get_attribute(org_id: int) -> OutcomeAttribute | None:
    """The attribute that tells who left, if one is chosen."""
    return OutcomeAttribute.objects.for_org(org_id).first()


def get_upload(org_id: int, upload_id: int) -> OutcomeUpload:
    """A kept file; raises `NotFound`, also once it is no longer kept."""
    rows = OutcomeUpload.objects.for_org(org_id)
    row = rows.filter(pk=upload_id).first() if upload_id <= _MAX_ID else None
    if row is None:
        raise NotFound("This file is no longer kept. Upload it again.")
    return row
