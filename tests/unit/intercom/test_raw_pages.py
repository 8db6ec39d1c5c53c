"""Pages that are decoded elsewhere tell what they would have told here."""

import ast
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pulsescore
from pulsescore.connectors.intercom.api.errors import UnreadableAnswer
from pulsescore.connectors.intercom.api.pages import decode_page
from pulsescore.connectors.intercom.api.schemas import (
    Contact,
    ContactOutline,
    Conversation,
    ConversationOutline,
)
from pulsescore.connectors.intercom.inbound import fingerprints, frames
from pulsescore.connectors.intercom.inbound.admitting import Task, admit_pieces, serve
from pulsescore.connectors.intercom.inbound.pieces import (
    FullContact,
    Piece,
    contacts_in,
    opened,
)
from pulsescore.connectors.intercom.inbound.raw_pages import Lists, RawPage
from pulsescore.store.packed import unpack
from tests.unit.intercom.builders import CREATED, OBSERVED_AT, UPDATED

# Of each two, one is refused by the whole type alone, one by the outline as well.
FAULTS: list[dict[str, Any]] = [{}, {}, {"phone": 7}, {"updated_at": []}, {"created_at": "soon"}]

VIP = Lists(["vip"], ["f1"])


def people_page(faults: list[dict[str, Any]]) -> bytes:
    known = {"role": "user", "created_at": CREATED, "updated_at": UPDATED, "email": "a@b.example"}
    rows = [{"id": str(place), **known, **fault} for place, fault in enumerate(faults)]
    return json.dumps({"data": rows}).encode()


def raw(body: bytes, **told: Any) -> RawPage:
    return RawPage(kind="customer", observed_at=OBSERVED_AT, body=body, **told)


def prints(page: RawPage, tag_names: dict[str, str]) -> dict[str, bytes]:
    """Fingerprints by the ids of the page's contacts, as far as their outlines are read."""
    outlines = decode_page(page.body, ContactOutline, path="")
    found = page.fingerprints(zip(outlines.places, outlines.items, strict=True), tag_names)
    return {str(one.id): print_ for one, print_ in zip(outlines.items, found, strict=True)}


def imported_by(file: Path) -> set[str]:
    """The files of our own package that a module imports from."""
    package = Path(pulsescore.__file__).parent
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pulsescore."):
            module = str(node.module).removeprefix("pulsescore.").replace(".", "/")
            inside = [f"{module}/{alias.name}.py" for alias in node.names]
            names |= {name for name in [f"{module}.py", *inside] if (package / name).is_file()}
    return names


def answers(*tasks: bytes) -> list[bytes]:
    asked, told = BytesIO(), BytesIO()
    for task in tasks:
        frames.write(asked, task)
    asked.seek(0)
    serve(asked, told)
    told.seek(0)
    return [frames.read(told) or b"" for _ in tasks]


def test_a_page_that_is_no_text_is_asked_for_again_before_it_is_put_by() -> None:
    body = people_page([{"name": "J?rgen"}]).replace(b"?", b"\xfc")
    for kind, keep_body in ((Contact, False), (ContactOutline, True)):
        with pytest.raises(UnreadableAnswer):
            decode_page(body, kind, path="", keep_body=keep_body)


@settings(max_examples=20)
@given(faults=st.lists(st.sampled_from(FAULTS), max_size=6))
def test_a_raw_page_becomes_the_records_of_a_decoded_one(faults: list[dict[str, Any]]) -> None:
    body = people_page(faults)
    page = decode_page(body, Contact, path="")
    whole = [FullContact(one) for one in page.items]
    here = Piece("", "customer", OBSERVED_AT, 0, contacts=whole, unreadable=page.unreadable)
    there = admit_pieces([opened(raw(body), {})], {}, as_new=False)
    for (entry,) in there.customers.values():
        assert entry.fingerprint
        entry.fingerprint = None
    assert there == admit_pieces([here], {}, as_new=False)
    assert len(there.customers) + len(there.faults) == len(faults)


@settings(max_examples=20)
@given(faults=st.lists(st.sampled_from(FAULTS), max_size=6))
def test_outlines_keep_the_places_of_what_can_be_read(faults: list[dict[str, Any]]) -> None:
    page = decode_page(people_page(faults), ContactOutline, path="", keep_body=True)
    assert [str(place) for place in page.places] == [one.id for one in page.items]
    assert page.size == len(faults)
    assert page.body == people_page(faults)


def test_what_is_left_out_is_not_told_unless_it_cannot_be_read() -> None:
    page = raw(people_page([{}, {}, {"phone": 7}]), left_out=frozenset({0, 2}))
    admitted = admit_pieces([opened(page, {})], {}, as_new=False)
    assert admitted.customers.keys() == {"1"}
    assert [fault.external_id for fault in admitted.faults] == ["2"]


