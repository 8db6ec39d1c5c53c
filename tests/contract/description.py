"""Intercom's published description as validators of answers, with what reality adds to it."""

import copy
import os
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
ANY_VALUES = {"company": "custom_attributes", "data_event": "metadata"}
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
