"""The readable page about the API."""

from typing import Any

import pytest

from pulsescore.api.reference import by_area, kind_of
from pulsescore.api.v1 import api

SCHEMA: dict[str, Any] = {"components": {"schemas": {}}}


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "instant"),
        ({"type": "array", "items": {"type": "integer"}}, "list of whole number"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number, may be empty"),
        ({"enum": ["us", "eu"]}, "one of us, eu"),
        ({"$ref": "#/components/schemas/CustomerOut"}, "customer"),
        ({}, "any value"),
    ],
)
def test_types_are_told_in_words(shape: dict[str, Any], words: str) -> None:
    assert kind_of(shape, SCHEMA) == words


def test_every_operation_has_an_area_a_summary_and_a_description() -> None:
    areas = by_area(api.get_openapi_schema(path_prefix="/api/v1/"))
    assert "other" not in areas
    for entries in areas.values():
        assert all(one.summary for one in entries)
        assert all(one.description for one in entries if one.method != "HEAD")


def test_fields_of_bodies_are_shown() -> None:
    areas = by_area(api.get_openapi_schema(path_prefix="/api/v1/"))
    register = next(one for one in areas["Auth"] if one.path.endswith("/register"))
    assert [field.name for field in register.body][:2] == ["org_name", "first_name"]
    assert not register.secured
