"""Whatever JSON comes, it is understood, refused with a reason, or does nothing: never a crash."""

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbox.effects.table import effect_of
from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand
from pulsescore.connectors.intercom.inbox.envelope import NotAnEnvelope, parse
from pulsescore.connectors.intercom.inbox.topics import SUBSCRIBED, TOPICS
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.telling import ARRIVED, WORKSPACE

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
KEYS = st.sampled_from(
    [
        "id",
        "type",
        "user",
        "contact",
        "tags",
        "data",
        "tag",
        "company",
        "statistics",
        "source",
        "role",
        "email",
        "created_at",
        "updated_at",
        "state",
        "model",
        "conversation",
        "name",
    ]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner),
    max_leaves=12,
)
SAMPLES = [
    payloads.contact(),
    payloads.older_user(),
    payloads.conversation(payloads.part()),
    payloads.older_conversation(payloads.part()),
    payloads.company(),
    {"company": payloads.company(), "contact": payloads.contact()},
    {"type": "contact_tag", "tag": {"id": "72", "name": "beta"}, "contact": payloads.contact()},
    {"conversation": {"model": {"id": 3}}, "contact": payloads.contact()},
]


def _work_on(body: bytes) -> None:
    with contextlib.suppress(CannotUnderstand, NotAnEnvelope):
        effect_of(parse(body), workspace=WORKSPACE, received_at=ARRIVED)


@given(topic=st.sampled_from(sorted(TOPICS)), item=st.dictionaries(KEYS, JSON))
@settings(max_examples=400, deadline=None)
def test_any_item_under_any_topic(topic: str, item: dict[str, Any]) -> None:
    _work_on(json.dumps(payloads.envelope(topic, item)).encode())


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A good payload, one of whose values is something else."""
    sample = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    target = sample
    while True:
        key = draw(st.sampled_from(sorted(target)))
        deeper = target[key]
        if isinstance(deeper, dict) and deeper and draw(st.booleans()):
            target = deeper
            continue
        target[key] = draw(JSON)
        return sample


@given(topic=st.sampled_from(sorted(TOPICS)), item=damaged())
@settings(max_examples=600, deadline=None)
def test_a_good_payload_with_one_bad_value(topic: str, item: dict[str, Any]) -> None:
    _work_on(json.dumps(payloads.envelope(topic, item)).encode())


@given(st.binary(max_size=64) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body(body: bytes) -> None:
    _work_on(body)


def test_nesting_without_end_is_refused() -> None:
    _work_on(b'{"data":' + b"[" * 100_000)


def test_characters_that_postgresql_cannot_store_are_left_out() -> None:
    notification = parse(payloads.body("contact.updated", payloads.contact(name="A\x00da")))
    assert notification.item["name"] == "Ada"


def test_an_unknown_topic_concerns_nothing() -> None:
    notification = parse(payloads.body("quantum.entangled", {"id": 1}))
    effect = effect_of(notification, workspace=WORKSPACE, received_at=ARRIVED)
    assert (effect.records, effect.refetch) == ((), ())


def test_every_topic_to_subscribe_is_one_that_we_understand() -> None:
    assert set(SUBSCRIBED) <= set(TOPICS)
