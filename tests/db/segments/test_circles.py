"""A segment that its own name would move, come back from Intercom, is refused from either side."""

from dataclasses import replace
from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound.actions import OutboundWish
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import segmenting, sending
from pulsescore.pipeline.mapping import save_mappings
from pulsescore.segments.models import Segment
from tests.db.scoring.people import add_org, source_of
from tests.db.segments.test_membership import admin, make
from tests.db.segments.truth import NOW

pytestmark = pytest.mark.django_db
SENT = Row(
    object="contact", attribute="segments", intercom="custom_attributes.groups", overwrite=True
)
LACK: dict[str, Any] = {"field": "metadata.groups", "op": "not_contains", "value": "New"}
HAVE = {**LACK, "op": "contains"}


@pytest.fixture
def connection() -> Connection:
    org_id = add_org()
    return Connection.objects.for_org(org_id).create(
        org_id=org_id, source=source_of(org_id), workspace_id="w1", connected_at=NOW
    )


def save(connection: Connection) -> None:
    save_mappings(admin(connection.org_id), connection.pk, outgoing=[SENT], now=NOW)


def test_a_table_that_would_make_a_segment_swing_is_refused_and_nothing_is_stored(
    connection: Connection,
) -> None:
    make(connection.org_id, "New ones", LACK)
    with pytest.raises(Invalid) as refused:
        save(connection)
    (fault,) = refused.value.faults
    assert fault.field == "outgoing.0.attribute"
    assert "New ones asks about metadata.groups" in fault.message
    assert not OutgoingMapping.objects.for_org(connection.org_id).exists()


def test_a_rule_or_name_that_would_swing_is_refused_and_nothing_is_stored(
    connection: Connection,
) -> None:
    org_id = connection.org_id
    save(connection)
    rests = make(org_id, "New ones", HAVE)
    other = make(org_id, "Others", LACK)
    with pytest.raises(Invalid) as refused:
        make(org_id, "New again", LACK)
    assert [one.field for one in refused.value.faults] == ["rule"]
    with pytest.raises(Invalid) as refused:
        segmenting.update_segment(admin(org_id), rests.pk, rule=LACK, now=NOW)
    assert [one.field for one in refused.value.faults] == ["rule"]
    with pytest.raises(Invalid) as refused:
        segmenting.update_segment(admin(org_id), other.pk, name="New others", now=NOW)
    assert [one.field for one in refused.value.faults] == ["name"]
    stored = Segment.objects.for_org(org_id).filter(pk__in=[rests.pk, other.pk])
    assert dict(stored.values_list("name", "revision")) == {"New ones": 1, "Others": 1}
    assert not Segment.objects.for_org(org_id).filter(name="New again").exists()


TAGGED: dict[str, Any] = {"field": "tags", "op": "has_not", "value": "Others"}


def test_tags_that_would_close_a_circle_with_the_names_are_not_sent(
    connection: Connection,
) -> None:
    org_id = connection.org_id
    save(connection)
    other = make(org_id, "Others", HAVE)
    make(org_id, "New ones", TAGGED)
    wish = OutboundWish(user_segments=[other.pk])
    with pytest.raises(Invalid) as refused:
        send(connection, wish)
    (fault,) = refused.value.faults
    assert fault.field == "tag_segments"
    assert not settings_of(connection).is_saved
    assert send(connection, replace(wish, tag_segments=False)).is_saved


def test_a_rule_about_a_tag_that_would_close_a_circle_is_refused(connection: Connection) -> None:
    org_id = connection.org_id
    save(connection)
    send(connection, OutboundWish(user_segments=[make(org_id, "Others", HAVE).pk]))
    with pytest.raises(Invalid) as refused:
        make(org_id, "New ones", TAGGED)
    assert "to tags" in refused.value.faults[0].message


def send(connection: Connection, wish: OutboundWish) -> OutboundSettings:
    actor = admin(connection.org_id)
    return sending.save_outbound(actor, connection_id=connection.pk, wish=wish, now=NOW)
