"""Reads what a backtest needs: who has a score since when, who left, and how people were then."""

from dataclasses import fields
from datetime import datetime

import numpy as np
from django.db import connection

from pulsescore.scoring.backtest.past import Moments, raws_at
from pulsescore.scoring.backtest.plan import Leavers, People
from pulsescore.scoring.factors import FACTORS, Floats, Ints
from pulsescore.scoring.fixed_rows import read_rows
from pulsescore.scoring.replay import Happenings, Talks
from pulsescore.scoring.signals import Scope
from pulsescore.scoring.statements import statement

_TALKS = ["opened_at", *[f.name for f in fields(Talks)][3:]]
_RAWS = tuple(f"raw{place}" for place in range(1, len(FACTORS) + 1))


def read_people(org_id: int) -> People:
    """Everybody who has, or had, a score."""
    columns = [("ids", "i8"), ("first", "f8"), ("here", "i8")]
    rows = read_rows(statement("backtest_people"), {"org_id": org_id}, columns)
    return People(rows["ids"], rows["first"], rows["here"] > 0)


def read_leavers(org_id: int) -> Leavers:
    """Everybody whose outcome is known."""
    columns = [("customer_ids", "i8"), ("outcome_ids", "i8"), ("left_at", "f8")]
    return Leavers(**read_rows(statement("backtest_leavers"), {"org_id": org_id}, columns))


def known_since(org_id: int) -> datetime | None:
    """Since when conversations are stored without gaps: a source is read for some months only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(coalesce(remote_updated_at, opened_at)) FROM store_conversation"
            " WHERE org_id = %s AND deleted_at IS NULL",
            [org_id],
        )
        (first,) = cursor.fetchone() or (None,)
    return first if isinstance(first, datetime) else None


def read_raws(org_id: int, customer_ids: Ints, at: Floats) -> Floats:
    """The raw values of customers at an instant each (Unix seconds): recorded, else replayed."""
    ids, owner = np.unique(customer_ids, return_inverse=True)
    talks, happenings = _read_talks(org_id, ids)
    raws = raws_at(talks, happenings, Moments(owner, at))
    rows = read_rows(
        statement("backtest_recorded"),
        {"org_id": org_id, "ids": customer_ids.tolist(), "at": at.tolist()},
        [("place", "i8"), *((name, "f8") for name in _RAWS)],
    )
    raws[rows["place"] - 1] = np.column_stack([rows[name] for name in _RAWS])
    return raws


def _read_talks(org_id: int, ids: Ints) -> tuple[Talks, Happenings]:
    scope = Scope(org_id, int(ids[0]), int(ids[-1]), tuple(ids.tolist()))
    columns = [("customer_id", "i8"), ("id", "i8"), *((name, "f8") for name in _TALKS)]
    rows = read_rows(statement("backtest_talks"), scope.parameters(), columns)
    conversations, row = np.unique(rows.pop("id"), return_inverse=True)
    owner = np.searchsorted(ids, rows.pop("customer_id"))
    told = read_rows(
        statement("replay_happenings").format(only=scope.restrict("p.customer_id")),
        scope.parameters(),
        [("talk", "i8"), ("kind", "i8"), ("at", "f8")],
    )
    known = np.isin(told["talk"], conversations)
    happenings = Happenings(
        talk=np.searchsorted(conversations, told["talk"][known]),
        kind=told["kind"][known],
        at=told["at"][known],
    )
    return Talks(owner=owner, row=row, **rows), happenings
