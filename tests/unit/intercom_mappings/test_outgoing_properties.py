"""Laws of the outgoing table, for any values, rows and states."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.connectors.intercom.mappings.conversion import is_empty
from pulsescore.connectors.intercom.mappings.fields import CUSTOM, STANDARD, Definition, Row
from pulsescore.connectors.intercom.mappings.outgoing import after, desired
from pulsescore.connectors.intercom.mappings.theirs import Theirs
from tests.unit.intercom_mappings.many import CASES

TYPES = ("string", "integer", "float", "boolean", "date", "datetime")
DEFINITIONS = {
    f"{CUSTOM}{kind}": Definition(name=f"{CUSTOM}{kind}", data_type=kind) for kind in TYPES
} | {f"{CUSTOM}level": Definition(name=f"{CUSTOM}level", options=("Gold", "Silver"))}
OURS = ("a", "b", "c", "d")

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats()
    | st.datetimes()
    | st.text(max_size=300)
    | st.sampled_from(["", " ", "0", "true", "12", "12.5", "Gold", "gOLD", "2026-03-01", "a@b.co"])
)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(), scalars, max_size=2)


def rows_for(kind: Any) -> st.SearchStrategy[Row]:
    names = st.sampled_from([*STANDARD[kind], *DEFINITIONS, f"{CUSTOM}unheard_of", "created_at"])
    return st.builds(
        Row,
        object=st.just(kind),
        attribute=st.sampled_from(OURS),
        intercom=names,
        overwrite=st.booleans(),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Any], Theirs, list[Row]]:
    kind = draw(st.sampled_from(["contact", "company"]))
    names = st.sampled_from([*STANDARD[kind], *DEFINITIONS])
    return (
        draw(st.dictionaries(st.sampled_from(OURS), values)),
        Theirs(
            object=kind,
            role=draw(st.sampled_from(["user", "lead", None])),
            values=draw(st.dictionaries(names, values, max_size=6)),
        ),
        draw(st.lists(rows_for(kind), max_size=8)),
    )


@settings(max_examples=CASES)
@given(situations())
def test_once_it_is_written_there_is_nothing_more_to_write(
    situation: tuple[dict[str, Any], Theirs, list[Row]],
) -> None:
    ours, theirs, rows = situation
    first = desired(ours, theirs, rows, DEFINITIONS)
    assert desired(ours, after(theirs, first.writes), rows, DEFINITIONS).writes == {}


@settings(max_examples=CASES)
@given(situations())
def test_an_unchecked_row_never_changes_what_intercom_has(
    situation: tuple[dict[str, Any], Theirs, list[Row]],
) -> None:
    ours, theirs, rows = situation
    polite = [
        Row(object=one.object, attribute=one.attribute, intercom=one.intercom) for one in rows
    ]
    writes = desired(ours, theirs, polite, DEFINITIONS).writes
    assert all(is_empty(theirs.values.get(name)) for name in writes)


@settings(max_examples=CASES)
@given(situations())
def test_every_row_is_judged_as_if_it_were_alone(
    situation: tuple[dict[str, Any], Theirs, list[Row]],
) -> None:
    ours, theirs, rows = situation
    alone: dict[str, Any] = {}
    answered: set[str] = set()
    for row in rows:
        if row.intercom not in answered and row.attribute in ours:
            answered.add(row.intercom)
            alone |= desired(ours, theirs, [row], DEFINITIONS).writes
    assert desired(ours, theirs, rows, DEFINITIONS).writes == alone


@settings(max_examples=CASES)
@given(situations())
def test_no_text_is_sent_that_is_longer_than_intercom_takes(
    situation: tuple[dict[str, Any], Theirs, list[Row]],
) -> None:
    ours, theirs, rows = situation
    sent = desired(ours, theirs, rows, DEFINITIONS).writes
    texts = [one for name, one in sent.items() if isinstance(one, str) and name != "avatar"]
    assert all(len(one) <= 255 for one in texts)
