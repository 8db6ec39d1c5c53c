"""An organization that knows who left, and backtests in each state."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pulsescore.scoring.outcomes.models import Backtest, OutcomeRecord, OutcomeUpload
from pulsescore.store.models import Company, Customer
from tests.seeding import Seeded

TENTHS = (
    (3, 28, 22, 0.21),
    (29, 41, 14, 0.13),
    (42, 50, 9, 0.084),
    (51, 58, 6, 0.055),
    (59, 66, 4, 0.038),
    (67, 72, 3, 0.028),
    (73, 79, 2, 0.019),
    (80, 86, 1, 0.009),
    (87, 93, 1, 0.009),
    (94, 100, 0, 0.0),
)
LEVELS = (
    ("red", 3, 39, 34, 0.18, 0.18),
    ("yellow", 40, 69, 19, 0.36, 0.05),
    ("green", 70, 100, 9, 0.46, 0.018),
)
CHURN = 0.058


class Story(NamedTuple):
    """Backtests that ended in each way, and a file before and after its import."""

    told: Backtest
    too_few: Backtest
    failed: Backtest
    file: OutcomeUpload
    imported: OutcomeUpload


def add_story(seeded: Seeded, *, now: datetime) -> Story:
    """Outcomes, backtests and files in all their states; the newest backtest has a result."""
    add_outcomes(seeded, now=now)
    empty = {**result_of(seeded), "suggestion": None, "horizons": [_nothing(30)]}
    earlier = now - timedelta(days=8)
    return Story(
        too_few=add_backtest(seeded, now=earlier, status="too_few", result=empty),
        failed=add_backtest(
            seeded,
            now=earlier,
            status="failed",
            problem="Something went wrong on our side. The error was logged.",
        ),
        told=add_backtest(seeded, now=now),
        file=add_file(seeded, now=now),
        imported=add_file(seeded, now=now, imported=True),
    )


def add_running(seeded: Seeded, *, now: datetime) -> Backtest:
    """A backtest in the middle of its work."""
    org_id = seeded.organization.pk
    return Backtest.objects.for_org(org_id).create(
        org_id=org_id, status="running", requested_at=now, started_at=now, done=4_000, total=12_400
    )


def add_file(seeded: Seeded, *, now: datetime, imported: bool = False) -> OutcomeUpload:
    """A file that waits for its columns to be chosen, or one of which a row was refused."""
    header, row = ["Mail", "Left on"], ["nobody@example.com", "31.3.2026"]
    told = {
        "imported_at": now,
        "added": 41,
        "refused": [["Why it was refused", *header], ["This is not a day.", *row]],
    }
    waiting = {"content": "Mail,Left on\nmia@example.com,31.3.2026\nzoe@example.com,soon\n"}
    return OutcomeUpload.objects.for_org(seeded.organization.pk).create(
        org_id=seeded.organization.pk,
        filename="left-last-year.csv",
        uploaded_by=seeded.user,
        uploaded_at=now,
        **(told if imported else waiting),
    )


def add_outcomes(seeded: Seeded, *, now: datetime) -> None:
    """Two customers told by a file, a company by a program."""
    org_id = seeded.organization.pk
    for customer in Customer.objects.for_org(org_id).order_by("id")[:2]:
        _left(org_id, now, customer=customer, source="csv")
    company = Company.objects.for_org(org_id).earliest("id")
    _left(org_id, now, company=company, source="api")


def _left(org_id: int, now: datetime, **fields: Any) -> None:
    OutcomeRecord.objects.for_org(org_id).create(
        org_id=org_id, left_on=(now - timedelta(days=9)).date(), recorded_at=now, **fields
    )


def add_backtest(
    seeded: Seeded,
    *,
    now: datetime,
    status: str = "succeeded",
    result: dict[str, Any] | None = None,
    problem: str = "",
) -> Backtest:
    """A backtest that is over; with a result unless it failed."""
    org_id = seeded.organization.pk
    return Backtest.objects.for_org(org_id).create(
        org_id=org_id,
        status=status,
        config_version=1,
        requested_by=seeded.user,
        requested_at=now,
        started_at=now,
        finished_at=now,
        outcomes=62,
        done=682,
        total=682,
        problem=problem,
        result=None if status == "failed" else result or result_of(seeded),
    )


def result_of(seeded: Seeded) -> dict[str, Any]:
    """A result in which 30 and 60 days before tell, and 90 days have too few."""
    missed = Customer.objects.for_org(seeded.organization.pk).order_by("id")[:3]
    return {
        "known_since": 1767225600.0,
        "horizons": [
            _horizon(30, 0.78, missed=[one.pk for one in missed]),
            _horizon(60, 0.66, missed=[]),
            _nothing(90),
        ],
        "suggestion": {
            "weights": {
                "support_recency": 10,
                "open_tickets": 20,
                "resolution_time": 25,
                "reopen_rate": 40,
                "response_rate": 5,
            },
            "days": 60,
            "auc": 0.74,
            "auc_present": 0.66,
            "gain_low": 0.03,
            "gain_high": 0.12,
            "better": True,
        },
    }


def _horizon(days: int, auc: float, *, missed: list[int]) -> dict[str, Any]:
    names = ("name", "low", "high", "left", "share", "churn")
    return {
        **_nothing(days),
        "counts": _counts(62),
        "compared": 620,
        "stayers": 1_004,
        "auc": auc,
        "low": auc - 0.07,
        "high": auc + 0.06,
        "churn": CHURN,
        "warned": 53,
        "levels": [
            {**dict(zip(names, one, strict=True)), "lift": one[-1] / CHURN} for one in LEVELS
        ],
        "deciles": [
            {
                **dict(zip(names, (str(place), low, high, left, 0.1, churn), strict=True)),
                "lift": churn / CHURN,
            }
            for place, (low, high, left, churn) in enumerate(TENTHS, start=1)
        ],
        "missed": [
            {
                "customer_id": one,
                "score": 91 - 4 * place,
                "at": 1769817600.0,
                "left_at": 1772409600.0,
            }
            for place, one in enumerate(missed)
        ],
        "missed_count": len(missed),
    }


def _nothing(days: int) -> dict[str, Any]:
    return {
        "days": days,
        "counts": _counts(12),
        "compared": 0,
        "stayers": 0,
        "auc": None,
        "low": None,
        "high": None,
        "churn": 0.0,
        "warned": 0,
        "levels": [],
        "deciles": [],
        "missed": [],
        "missed_count": 0,
    }


def _counts(looked_at: int) -> dict[str, int]:
    return {
        "looked_at": looked_at,
        "outcomes": looked_at,
        "no_score": 4,
        "too_early": 7,
        "yet_to_come": 0,
        "unmatched": 0,
    }
