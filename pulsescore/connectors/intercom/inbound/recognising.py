"""Records of a re-import that are stored as they come: known by their bytes, and not decoded."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import NamedTuple

from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.store import recognition
from pulsescore.store.records import ObjectKind

Known = Mapping[ObjectKind, Sequence[str]]
"""External ids of things that are stored just as they were sent, by kind."""


class _Sent(NamedTuple):
    """A record as it was sent: in which piece and where there, what it is about."""

    piece: int
    place: int
    kind: ObjectKind
    external_id: str
    fingerprint: bytes


async def leave_out_known(job: Job, pieces: list[Piece]) -> tuple[list[Piece], Known]:
    """The pieces without what the store would not change for, and what that was.

    That is as if these records were applied at this moment, whatever is stored later.
    """
    sent = await asyncio.to_thread(_sent, pieces, job.tag_names)
    if not sent:
        return pieces, {}
    found = await job.database.run(_known, job, sent)
    left = await asyncio.to_thread(_without, pieces, found)
    known: dict[ObjectKind, list[str]] = defaultdict(list)
    for one in found:
        known[one.kind].append(one.external_id)
    return left, known


def _sent(pieces: list[Piece], tag_names: Mapping[str, str]) -> list[_Sent]:
    sent: list[_Sent] = []
    for number, piece in enumerate(pieces):
        if piece.page is not None:
            prints = piece.page.fingerprints(piece.outlines.items(), tag_names)
            for (place, one), fingerprint in zip(piece.outlines.items(), prints, strict=True):
                sent.append(_Sent(number, place, piece.kind, str(one.id), fingerprint))
    return sent


def _known(job: Job, sent: list[_Sent]) -> list[_Sent]:
    found: list[_Sent] = []
    for kind in {one.kind for one in sent}:
        asked = [one for one in sent if one.kind == kind]
        are_known = recognition.would_change_nothing(
            kind,
            [(one.external_id, one.fingerprint) for one in asked],
            org_id=job.org_id,
            source_id=job.source_id,
        )
        found += compress(asked, are_known)
    return found


def _without(pieces: list[Piece], found: list[_Sent]) -> list[Piece]:
    places: dict[int, list[int]] = defaultdict(list)
    for one in found:
        places[one.piece].append(one.place)
    return [
        replace(piece, page=piece.page.without(places[number]))
        if piece.page is not None and number in places
        else piece
        for number, piece in enumerate(pieces)
    ]
