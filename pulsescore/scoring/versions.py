"""Configuration versions: which one holds, and how a new one is added."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Q, Subquery

from pulsescore.accounts.models import User
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.config import DEFAULTS, Config
from pulsescore.scoring.exceptions import parse_exceptions
from pulsescore.scoring.models import ConfigVersion

# The defaults are every organization's version 1, without a row; saved versions follow.
DEFAULT_VERSION = 1


def current_config(org_id: int) -> tuple[Config, int]:
    """The newest configuration of an organization and its version."""
    newest = ConfigVersion.objects.for_org(org_id).order_by("-version").first()
    return (to_config(newest), newest.version) if newest else (DEFAULTS, DEFAULT_VERSION)


def config_at(org_id: int, t: datetime) -> Config:
    """The configuration that held at an instant."""
    then = ConfigVersion.objects.for_org(org_id).filter(created_at__lte=t).order_by("-version")
    newest = then.first()
    return to_config(newest) if newest else DEFAULTS


def config_of_version(org_id: int, version: int) -> Config:
    """The configuration that a stored score names."""
    row = ConfigVersion.objects.for_org(org_id).filter(version=version).first()
    return to_config(row) if row else DEFAULTS


def configs_of_versions(org_id: int, versions: Iterable[int]) -> dict[int, Config]:
    """The configurations of these versions and the newest of all, in one query."""
    rows = list(ConfigVersion.objects.for_org(org_id).filter(_these_or_newest(org_id, versions)))
    found = {row.version: to_config(row) for row in rows}
    missing = dict.fromkeys({*versions, DEFAULT_VERSION} - found.keys(), DEFAULTS)
    return missing | found


def _these_or_newest(org_id: int, versions: Iterable[int]) -> Q:
    newest = ConfigVersion.objects.for_org(org_id).order_by("-version").values("version")[:1]
    return Q(version__in=[*versions]) | Q(version=Subquery(newest))


def configs_of(org_id: int, versions: Iterable[int]) -> tuple[dict[int, Config], Config]:
    """The configurations that stored scores name, by version, and the present one; one query."""
    wanted = set(versions)
    newest = ConfigVersion.objects.for_org(org_id).order_by("-version").values("version")[:1]
    rows = ConfigVersion.objects.for_org(org_id).filter(
        Q(version__in=wanted) | Q(version=Subquery(newest))
    )
    found = {row.version: to_config(row) for row in rows}
    present = found[max(found)] if found else DEFAULTS
    return {version: found.get(version, DEFAULTS) for version in wanted}, present


def to_config(row: ConfigVersion) -> Config:
    """A stored version as the formulas take it."""
    return Config(
        weights=row.weights,
        halves=row.halves,
        **row.thresholds,
        exceptions=parse_exceptions(row.exceptions, []),
    )


def add_version(
    *, org_id: int, config: Config, author: User | None, comment: str, now: datetime
) -> ConfigVersion:
    """Store the next version; two people saving at once get two versions."""
    lock_for_transaction(f"scoring config:{org_id}")
    newest = ConfigVersion.objects.for_org(org_id).aggregate(newest=Max("version"))["newest"]
    parts = config.as_json()
    row = ConfigVersion(
        org_id=org_id,
        version=(newest or DEFAULT_VERSION) + 1,
        weights=parts["weights"],
        halves=parts["halves"],
        thresholds=parts["thresholds"],
        exceptions=parts["exceptions"],
        author=author,
        comment=comment,
        created_at=now,
    )
    row.save(force_insert=True)
    return row
