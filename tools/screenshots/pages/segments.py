"""Segments: the list, the builder, one segment of customers and one of companies."""

from tools.screenshots.people import FULL, MEMBER, NEW, STRANGE
from tools.screenshots.shots import Shot, fill
from tools.screenshots.worlds import Worlds


def shots(worlds: Worlds) -> list[Shot]:
    """Full, empty, being found, wrong, as another role."""
    made = worlds.full.segments
    return [
        Shot("segments", FULL, "/segments"),
        Shot("segments-as-member", MEMBER, "/segments"),
        Shot("segments-new-organization", NEW, "/segments"),
        Shot("segments-strange", STRANGE, "/segments"),
        Shot("segment-new", FULL, "/segments/new"),
        Shot("segment-new-wrong", FULL, "/segments/new", fill({"name": ""}, "Make the segment")),
        Shot("segment-new-company", FULL, "/segments/new?kind=company"),
        Shot("segment-change", FULL, f"/segments/{made.complex.pk}/change"),
        Shot("segment-one", FULL, f"/segments/{made.critical.pk}"),
        Shot("segment-as-member", MEMBER, f"/segments/{made.critical.pk}"),
        Shot("segment-empty", FULL, f"/segments/{made.complex.pk}"),
        Shot("segment-companies", FULL, f"/segments/{worlds.full.company_segment}"),
        Shot("segment-strange", STRANGE, f"/segments/{worlds.strange.segment}"),
        Shot("segment-delete", FULL, f"/segments/{made.critical.pk}/delete"),
    ]
