"""Making, renaming and deleting the tags of segments in Intercom, before contacts are written.

What a request is about is written down before it is sent, so that a tag made by a process that
died is known as ours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import NotFoundThere, RequestRefused
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.connectors.intercom.outbound import marks, outbox, statements
from pulsescore.connectors.intercom.outbound.mirroring import (
    Mirrored,
    mirrored_tags,
    remember_name,
)
from pulsescore.connectors.intercom.outbound.models import (
    AppliedTag,
    OutboundSettings,
    SegmentTag,
    WriteRecord,
)
from pulsescore.store.tags import rename_tags

Clock = Callable[[], datetime]
Existing = tuple[str, str]
"""Id and name of a tag that Intercom has."""


@dataclass
class Tagging:
    """Brings the tags of one connection in order; raises `errors.ApiError`."""

    client: IntercomClient
    database: DatabaseThread
    connection: Connection
    settings: OutboundSettings
    now: Clock

    @staticmethod
    def has_work(connection: Connection, settings: OutboundSettings) -> bool:
        """Whether a tag is to be made, renamed, ended or deleted."""
        if any(one.needs_work for one in mirrored_tags(connection, settings)):
            return True
        return bool(_unused(connection))

    async def prepare(self) -> bool:
        """Have every tag exist under its segment's name; returns whether anything was to do."""
        todo = await self.database.run(self._todo)
        if not todo:
            return False
        page = await self.client.tags()
        there = {(tag.name or "").casefold(): (str(tag.id), tag.name or "") for tag in page.items}
        for one in todo:
            await self._bring_in_order(one, there)
        return True

    async def delete_unused(self) -> bool:
        """Delete tags that we made, whose segment is not sent any more and which nobody bears."""
        unused = await self.database.run(_unused, self.connection)
        for row in unused:
            if row.is_ours and row.tag_id is not None:
                try:
                    await self.client.delete_tag(row.tag_id)
                except NotFoundThere:
                    pass
                except RequestRefused:
                    # Somebody else uses it: it is theirs now.
                    await self.database.run(self._forget, row, is_deleted=False)
                    continue
            await self.database.run(self._forget, row, is_deleted=row.is_ours)
        return bool(unused)

    def _todo(self) -> list[Mirrored]:
        return [one for one in mirrored_tags(self.connection, self.settings) if one.needs_work]

    async def _bring_in_order(self, one: Mirrored, there: dict[str, Existing]) -> None:
        if one.name is None:
            await self.database.run(self._end, one.row, there)
            return
        taken_by = there.get(one.name.casefold())
        row = one.row
        ids = {tag_id for tag_id, _ in there.values()}
        if row is not None and row.tag_id is not None and row.tag_id not in ids:
            row.tag_id = None
        if row is not None and row.tag_id is not None:
            if row.is_ours and (taken_by is None or taken_by[0] == row.tag_id):
                await self._rename(row, one)
                return
            await self.database.run(self._end, row, there)
            row = None
        await self._make(one, row, taken_by)

    async def _make(self, one: Mirrored, row: SegmentTag | None, taken_by: Existing | None) -> None:
        """A tag of that name that exists already is used, and stays theirs."""
        name = one.name or ""
        row = await self.database.run(self._intend, one, row, is_ours=taken_by is None)
        if taken_by is None or row.is_ours:
            tag = await self.client.save_tag(name)
            await self.database.run(
                self._made, row, tag_id=str(tag.id), name=name, kind="tag.create"
            )
        else:
            tag_id, shown = taken_by
            await self.database.run(self._made, row, tag_id=tag_id, name=shown, kind="")

    async def _rename(self, row: SegmentTag, one: Mirrored) -> None:
        name = one.name or ""
        await self.client.save_tag(name, tag_id=row.tag_id)
        await self.database.run(self._renamed, row, before=one.shown, name=name)

    @transaction.atomic
    def _intend(self, one: Mirrored, row: SegmentTag | None, *, is_ours: bool) -> SegmentTag:
        if row is not None:
            row.is_ours = row.is_ours or is_ours
            row.tag_id, row.name = None, one.name or ""
            row.save()
            return row
        return SegmentTag.objects.for_org(self.connection.org_id).create(
            org_id=self.connection.org_id,
            connection=self.connection,
            segment_id=one.segment_id,
            name=one.name or "",
            is_ours=is_ours,
        )

    @transaction.atomic
    def _made(self, row: SegmentTag, *, tag_id: str, name: str, kind: str) -> None:
        """Another segment's former row of this tag gives way: the tag is this one's now.

        Its members are looked at, also those who were in the segment before it had a tag.
        """
        rows = SegmentTag.objects.for_org(row.org_id).filter(connection=self.connection)
        former = rows.filter(tag_id=tag_id).exclude(pk=row.pk).first()
        if former is not None:
            row.is_ours = row.is_ours or former.is_ours
            AppliedTag.objects.for_org(row.org_id).filter(tag=former).update(tag=row)
            former.delete()
        row.tag_id, row.name = tag_id, name
        row.save()
        remember_name(self.connection, tag_id=tag_id, name=name, now=self.now())
        scope = {**outbox.scope(self.connection, self.now()), "run": None}
        statements.run(statements.MARK_MEMBERS, {**scope, "segments": [row.segment_id]})
        if kind:
            self._log(kind, row, before={}, after={"name": name})

    def _renamed(self, row: SegmentTag, *, before: str, name: str) -> None:
        now = self.now()
        if before != name:
            rename_tags(
                org_id=row.org_id,
                source_id=self.connection.source_id,
                changes={before: name},
                now=now,
            )
        with transaction.atomic():
            row.name = name
            row.save(update_fields=["name"])
            remember_name(self.connection, tag_id=row.tag_id or "", name=name, now=now)
            self._log("tag.rename", row, before={"name": before}, after={"name": name})

    @transaction.atomic
    def _end(self, row: SegmentTag | None, there: dict[str, Existing]) -> None:
        """Nobody is to bear it any more. One whose making was not answered is known by its name."""
        if row is None:
            return
        rows = SegmentTag.objects.for_org(row.org_id).filter(connection=self.connection)
        if row.tag_id is None:
            row.tag_id, _ = there.get(row.name.casefold(), (None, ""))
            if row.tag_id is None or rows.filter(tag_id=row.tag_id).exists():
                row.delete()
                return
        row.ended_at = self.now()
        row.save(update_fields=["ended_at", "tag_id"])
        bearers = AppliedTag.objects.for_org(row.org_id).filter(tag=row)
        marks.mark(row.org_id, bearers.values_list("customer_id", flat=True))

    @transaction.atomic
    def _forget(self, row: SegmentTag, *, is_deleted: bool) -> None:
        if is_deleted:
            self._log("tag.delete", row, before={"name": row.name}, after={})
            DirectoryEntry.objects.for_org(row.org_id).filter(
                connection=self.connection, kind="tag", external_id=row.tag_id or ""
            ).delete()
        row.delete()

    def _log(
        self, kind: str, row: SegmentTag, *, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        WriteRecord.objects.for_org(row.org_id).create(
            org_id=row.org_id,
            connection=self.connection,
            at=self.now(),
            kind=kind,
            external_id=row.tag_id or "",
            before=before,
            after=after,
        )


def _unused(connection: Connection) -> list[SegmentTag]:
    rows = SegmentTag.objects.for_org(connection.org_id).filter(
        connection=connection, ended_at__isnull=False
    )
    borne = AppliedTag.objects.for_org(connection.org_id).values("tag_id")
    return list(rows.exclude(pk__in=borne))
