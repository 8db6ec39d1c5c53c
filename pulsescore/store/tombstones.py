"""The memory of things that are gone and were never stored, and of merges."""

from collections.abc import Iterable, Mapping

from pulsescore.store import statements
from pulsescore.store.batch import Batch, Named
from pulsescore.store.lifecycle import Removal


def learn(batch: Batch, kind: str, external_ids: Iterable[str]) -> None:
    """Look up the ends of things; those of contacts `identity.learn` looks up."""
    if kind == "customer":
        return
    params = {**batch.scope, "kind": kind, "ids": list(external_ids)}
    for external_id, at, reason, target in statements.fetch(statements.TOMBSTONES, params):
        batch.tombstones[kind, external_id] = Removal(at, reason, target)


def put(batch: Batch, ends: Mapping[Named, Removal]) -> None:
    """Remember ends; what is remembered just so already is not written."""
    news = {named: end for named, end in ends.items() if batch.tombstones.get(named) != end}
    if not news:
        return
    statements.run(
        statements.PUT_TOMBSTONES,
        {
            **batch.scope,
            "kinds": [kind for kind, _ in news],
            "ids": [external_id for _, external_id in news],
            "ats": [end.at for end in news.values()],
            "reasons": [end.reason for end in news.values()],
            "targets": [end.merged_into for end in news.values()],
        },
    )
    batch.tombstones.update(news)


def drop(batch: Batch, kind: str, external_ids: Iterable[str]) -> None:
    """Forget the ends of things that are stored now (final ones stay)."""
    ids = list(external_ids)
    if ids:
        statements.run(statements.DROP_TOMBSTONES, {**batch.scope, "kind": kind, "ids": ids})
