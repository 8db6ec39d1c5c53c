"""A record that is recognised by its fingerprint is one for which nothing would change."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.store import tags
from pulsescore.store.models import HeldRecord
from pulsescore.store.recognition import would_change_nothing
from pulsescore.store.records import DeletionRecord, Malformed, MergeRecord
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at, company, contact, partial_contact, talk

PRINT = b"sixteen-of-bytes"
OTHER = b"another-sixteen-"


def known(store: Store, name: str = "ann", print_: bytes = PRINT, kind: Any = "customer") -> bool:
    scope = {"org_id": store.org_id, "source_id": store.source_id}
    (found,) = would_change_nothing(kind, [(name, print_)], **scope)
    return found


def test_what_was_told_with_a_fingerprint_is_known_by_it(store: Store) -> None:
    store.apply(
        contact(fingerprint=PRINT),
        company(fingerprint=PRINT),
        talk(fingerprint=PRINT),
        contact("bob"),
    )
    assert known(store)
    assert known(store, "acme", kind="company")
    assert known(store, "c1", kind="conversation")
    assert not known(store, print_=OTHER)
    assert not known(store, "bob")
    assert not known(store, "eve")
    assert not known(new_store("Other"))


def test_places_are_those_of_the_question(store: Store) -> None:
    store.apply(contact(fingerprint=PRINT), contact("bob", fingerprint=OTHER))
    told = [("bob", PRINT), ("ann", PRINT), ("eve", PRINT), ("bob", OTHER), ("ann", OTHER)]
    scope = {"org_id": store.org_id, "source_id": store.source_id}
    found = would_change_nothing("customer", told, **scope)
    assert found == [False, True, False, True, False]


@pytest.mark.parametrize(
    "news",
    [
        pytest.param([contact(v=5, name="Ann B.")], id="changed since"),
        pytest.param([partial_contact(v=5, tags_added=["vip"])], id="changed in part"),
        pytest.param([DeletionRecord(kind="customer", external_id="ann", at=at(9))], id="gone"),
        pytest.param([MergeRecord(source="ann", target="bob", at=at(9))], id="merged"),
        pytest.param(
            [Malformed(kind="customer", external_id="ann", detail="bad", observed_at=at(9))],
            id="since then in quarantine",
        ),
    ],
)
def test_whatever_came_since_is_looked_at_closely(store: Store, news: list[Any]) -> None:
    store.apply(contact(fingerprint=PRINT, tags=["old"]), contact("bob"))
    assert known(store)
    store.apply(*news)
    assert not known(store)


def test_a_change_that_tells_all_brings_its_own_fingerprint(store: Store) -> None:
    store.apply(contact(fingerprint=PRINT))
    store.apply(contact(v=5, name="Ann B.", fingerprint=OTHER))
    assert not known(store)
    assert known(store, print_=OTHER)


def test_a_record_seen_within_the_second_of_its_version_is_looked_at_again(store: Store) -> None:
    store.apply(contact(v=5, seen=5.5, fingerprint=PRINT))
    assert not known(store)
    store.apply(contact(v=5, seen=7, fingerprint=PRINT))
    assert known(store)


def test_a_renamed_tag_is_told_anew(store: Store) -> None:
    store.apply(contact(fingerprint=PRINT, tags=["old"]))
    tags.rename_tags(
        org_id=store.org_id, source_id=store.source_id, changes={"old": "new"}, now=store.now
    )
    assert not known(store)


def test_what_is_held_is_not_known(store: Store) -> None:
    store.apply(contact(email=None, fingerprint=PRINT))
    assert HeldRecord.objects.for_org(store.org_id).exists()
    assert not known(store)


TAGS = st.sets(st.sampled_from("ab")).map(sorted)
SENT = st.builds(
    lambda tags, v, seen: (tags, v, v + seen), TAGS, st.integers(0, 3), st.sampled_from([0.5, 2, 4])
)
DOINGS = st.one_of(
    SENT,
    st.builds(lambda v: partial_contact(v=v, tags_added=["c"]), st.integers(0, 4)),
    st.builds(
        lambda s: DeletionRecord(kind="customer", external_id="ann", at=at(s)), st.integers(0, 6)
    ),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(doings=st.lists(DOINGS, max_size=5), again=SENT)
def test_whoever_is_recognised_could_be_applied_and_nothing_would_happen(
    db: None, doings: list[Any], again: Any
) -> None:
    store = new_store()
    for one in doings:
        store.apply(sent(*one) if isinstance(one, tuple) else one)
    record = sent(*again)
    if known(store, print_=record.fingerprint):
        before = store.row_versions()
        store.apply(record)
        assert store.row_versions() == before


def sent(tags: list[str], v: int, seen: float) -> Any:
    """A contact as one and the same page tells it, whenever that is read."""
    return contact(v=v, seen=seen, tags=tags, fingerprint=f"{v}:{tags!s:<14.14}".encode())
