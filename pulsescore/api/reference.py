"""The readable page about the API, rendered from its OpenAPI description; needs no script."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from pulsescore.api.v1 import api

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """One parameter, or one field of a body or answer."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Entry:
    """One operation as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: list[Field]
    answers: list[tuple[str, list[Field]]]
    secured: bool


@require_safe
def reference(_request: HttpRequest) -> HttpResponse:
    """All operations by area; the same for everybody, so nothing of the session is read."""
    schema = api.get_openapi_schema()
    context = {
        "theme": "auto",
        "info": schema["info"],
        "paragraphs": schema["info"]["description"].strip().split("\n\n"),
        "areas": by_area(schema),
    }
    return HttpResponse(render_to_string("api/reference.html", context))


def by_area(schema: dict[str, Any]) -> dict[str, list[Entry]]:
    """The description's operations, grouped by their first tag, in the order they stand."""
    areas: dict[str, list[Entry]] = {}
    for path, operations in schema["paths"].items():
        for method in _METHODS:
            if method in operations:
                area = operations[method].get("tags", ["other"])[0]
                areas.setdefault(area, []).append(_entry(path, method, operations[method], schema))
    return areas


def _entry(path: str, method: str, operation: dict[str, Any], schema: dict[str, Any]) -> Entry:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Entry(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        parameters=[_parameter(one, schema) for one in operation["parameters"]],
        body=list(_fields(body.get("schema", {}), schema)),
        answers=[
            (str(status), list(_fields(_answer_schema(answer), schema)))
            for status, answer in operation["responses"].items()
            if status != "4XX"
        ],
        secured="security" in operation,
    )


def _answer_schema(answer: dict[str, Any]) -> dict[str, Any]:
    content = answer.get("content", {}).get("application/json", {})
    found: dict[str, Any] = content.get("schema", {})
    return found


def _parameter(parameter: dict[str, Any], schema: dict[str, Any]) -> Field:
    return Field(
        name=parameter["name"],
        kind=kind_of(parameter["schema"], schema),
        required=parameter["required"],
        description=parameter.get("description", ""),
    )


def _fields(shape: dict[str, Any], schema: dict[str, Any]) -> Iterator[Field]:
    resolved = _resolve(shape, schema)
    required = set(resolved.get("required", []))
    for name, details in resolved.get("properties", {}).items():
        yield Field(
            name=name,
            kind=kind_of(details, schema),
            required=name in required,
            description=details.get("description", ""),
        )


def _resolve(shape: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for option in shape.get("anyOf", []):
        if option.get("type") != "null":
            return _resolve(option, schema)
    if "$ref" in shape:
        named: dict[str, Any] = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
        return named
    return shape


def kind_of(shape: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in words: "text", "number, may be empty", "list of MemberOut"."""
    if "anyOf" in shape:
        kinds = [kind_of(one, schema) for one in shape["anyOf"]]
        named = [kind for kind in kinds if kind != "empty"]
        return " or ".join(named) + (", may be empty" if "empty" in kinds else "")
    if "$ref" in shape:
        return str(shape["$ref"].rsplit("/", 1)[-1]).removesuffix("Out").lower()
    if "enum" in shape:
        return "one of " + ", ".join(map(str, shape["enum"]))
    if "const" in shape:
        return str(shape["const"])
    if shape.get("type") == "array":
        return f"list of {kind_of(shape.get('items', {}), schema)}"
    return _PLAIN.get(shape.get("format", shape.get("type", "")), "any value")


_PLAIN = {
    "string": "text",
    "date-time": "instant",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "empty",
}
