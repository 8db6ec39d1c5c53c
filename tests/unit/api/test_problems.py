"""Errors as problem documents."""

import json
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest
from ninja.errors import HttpError, ValidationError

from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.throttle import TooMany
from pulsescore.api import problems
from pulsescore.core.errors import (
    Conflict,
    FieldFault,
    Forbidden,
    Invalid,
    NotFound,
    PermanentError,
    Rejected,
    TransientError,
)

REQUEST = HttpRequest()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unauthenticated("x"), 401),
        (Forbidden("x"), 403),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (problems.Malformed("x"), 400),
        (problems.TooLarge("x"), 413),
        (Rejected("x"), 422),
        (TooMany(7), 429),
    ],
)
def test_each_refusal_has_its_status(error: Rejected, status: int) -> None:
    response = problems.from_rejection(REQUEST, error)
    body = json.loads(response.content)
    assert (response.status_code, body["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert body["detail"] == str(error)


def test_wrong_fields_are_listed() -> None:
    response = problems.from_rejection(REQUEST, Invalid(FieldFault("a.b", "No.")))
    assert json.loads(response.content)["errors"] == [{"field": "a.b", "message": "No."}]


def test_asking_too_often_says_when_to_return() -> None:
    assert problems.from_rejection(REQUEST, TooMany(7))["Retry-After"] == "7"


def test_a_service_outside_that_is_down_is_told_apart_from_one_that_refuses() -> None:
    down = TransientError("busy", retry_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert problems.from_outside(REQUEST, down).status_code == 503
    assert problems.from_outside(REQUEST, PermanentError("no")).status_code == 422


@pytest.mark.parametrize(
    ("loc", "field"),
    [
        (("body", "body"), "body"),
        (("body", "body", "email"), "email"),
        (("body", "body", "weights", "open_tickets"), "weights.open_tickets"),
        (("query", "page"), "page"),
        (("query", "query", "page"), "page"),
        (("path", "customer_id"), "customer_id"),
    ],
)
def test_fields_are_named_by_their_plain_path(loc: tuple[str, ...], field: str) -> None:
    fault = {"loc": loc, "type": "string_type", "msg": "Input should be a valid string"}
    response = problems.from_validation(REQUEST, ValidationError([fault]))
    assert json.loads(response.content)["errors"] == [
        {"field": field, "message": "Input should be a valid string."}
    ]


def test_a_missing_body_is_said_in_words() -> None:
    fault = {"loc": ("body", "body"), "type": "missing", "msg": "Field required"}
    response = problems.from_validation(REQUEST, ValidationError([fault]))
    assert json.loads(response.content)["errors"][0]["message"] == "Send a JSON object."


def test_what_caused_a_refusal_of_the_framework_is_told() -> None:
    error = HttpError(400, "Cannot parse request body")
    error.__cause__ = Invalid(FieldFault("name", "No."))
    assert problems.from_http_error(REQUEST, error).status_code == 422
