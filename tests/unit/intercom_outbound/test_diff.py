"""What must be written so that a contact is as it should be: differences only."""

import pytest

from pulsescore.connectors.intercom.outbound.diff import (
    Known,
    Mirror,
    Wish,
    bring_back,
    compare,
)
from pulsescore.connectors.intercom.outbound.metadata import metadata_of
from pulsescore.connectors.intercom.outbound.roles import Choice, Role, role_of

ANN = Known(contact_id="c1", role="user", values={"name": "Ann"}, tags=frozenset({"VIP"}))


def mirror(name: str, *, borne: bool, ours: bool = True) -> Mirror:
    return Mirror(name=name, tag_id=f"id-{name}", is_borne=borne, may_remove=ours)


def test_what_is_the_same_is_not_written() -> None:
    wish = Wish(role="user", values={"name": "Ann"}, mirrors=[mirror("vip", borne=True)])
    assert compare(ANN, wish).is_empty


def test_custom_attributes_travel_in_an_object_of_their_own() -> None:
    wish = Wish(role="user", values={"name": "Dr. Ann", "custom_attributes.plan": "pro"})
    diff = compare(ANN, wish)
    assert diff.body == {"name": "Dr. Ann", "custom_attributes": {"plan": "pro"}}
    assert diff.before == {"name": "Ann", "custom_attributes.plan": None}


def test_who_is_not_sent_only_loses_our_tags() -> None:
    wish = Wish(role=None, values={"name": "X"}, mirrors=[mirror("VIP", borne=False)])
    diff = compare(ANN, wish)
    assert ([one.name for one in diff.detach], dict(diff.fields)) == (["VIP"], {})


def test_a_tag_that_others_put_on_stays() -> None:
    wish = Wish(role="user", mirrors=[mirror("VIP", borne=False, ours=False)])
    assert compare(ANN, wish).is_empty


def test_somebody_without_an_address_is_not_made() -> None:
    assert compare(Known(), Wish(role="user", identity={"external_id": "7"})).is_empty


def test_a_withheld_value_is_left_out_until_it_is_another() -> None:
    wish = Wish(role="user", values={"name": "Dr. Ann"})
    assert compare(ANN, wish, withheld={"name": "Dr. Ann"}).is_empty
    assert compare(ANN, wish, withheld={"name": "Miss Ann"}).fields == {"name": "Dr. Ann"}


def test_an_archived_contact_is_left_alone_unless_that_is_chosen() -> None:
    gone = Known(contact_id="c1", role="user", is_archived=True)
    assert compare(gone, Wish(role="user", values={"name": "Ann"})).is_empty
    assert compare(gone, Wish(role="user", may_restore=True)).restores


def test_an_undo_leaves_what_somebody_changed_since() -> None:
    nothing = compare(ANN, Wish(role="user"))
    undone = bring_back(nothing, ANN, values={"name": ["Ann", "Anna"]}, archives=False)
    kept = bring_back(nothing, ANN, values={"name": ["Dr. Ann", "Anna"]}, archives=False)
    assert (dict(undone.fields), kept.is_empty) == ({"name": "Anna"}, True)


@pytest.mark.parametrize(
    ("segments", "known", "convert", "signed_up", "role"),
    [
        ({1}, None, False, False, "user"),
        ({2}, None, False, False, "lead"),
        ({1, 2}, None, True, True, "lead"),
        ({1, 2}, "user", False, False, "user"),
        ({2}, "user", False, False, "user"),
        ({1}, "lead", False, False, "lead"),
        ({1}, "lead", True, False, "user"),
        ({1, 2}, "lead", True, False, "lead"),
        ({1, 2}, "lead", True, True, "user"),
        ({3}, "user", True, True, None),
    ],
)
def test_as_what_somebody_is_sent(
    segments: set[int], known: Role | None, *, convert: bool, signed_up: bool, role: Role | None
) -> None:
    choice = Choice(
        user_segments=frozenset({1}), lead_segments=frozenset({2}), convert_leads=convert
    )
    told = role_of(choice, segments=segments, known=known, has_signed_up=signed_up)
    assert told == role


def test_metadata_is_flat_and_short_and_has_ten_keys_at_most() -> None:
    properties = {f"key{number:02}": number for number in range(12)}
    told = metadata_of({**properties, "a": "x" * 300, "b": {"c": [1]}, "d": True, "e": None})
    assert len(told) == 10
    assert (len(told["a"]), told["b"], told["d"]) == (255, '{"c": [1]}', "true")
    assert "e" not in told
