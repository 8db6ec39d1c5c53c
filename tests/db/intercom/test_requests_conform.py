"""Every request of a sync is one that Intercom's own description knows, and only reads."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import pytest

from intercom_sim.requestlog import Logged
from intercom_sim.server import Running
from tests.contract.description import as_json_schema, components, description
from tests.db.intercom.conftest import Sync, succeeded

Json = dict[str, Any]

# Told in the prose of the description, though not among the parameters of each operation.
PAGING = {"page", "per_page", "starting_after", "scroll_param"}


def operation(logged: Logged) -> Json:
    """The described operation of a request; fails when there is none."""
    for template, operations in description()["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, logged.path) and logged.method.lower() in operations:
            found: Json = operations[logged.method.lower()]
            return found
    raise AssertionError(f"Intercom does not describe {logged.method} {logged.path}")


def complaints(logged: Logged) -> list[str]:
    known = operation(logged)
    parameters = known.get("parameters", [])
    names = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    strange = {name for name, _ in parse_qsl(logged.query)} - names - PAGING
    found = [f"unknown query parameter {name}" for name in sorted(strange)]
    if logged.body:
        schema = known["requestBody"]["content"]["application/json"]["schema"]
        whole = {"allOf": [as_json_schema(schema)], "components": {"schemas": components()}}
        checker = jsonschema_rs.Draft4Validator(whole, validate_formats=False)
        body = json.loads(logged.body)
        found += [error.message[:200] for error in checker.iter_errors(body)]
    return found


@pytest.mark.parametrize("kind", ["full", "incremental", "reconcile"])
def test_requests_of_a_run_are_described_by_intercom(sim: Running, sync: Sync, kind: str) -> None:
    assert succeeded(sync("full"))
    if kind != "full":
        sim.simulator.log.clear()
        assert succeeded(sync(kind))
    asked = list(sim.simulator.log)
    assert asked
    found = {f"{one.method} {one.path}": complaints(one) for one in asked}
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_every_request_names_the_version_and_none_of_them_writes(sim: Running, sync: Sync) -> None:
    assert succeeded(sync("full"))
    asked = [one for one in sim.simulator.log if not one.path.startswith("/auth")]
    assert {one.headers.get("Intercom-Version") for one in asked} == {"2.16"}
    assert sim.simulator.log.writes() == []
