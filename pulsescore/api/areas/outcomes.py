"""Who left, and when: told by programs, listed, removed; the attribute that tells it."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel, Field, Strict

from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.scoring.outcomes import actions, queries
from pulsescore.scoring.outcomes.models import OutcomeAttribute, OutcomeRecord
from pulsescore.scoring.outcomes.recording import Row

router = Router(tags=["Outcomes"])
MAX_ROWS = 1_000
KEYS = (
    "customer_id",
    "external_id",
    "user_id",
    "email",
    "company_id",
    "company_external_id",
    "company_key",
)


class OutcomeIn(StrictBody):
    """Who left and on which day: a customer or a company, named in exactly one way."""

    left_on: Annotated[date, Strict(False)]
    customer_id: int | None = None
    external_id: str | None = None
    user_id: str | None = None
    email: str | None = None
    company_id: int | None = None
    company_external_id: str | None = None
    company_key: str | None = None


class OutcomesIn(StrictBody):
    """Up to a thousand outcomes."""

    outcomes: Annotated[list[OutcomeIn], Field(min_length=1, max_length=MAX_ROWS)]


class RefusedOut(BaseModel):
    """A row, counted from 0, that was not taken."""

    row: int
    field: str
    message: str


class RecordedOut(BaseModel):
    """What became of the rows; the same rows again change nothing."""

    added: int
    changed: int
    unchanged: int
    refused: list[RefusedOut]


class OutcomeOut(BaseModel):
    """One outcome: of a customer, or of a company and with it of its customers."""

    id: int
    customer_id: int | None
    company_id: int | None
    name: str | None
    left_on: date
    source: str
    recorded_at: datetime


class OutcomesOut(BaseModel):
    """A page of outcomes, the latest first."""

    outcomes: list[OutcomeOut]
    pagination: Pagination


class OutcomesQuery(PageQuery):
    """Which outcomes."""

    source: Literal["attribute", "csv", "api"] | None = None


class AttributeIn(StrictBody):
    """The attribute to follow, for example `metadata.churned_at`."""

    field: str


class AttributeOut(BaseModel):
    """The attribute that tells who left, how many it told, and how many values are no day."""

    field: str
    found: int
    unreadable: int
    read_at: datetime | None


@router.get("", response=OutcomesOut, auth=member)
def list_outcomes(request: MemberRequest, query: Annotated[OutcomesQuery, Query()]) -> OutcomesOut:
    """Who left, the latest first."""
    found = queries.list_outcomes(request.auth.org_id, source=query.source or "")
    rows, told = cut(found, query)
    return OutcomesOut(outcomes=[_show(one) for one in rows], pagination=told)


@router.post("", response=RecordedOut, auth=admin)
def record_outcomes(request: MemberRequest, body: OutcomesIn) -> RecordedOut:
    """Tell who left; what is valid is kept, each other row is refused with its reason."""
    rows = [_row(place, one) for place, one in enumerate(body.outcomes)]
    recorded = actions.record_outcomes(request.auth, rows, now=utcnow())
    return RecordedOut(
        added=recorded.added,
        changed=recorded.changed,
        unchanged=recorded.unchanged,
        refused=[
            RefusedOut(row=one.line, field=one.field, message=one.message)
            for one in recorded.refused
        ],
    )


@router.get("/attribute", response=AttributeOut, auth=member)
def get_attribute(request: MemberRequest) -> AttributeOut:
    """The attribute that tells who left; 404 while none is chosen."""
    chosen = queries.get_attribute(request.auth.org_id)
    if chosen is None:
        raise NotFound("No attribute is chosen.")
    return _show_attribute(chosen)


@router.put("/attribute", response=AttributeOut, auth=admin)
def choose_attribute(request: MemberRequest, body: AttributeIn) -> AttributeOut:
    """Have an attribute tell who left; it is read at once, and again each night."""
    chosen = actions.choose_attribute(request.auth, field=body.field, now=utcnow())
    return _show_attribute(chosen)


@router.delete("/attribute", response={204: None}, auth=admin)
def drop_attribute(request: MemberRequest) -> Status[None]:
    """No attribute tells who left any more; the outcomes that it told go."""
    actions.drop_attribute(request.auth, now=utcnow())
    return Status(204, None)


@router.delete("/{id:outcome_id}", response={204: None}, auth=admin)
def remove_outcome(request: MemberRequest, outcome_id: int) -> Status[None]:
    """Remove an outcome; one that an attribute tells is changed there."""
    actions.remove_outcome(request.auth, outcome_id=outcome_id, now=utcnow())
    return Status(204, None)


def _row(place: int, given: OutcomeIn) -> Row:
    named = [(key, getattr(given, key)) for key in KEYS if getattr(given, key) is not None]
    if len(named) != 1:
        raise Invalid(
            FieldFault(f"outcomes.{place}", "Name the customer or company in exactly one way.")
        )
    key, name = named[0]
    return Row(place, key, str(name), given.left_on)


def _show(row: OutcomeRecord) -> OutcomeOut:
    thing = row.customer or row.company
    email = row.customer.email if row.customer else None
    return OutcomeOut(
        id=row.pk,
        customer_id=row.customer_id,
        company_id=row.company_id,
        name=(thing.name if thing else None) or email,
        left_on=row.left_on,
        source=row.source,
        recorded_at=row.recorded_at,
    )


def _show_attribute(chosen: OutcomeAttribute) -> AttributeOut:
    return AttributeOut(
        field=chosen.field,
        found=chosen.found,
        unreadable=chosen.unreadable,
        read_at=chosen.read_at,
    )
