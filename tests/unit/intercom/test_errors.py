"""Each refusal of Intercom carries the right decision."""

import json

import pytest

from pulsescore.connectors.intercom.api import errors
from pulsescore.core.errors import PermanentError, TransientError


def classified(
    status: int,
    code: str = "",
    *,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> errors.PermanentApiError | errors.TransientApiError:
    told = {"type": "error.list", "request_id": "r1", "errors": [{"code": code, "message": "m"}]}
    return errors.classify(
        method="GET",
        path="/x",
        status=status,
        headers=headers or {},
        body=json.dumps(told).encode() if body is None else body,
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "unauthorized", errors.TokenRefused),
        (401, "token_revoked", errors.TokenRefused),
        (402, "api_plan_restricted", errors.PlanRestricted),
        (403, "api_plan_restricted", errors.PlanRestricted),
        (403, "forbidden", errors.PermissionMissing),
        (404, "not_found", errors.NotFoundThere),
        (400, "parameter_invalid", errors.RequestRefused),
        (409, "conflict", errors.RequestRefused),
        (422, "unprocessable_entity", errors.RequestRefused),
    ],
)
def test_refusals_are_permanent(status: int, code: str, kind: type[Exception]) -> None:
    error = classified(status, code)
    assert type(error) is kind
    assert isinstance(error, PermanentError)
    assert (error.failure.code, error.failure.request_id) == (code, "r1")


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, "rate_limit_exceeded", errors.RateLimited),
        (400, "scroll_exists", errors.ScrollBusy),
        (408, "request_timeout", errors.ServerFailed),
        (500, "server_error", errors.ServerFailed),
        (503, "service_unavailable", errors.ServerFailed),
        (302, "", errors.ServerFailed),
    ],
)
def test_hiccups_are_transient(status: int, code: str, kind: type[Exception]) -> None:
    error = classified(status, code)
    assert type(error) is kind
    assert isinstance(error, TransientError)


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b'{"errors": "no"}', b"\xff"])
def test_a_body_that_is_no_error_list_is_no_obstacle(body: bytes) -> None:
    error = classified(502, body=body)
    assert isinstance(error, errors.ServerFailed)
    assert error.failure.status == 502


def test_a_merged_contact_names_the_survivor() -> None:
    link = '</contacts/65a0ff>; rel="canonical"'
    error = classified(410, "contact_merged", headers={"Link": link})
    assert isinstance(error, errors.ContactMerged)
    assert error.target == "65a0ff"


def test_a_merge_without_a_link_names_nobody() -> None:
    error = classified(410, "contact_merged")
    assert isinstance(error, errors.ContactMerged)
    assert error.target is None
