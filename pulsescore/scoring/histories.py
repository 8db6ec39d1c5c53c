"""Reads what replay needs of a batch of customers: the people, their conversations, happenings."""

from dataclasses import fields
from datetime import datetime

import numpy as np

from pulsescore.scoring.config import Config
from pulsescore.scoring.factors import Ints, Outcome, Signals, evaluate
from pulsescore.scoring.fixed_rows import read_rows
from pulsescore.scoring.override_rows import read_overrides
from pulsescore.scoring.overrides import apply_overrides
from pulsescore.scoring.replay import Happenings, People, Talks, signals_as_of
from pulsescore.scoring.signals import Scope
from pulsescore.scoring.statements import statement

_TALKS = ["opened_at", *[f.name for f in fields(Talks)][3:]]


class Histories:
    """The stored past of a batch, ready to be replayed at any number of instants."""

    def __init__(self, scope: Scope) -> None:
        self.people = _read_people(scope)
        self.talks, conversations = _read_talks(scope, self.people.customer_ids)
        self.happenings = _read_happenings(scope, conversations)
        self.overrides = read_overrides(scope)

    def signals_as_of(self, t: float) -> Signals:
        """The signals of every customer of the batch as if now were `t` (Unix seconds)."""
        return signals_as_of(self.people, self.talks, self.happenings, t)

    def scores_as_of(self, t: datetime, config: Config) -> Outcome:
        """The scores that a configuration gives as if now were `t`, or what was said instead."""
        instant = t.timestamp()
        outcome = evaluate(self.signals_as_of(instant), config, t)
        return apply_overrides(outcome, self.overrides.held_at(instant), config)


def _read_people(scope: Scope) -> People:
    query = statement("replay_people").format(only=scope.restrict("id"))
    columns = [("customer_ids", "i8"), ("last_seen_at", "f8"), ("last_replied_at", "f8")]
    return People(**read_rows(query, scope.parameters(), columns))


def _read_talks(scope: Scope, customer_ids: Ints) -> tuple[Talks, Ints]:
    query = statement("replay_talks").format(only=scope.restrict("p.customer_id"))
    columns = [("customer_id", "i8"), ("id", "i8"), *((name, "f8") for name in _TALKS)]
    rows = read_rows(query, scope.parameters(), columns)
    conversations, row = np.unique(rows.pop("id"), return_inverse=True)
    owner = np.searchsorted(customer_ids, rows.pop("customer_id"))
    return Talks(owner=owner, row=row, **rows), conversations


def _read_happenings(scope: Scope, conversations: Ints) -> Happenings:
    query = statement("replay_happenings").format(only=scope.restrict("p.customer_id"))
    rows = read_rows(query, scope.parameters(), [("talk", "i8"), ("kind", "i8"), ("at", "f8")])
    known = np.isin(rows["talk"], conversations)
    return Happenings(
        talk=np.searchsorted(conversations, rows["talk"][known]),
        kind=rows["kind"][known],
        at=rows["at"][known],
    )
