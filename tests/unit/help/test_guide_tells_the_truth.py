"""Numbers and examples of the guide, held against the code that they speak of."""

import json
import re
import shlex
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import pytest

from pulsescore.accounts import throttle
from pulsescore.accounts.actions import invitations
from pulsescore.api.problems import _DETAILS, _STATUS
from pulsescore.api.v1 import api
from pulsescore.connectors.intercom import connection_log, oauth, secrets
from pulsescore.connectors.intercom.inbox import backoff, purge
from pulsescore.scoring.config import DEFAULTS, FACTORS
from pulsescore.scoring.factors import LEVELS, curve, evaluate
from pulsescore.scoring.wording import NAMES
from pulsescore.web.words import LEVELS as LEVEL_WORDS
from tests.unit.help.reading import URL, code_blocks, page, rows, section
from tests.unit.scoring.test_factors import CASES, NOW, one

CURLS = [(name, block) for name, block in code_blocks() if block.startswith("curl")]
SCHEMA: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))


@pytest.mark.parametrize("case", CASES)
def test_worked_examples_are_what_the_engine_computes(case: str) -> None:
    told = next(row for row in rows("scoring", "recency") if row[0].startswith(f"{case}. "))

    outcome = evaluate(one(**CASES[case][0]), DEFAULTS, NOW)

    computed = ["–" if value != value else f"{value:.4f}" for value in outcome.values[0]]  # noqa: PLR0124
    level = LEVEL_WORDS[LEVELS[outcome.levels[0]] or "none"]
    assert [_four_digits(value) for value in told[1:6]] == computed
    assert told[6] == f"{outcome.scores[0]} {level}"


def _four_digits(text: str) -> str:
    return text if text == "–" else f"{float(text):.4f}"


def test_the_table_of_the_curve_is_the_curve() -> None:
    shares = next(row for row in rows("scoring", "¼"))[1:]

    assert [int(one.removesuffix(" %")) for one in shares] == [
        round(100 * float(curve(_array(x), 1.0)[0])) for x in (0, 0.25, 0.5, 1, 2, 4)
    ]


def _array(x: float) -> Any:
    return one(open_tickets=x).open_tickets


def test_weights_and_half_points_are_the_usual_ones() -> None:
    told = {row[0]: (row[2], row[3]) for row in rows("scoring", "half point")}

    for key in FACTORS:
        half, weight = told[NAMES[key]]
        assert float(half.split()[0]) == DEFAULTS.halves[key]
        assert float(weight.removesuffix(" %")) / 100 == pytest.approx(DEFAULTS.weights[key])


def test_levels_begin_where_they_are_said_to() -> None:
    ranges = {row[0]: row[1].split(" to ")[0] for row in rows("scoring", "usual range")}

    assert ranges == {
        "Healthy (green)": f"{DEFAULTS.green:.0f}",
        "At risk (yellow)": f"{DEFAULTS.yellow:.0f}",
        "Critical (red)": "0",
    }


def test_the_arithmetic_of_the_example_holds() -> None:
    text = section("scoring", "Worked examples")
    terms, total = re.findall(r"Take D: (.+?) = ([\d.]+),", text)[0]
    products = [[float(x) for x in term.split(" × ")] for term in terms.split(" + ")]

    assert sum(a * b for a, b in products) == pytest.approx(float(total), abs=0.05)


def test_limits_of_attempts_are_told_as_they_are() -> None:
    limits = {row[0]: row[1] for row in rows("problems-pages", "allowed")}

    for words, limit in {
        "Log-ins to one account": throttle.LOGIN_PER_ACCOUNT,
        "Log-ins from one network address": throttle.LOGIN_PER_ADDRESS,
        "Sign-ups from one network address": throttle.REGISTER_PER_ADDRESS,
        "Password links for one account": throttle.RESET_PER_ACCOUNT,
        "Password links from one network address": throttle.RESET_PER_ADDRESS,
        "Invitations of one organization": throttle.INVITE_PER_ORG,
    }.items():
        span = "an hour" if limit.seconds == 3600 else f"in {limit.seconds // 60} minutes"
        assert limits[words] == f"{limit.count} {span}"


def test_spans_of_time_are_told_as_they_are() -> None:
    assert timedelta(days=7) == invitations.LIFETIME
    assert timedelta(minutes=10) == oauth.STATE_LIFETIME
    assert timedelta(hours=24) == secrets.WEBHOOK_SECRET_GRACE
    assert timedelta(days=30) == purge.KEPT == connection_log.KEPT
    tries = [backoff.next_attempt(number, now=NOW) for number in range(1, 6)]
    assert [at and (at - NOW).total_seconds() for at in tries] == [10, 30, 120, 300, None]


@pytest.mark.parametrize("status", sorted({*_DETAILS, *(code for _, code in _STATUS), 503}))
def test_every_status_of_the_api_has_a_section(status: int) -> None:
    headings = [one.heading for one in page("problems-api").content.headings]

    assert [one for one in headings if one.startswith(f"{status} ")]


@dataclass(frozen=True)
class Request:
    """What a curl command would send."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


def read_curl(command: str) -> Request:
    words = shlex.split(command.replace("\\\n", " "))
    headers: dict[str, str] = {}
    method, address, body = "GET", "", None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = json.loads(next(rest))
        elif word in {"-o", "-w"}:
            next(rest)
        elif word == "-I":
            method = "HEAD"
        elif word != "-s":
            address = word
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == URL
    return Request(method, parts.path, parse_qs(parts.query), headers, body)


def operation(request: Request) -> dict[str, Any]:
    """What the description says of the request; fails for one that it does not know."""
    for template, operations in SCHEMA["paths"].items():
        pattern = re.sub(r"\{\w+\}", r"\\d+", template)
        if re.fullmatch(pattern, request.path) and request.method.lower() in operations:
            found: dict[str, Any] = operations[request.method.lower()]
            return found
    raise AssertionError(f"the API has no {request.method} {request.path}")


@pytest.mark.parametrize(("name", "command"), CURLS)
def test_examples_are_requests_that_the_api_understands(name: str, command: str) -> None:
    request = read_curl(command)
    known = operation(request)

    parameters = {one["name"] for one in known.get("parameters", []) if one["in"] == "query"}
    assert set(request.query) <= parameters
    if request.path != "/api/v1/webhooks/intercom":
        assert request.headers["Authorization"] == "Bearer $PULSESCORE_API_KEY"
    described = known.get("requestBody", {}).get("content", {}).get("application/json")
    assert (request.body is not None) == (described is not None)
    if described:
        assert request.headers["Content-Type"] == "application/json"
        whole = {**described["schema"], "components": SCHEMA["components"]}
        jsonschema_rs.validator_for(whole).validate(request.body)


def test_the_guide_shows_requests_that_read_and_that_write() -> None:
    assert {read_curl(command).method for _, command in CURLS} >= {"GET", "POST", "DELETE"}
