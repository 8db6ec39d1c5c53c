"""Which configurations an organization has had, and how far a rescore has come."""

from pulsescore.accounts.models import Organization
from pulsescore.core.errors import NotFound
from pulsescore.scoring.config import DEFAULTS, Config
from pulsescore.scoring.models import ConfigVersion, RescoreRun
from pulsescore.scoring.versions import DEFAULT_VERSION, current_config


def get_config(org_id: int) -> tuple[Config, int]:
    """The configuration that holds, and its version (1: the defaults)."""
    return current_config(org_id)


def list_versions(org_id: int) -> list[ConfigVersion]:
    """Every version, newest first; the last is version 1, the defaults, which is not stored."""
    saved = ConfigVersion.objects.for_org(org_id).select_related("author").order_by("-version")
    return [*saved, _defaults(org_id)]


def get_version(org_id: int, version: int) -> ConfigVersion:
    """One version by its number, 1 being the defaults; raises `NotFound`."""
    saved = ConfigVersion.objects.for_org(org_id).select_related("author")
    row = saved.filter(version=version).first()
    if row is None and version != DEFAULT_VERSION:
        raise NotFound("There is no such version of the scoring.")
    return row or _defaults(org_id)


def _defaults(org_id: int) -> ConfigVersion:
    parts = DEFAULTS.as_json()
    created_at = Organization.objects.values_list("created_at", flat=True).get(pk=org_id)
    return ConfigVersion(
        org_id=org_id,
        version=DEFAULT_VERSION,
        weights=parts["weights"],
        halves=parts["halves"],
        thresholds=parts["thresholds"],
        comment="PulseScore's defaults",
        created_at=created_at,
    )


def latest_run(org_id: int) -> RescoreRun | None:
    """The newest rescoring of everybody, running or finished."""
    return RescoreRun.objects.for_org(org_id).order_by("-started_at", "-id").first()
