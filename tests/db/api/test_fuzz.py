"""Whatever is sent, the API never fails on its own side, and always answers JSON."""

import random
from typing import Any

import pytest

from pulsescore.api.v1 import api as the_api
from tests.db.api.world import Api, World

TURNS = 4
# Served elsewhere, calling Intercom, or ending the caller's own log-in.
APART = ("/webhooks/intercom", "/connections", "/connections/{connection_id}", "/auth/logout")
TEXTS = ["", "a", "\u0000", "🦊" * 50, "x" * 5000, "'; --", "%s%n", "../..", "NaN", "null", "\n"]
NUMBERS = [0, -1, 1, 2**31, 2**63, 2**63 - 1, -(2**70), 0.5, 1e308, 10**400]
ANYTHING: list[Any] = [*TEXTS, *NUMBERS, None, True, [], {}, [[]], {"a": {"b": [None]}}]


def value_for(shape: dict[str, Any], components: dict[str, Any], dice: random.Random) -> Any:
    """A value that fits the described shape most of the time."""
    if dice.random() < 0.35:
        return dice.choice(ANYTHING)
    if "$ref" in shape:
        return value_for(components[shape["$ref"].rsplit("/", 1)[-1]], components, dice)
    options = shape.get("anyOf") or shape.get("enum")
    if options:
        chosen = dice.choice(options)
        return value_for(chosen, components, dice) if "anyOf" in shape else chosen
    return plain_value(shape, components, dice)


def plain_value(shape: dict[str, Any], components: dict[str, Any], dice: random.Random) -> Any:
    kind = shape.get("type")
    if kind == "object":
        fields = shape.get("properties", {"x": {}})
        made = {name: value_for(one, components, dice) for name, one in fields.items()}
        return {name: made[name] for name in made if dice.random() < 0.9}
    if kind == "array":
        return [value_for(shape.get("items", {}), components, dice)]
    if kind in {"integer", "number"}:
        return dice.choice(NUMBERS)
    return dice.choice([*TEXTS, "2026-01-01T00:00:00Z"]) if kind == "string" else None


def query_for(operation: dict[str, Any], components: dict[str, Any], dice: random.Random) -> str:
    asked = [one for one in operation.get("parameters", []) if one["in"] == "query"]
    chosen = [one for one in asked if dice.random() < 0.6]
    parts = [
        f"{one['name']}={quoted(value_for(one['schema'], components, dice))}" for one in chosen
    ]
    return "?" + "&".join(parts) if parts else ""


def quoted(value: Any) -> str:
    return "".join(f"%{byte:02x}" for byte in str(value).encode())


def path_for(path: str, world: World, dice: random.Random) -> str:
    known = list(world.ids.values())
    while "{" in path:
        before, rest = path.split("{", 1)
        after = rest.split("}", 1)[1]
        path = before + str(dice.choice([*known, 0, "x", 2**63, "%00", "%2e%2e"])) + after
    return path


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_sent_breaks_it(seed: int, world: World, alice: Api) -> None:
    dice = random.Random(seed)
    description = the_api.get_openapi_schema()
    components = description["components"]["schemas"]
    for path, operations in description["paths"].items():
        if path.endswith(APART):
            continue
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            for _ in range(TURNS):
                shown = path_for(path.removeprefix("/api/v1"), world, dice)
                answer = alice.call(
                    method.upper(),
                    shown + query_for(operation, components, dice),
                    value_for(body["schema"], components, dice) if body else None,
                )
                assert answer.status < 500, (method, shown, answer.body)
                assert answer.status in {204} or answer.body is not None, (method, shown)