def test_lists_that_were_fetched_belong_to_the_record_in_their_place() -> None:
    page = raw(people_page([{}, {"email": 7}, {}]), lists={2: Lists(["vip"], ["f1", "f2"])})
    admitted = admit_pieces([opened(page, {})], {}, as_new=False)
    (first,), (last,) = admitted.customers["0"], admitted.customers["2"]
    assert (first.record.tags, last.record.tags) == (msgspec.UNSET, ["vip"])
    assert last.record.companies == ["f1", "f2"]  # type: ignore[union-attr]


def test_what_is_known_already_is_cut_out_of_the_page() -> None:
    page = raw(people_page([{}, {"email": 7}, {}, {}]), left_out=frozenset({0}), lists={3: VIP})
    rest = page.without([2])
    assert rest is not None
    admitted = admit_pieces([opened(rest, {})], {}, as_new=False)
    (entry,) = admitted.customers["3"]
    assert [*admitted.customers] == ["3"]
    assert (entry.record.tags, entry.fingerprint) == (["vip"], prints(page, {})["3"])
    assert [fault.external_id for fault in admitted.faults] == ["1"]
    assert page.without([1, 2, 3]) is None


def test_an_outline_has_the_fingerprint_of_the_whole_record() -> None:
    page = raw(people_page([{}, {"phone": 7}, {"tags": {"data": [{"id": "1"}]}}]), lists={0: VIP})
    opened_there = admit_pieces([opened(page, {"1": "gold"})], {"1": "gold"}, as_new=False)
    told = {name: entry.fingerprint for name, (entry,) in opened_there.customers.items()}
    outlined = prints(page, {"1": "gold"})
    assert told == {"0": outlined["0"], "2": outlined["2"]}


def test_a_fingerprint_tells_what_was_looked_up() -> None:
    tagged = {"tags": {"data": [{"id": "1"}]}}
    page = raw(people_page([tagged]))
    seen = {
        prints(page, {})["0"],
        prints(page, {"1": "gold"})["0"],
        prints(page, {"1": "silver"})["0"],
        prints(raw(people_page([tagged]), lists={0: VIP}), {"1": "gold"})["0"],
        prints(raw(people_page([{**tagged, "name": "Ann"}])), {})["0"],
    }
    assert len(seen) == 5
    assert prints(page, {"2": "other"}) == prints(page, {})


def test_an_archived_contact_is_never_recognised() -> None:
    page = raw(people_page([{"archived": True}]))
    ((entry,),) = admit_pieces([opened(page, {})], {}, as_new=False).customers.values()
    assert entry.fingerprint is None


def test_whoever_changes_how_records_are_read_changes_their_fingerprints() -> None:
    package = Path(pulsescore.__file__).parent
    found: set[str] = set()
    for name in fingerprints.READS:
        found |= imported_by(package / name)
    assert found - set(fingerprints.READS) == {"connectors/intercom/api/errors.py"}


def test_the_people_of_a_page_that_is_not_decoded_are_known_by_its_outlines() -> None:
    rows = [{"id": "7", "contacts": {"contacts": [{"id": "ann"}]}, "source": {"body": "hello"}}]
    body = json.dumps({"conversations": rows}).encode()
    outlines = dict(enumerate(decode_page(body, ConversationOutline, path="").items))
    page = RawPage(kind="conversation", observed_at=OBSERVED_AT, body=body)
    piece = Piece("", "conversation", OBSERVED_AT, size=1, page=page, outlines=outlines)
    assert contacts_in([piece]) == {"ann"} == contacts_in([opened(page, {})])
    assert page.decoded(Conversation).items[0].id == "7"


def test_the_program_answers_one_task_after_the_other() -> None:
    encode = msgspec.msgpack.encode
    first = Task([raw(people_page([{"tags": {"data": [{"id": "5"}]}}]))], {"5": "vip"}, as_new=True)
    second = Task([raw(people_page([{}, {"phone": 7}]))], {}, as_new=False)
    told = [unpack(answer) for answer in answers(encode(first), encode(second))]
    assert told[0] == admit_pieces(
        [opened(first.pages[0], {"5": "vip"})], {"5": "vip"}, as_new=True
    )
    assert told[1] == admit_pieces([opened(second.pages[0], {})], {}, as_new=False)


def test_the_program_hands_back_what_it_cannot_do_and_goes_on() -> None:
    impossible = Task([raw(b"no page at all")], {}, as_new=False)
    huge = Task([raw(people_page([{"custom_attributes": {"n": 2**70}}]))], {}, as_new=False)
    good = Task([raw(people_page([{}]))], {}, as_new=False)
    told = answers(*map(msgspec.msgpack.encode, (impossible, huge, good)))
    assert told[:2] == [b"", b""]
    assert unpack(told[2]).customers.keys() == {"0"}


def test_a_message_that_breaks_off_is_the_end() -> None:
    stream = BytesIO()
    frames.write(stream, b"whole")
    stream.seek(0)
    assert frames.read(stream) == b"whole"
    assert frames.read(stream) is None
    assert frames.read(BytesIO((5).to_bytes(8) + b"who")) is None
