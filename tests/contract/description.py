"""Intercom's published description as validators of answers, with what reality adds to it."""

import copy
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

Json = dict[str, Any]
REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT = REPOSITORY.parent / "shared" / "intercom" / "openapi-2.16.yaml"

# Members that real answers leave null although the description does not say so.
NULL_IN_REALITY = {"contact": ("email", "email_domain")}
# Objects whose members are of any type in reality, not only text.
ANY_VALUES = {
    "company": "custom_attributes",
    "data_event": "metadata",
    "create_data_event_request": "metadata",
    "create_or_update_company_request": "custom_attributes",
    "update_company_request": "custom_attributes",
    "update_visitor_request": "custom_attributes",
}
# Members that a changelog names and the description leaves out.
UNDESCRIBED = {"language_override"}
# Lists whose next page is an address, although the description shows a cursor there.
LINKED = ("company_list", "company_attached_contacts")


@cache
def description() -> Json:
    """The parsed file (it takes a second); skips the test if it is not there."""
    path = Path(os.environ.get("INTERCOM_OPENAPI", DEFAULT))
    if not path.exists():
        pytest.skip(f"Intercom's OpenAPI description is not at {path}")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: Json = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return loaded


@cache
def components() -> Json:
    """Its schemas as JSON Schema, opened up where reality is wider."""
    schemas = copy.deepcopy(description()["components"]["schemas"])
    statistics = schemas["conversation_statistics"]["properties"]
    for member in statistics.values():
        member["nullable"] = True
    for name, members in NULL_IN_REALITY.items():
        for member in members:
            schemas[name]["properties"][member]["nullable"] = True
    for name, member in ANY_VALUES.items():
        schemas[name]["properties"][member].pop("additionalProperties", None)
    for name in LINKED:
        schemas[name]["properties"]["pages"] = {"$ref": "#/components/schemas/pages_link"}
    converted: Json = as_json_schema(schemas)
    return converted


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema; examples left out."""
    if isinstance(node, list):
        return [as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    known = {key: as_json_schema(one) for key, one in node.items() if key != "example"}
    if known.pop("nullable", False) is True:
        return {"anyOf": [known, {"type": "null"}]}
    return known


@cache
def validator(method: str, path: str, status: int) -> jsonschema_rs.Validator:
    """The validator of an operation's answer; a KeyError names what the description lacks."""
    responses = description()["paths"][path][method.lower()]["responses"]
    schema = responses[str(status)]["content"]["application/json"]["schema"]
    whole = {"allOf": [as_json_schema(schema)], "components": {"schemas": components()}}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=False)


def shape_complaints(name: str, answer: Any) -> list[str]:
    """Where something departs from a schema of that name."""
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components()}}
    checker = jsonschema_rs.Draft4Validator(whole, validate_formats=False)
    return [one.message[:200] for one in checker.iter_errors(answer)]


def complaints(method: str, path: str, status: int, answer: Any) -> list[str]:
    """Where an answer departs from the description."""
    found = validator(method, path, status).iter_errors(answer)
    return [f"{'/'.join(map(str, one.instance_path))}: {one.message[:200]}" for one in found]


def asked_path(method: str, path: str) -> str:
    """The path of the description that a request is for; fails where it describes none."""
    exact = description()["paths"].get(path, {})
    if method.lower() in exact:
        return path
    for known, operations in description()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(known))
        if method.lower() in operations and re.fullmatch(pattern, path):
            return str(known)
    raise AssertionError(f"Intercom describes no {method} {path}")


@cache
def _asking(method: str, path: str) -> jsonschema_rs.Validator | None:
    body = description()["paths"][path][method.lower()].get("requestBody")
    if body is None:
        return None
    schema = as_json_schema(body["content"]["application/json"]["schema"])
    # Either kind of id, several shapes of one address: what fits any of them is described.
    opened = {"anyOf": schema["oneOf"]} if "oneOf" in schema else schema
    whole = {"allOf": [opened], "components": {"schemas": components()}}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=False)


def request_complaints(method: str, path: str, body: Any) -> list[str]:
    """Where a request departs from the description."""
    known = asked_path(method, path)
    validator = _asking(method, known)
    if validator is None:
        return [] if body is None else ["a body, where none is described"]
    found = [
        f"{'/'.join(map(str, one.instance_path))}: {one.message[:200]}"
        for one in validator.iter_errors(body)
    ]
    strange = set(body) - _members(method, known) - UNDESCRIBED
    return found + [f"{name}: is not described" for name in sorted(strange)]


@cache
def _members(method: str, path: str) -> frozenset[str]:
    """The members that a request may have, in any of its shapes."""
    body = description()["paths"][path][method.lower()]["requestBody"]
    return frozenset(_properties(body["content"]["application/json"]["schema"]))


def _properties(schema: Json) -> set[str]:
    if "$ref" in schema:
        return _properties(
            description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        )
    shapes = [one for key in ("oneOf", "anyOf", "allOf") for one in schema.get(key, ())]
    return set(schema.get("properties", ())).union(*map(_properties, shapes))
