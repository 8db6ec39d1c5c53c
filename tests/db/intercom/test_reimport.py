"""A re-import decodes only what is not stored just as it comes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.connectors.intercom.api.pages import decode_page
from pulsescore.connectors.intercom.api.schemas import ContactOutline
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.connectors.intercom.inbound.separately import Separately
from pulsescore.connectors.intercom.models import Connection
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded


@pytest.fixture
def size() -> Size:
    return Size(40)


class Watched(Separately):
    """Remembers whose records were to be decoded."""

    def __init__(self) -> None:
        super().__init__()
        self.decoded: list[str] = []

    async def admit(
        self, pages: Sequence[RawPage], tag_names: Mapping[str, str], *, as_new: bool
    ) -> Any:
        for page in pages:
            outlines = decode_page(page.body, ContactOutline, path="")
            records = zip(outlines.places, outlines.items, strict=True)
            self.decoded += [str(one.id) for place, one in records if place not in page.left_out]
        return await super().admit(pages, tag_names, as_new=as_new)


def reimport(sync: Sync) -> tuple[Any, set[str]]:
    """The run, and whose records it decoded."""
    watched = Watched()
    run = sync(separately=lambda: watched)
    assert succeeded(run), run.error
    return run, set(watched.decoded)


def waiting(connection: Connection) -> set[str]:
    """What is held: it may enter whenever it is read again."""
    without = truth.held(connection, "customer", "no_email")
    return without | truth.held(connection, "conversation", "no_contact")


def test_what_is_stored_as_it_comes_is_counted_and_not_decoded(
    sync: Sync, connection: Connection
) -> None:
    first = sync()
    assert succeeded(first)
    before = truth.snapshot(connection)
    again, decoded = reimport(sync)
    assert decoded <= waiting(connection)
    assert truth.snapshot(connection) == before
    for phase in ("contacts", "conversations"):
        assert again.phases[phase] == first.phases[phase]


def test_a_changed_contact_is_decoded_and_known_from_then_on(
    sync: Sync, connection: Connection, sim: Running, present: Present
) -> None:
    assert succeeded(sync())
    changed = min(truth.with_address(sim))
    present.pass_secs(60)
    sim.call(lambda: people.update_contact(sim.workspace, changed, fields={"name": "Zoe"}))
    present.pass_secs(60)
    _, decoded = reimport(sync)
    customers = truth.customers(connection)
    # her conversations tell her new name as well
    assert decoded & customers.keys() == {changed}
    assert customers[changed].name == "Zoe"
    _, decoded = reimport(sync)
    assert not decoded & customers.keys()


def test_an_archived_contact_is_gone_and_comes_back(
    sync: Sync, connection: Connection, sim: Running, present: Present
) -> None:
    assert succeeded(sync())
    somebody = min(truth.with_address(sim))
    for action, is_there in ((people.archive, False), (people.unarchive, True)):
        present.pass_secs(3600)
        sim.call(lambda action=action: action(sim.workspace, somebody))
        present.pass_secs(3600)
        assert succeeded(sync("reconcile", accepts_losses=True))
        assert (somebody in truth.customers(connection)) is is_there
