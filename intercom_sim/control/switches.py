"""Reading and setting faults, webhook target and rate limit from JSON."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import msgspec

from intercom_sim.control.errors import ControlError
from intercom_sim.faults import Faults, Planned
from intercom_sim.limits import Telling
from intercom_sim.simulator import Simulator
from intercom_sim.webhooks.notifications import GENERATIONS

Json = dict[str, Any]
RATES = ("hang_rate", "cut_rate", "duplicate_rate", "drop_rate")


def shown_faults(simulator: Simulator) -> Json:
    """All switches of the REST service, the rate limit among them."""
    faults = simulator.faults
    shape = {one.name: getattr(faults, one.name) for one in fields(Faults) if one.name != "dice"}
    limiter = simulator.limiter
    shape |= {"rate_limit": limiter.per_minute, "rate_limit_tells": limiter.tells}
    return msgspec.to_builtins(shape)  # type: ignore[no-any-return]


def set_faults(simulator: Simulator, wanted: Mapping[str, Any]) -> None:
    """Change some switches; raises `ControlError` for unknown names or impossible values."""
    types: dict[str, Any] = {
        "latency_ms": float,
        "jitter_ms": float,
        "error_rates": dict[int, float],
        "hang_rate": float,
        "hang_secs": float,
        "cut_rate": float,
        "expire_cursors": bool,
        "cursors_to_expire": int,
        "planned": list[Planned],
        "denied": dict[str, int],
        "refused_filters": dict[str, list[str]],
        "rate_limit": int,
        "rate_limit_tells": Telling,
    }
    converted = _checked(wanted, types)
    limiter = simulator.limiter
    if "rate_limit" in converted:
        limiter.per_minute = max(6, converted.pop("rate_limit"))
    limiter.tells = converted.pop("rate_limit_tells", limiter.tells)
    for name, value in converted.items():
        setattr(simulator.faults, name, value)


def reset_faults(simulator: Simulator) -> None:
    """Everything works again."""
    fresh = Faults()
    simulator.limiter.tells = "headers"
    for one in fields(Faults):
        setattr(simulator.faults, one.name, getattr(fresh, one.name))


def shown_target(simulator: Simulator) -> Json:
    """Where notifications go, how, and what goes wrong with them."""
    webhooks = simulator.webhooks
    faults = webhooks.faults
    return {
        "url": webhooks.target.url,
        "generation": webhooks.target.generation,
        "topics": None if webhooks.target.topics is None else sorted(webhooks.target.topics),
        "retry_secs": webhooks.retry_secs,
        "duplicate_rate": faults.duplicate_rate,
        "drop_rate": faults.drop_rate,
        "delay_secs": faults.delay_secs,
        "reorder": faults.reorder,
        "wrong_signature": faults.wrong_signature,
        "idle": webhooks.idle,
    }


def set_target(simulator: Simulator, wanted: Mapping[str, Any]) -> None:
    """Change address, generation, topics, pause before the retry, or faults."""
    types: dict[str, Any] = {
        "url": str | None,
        "generation": str,
        "topics": frozenset[str] | None,
        "retry_secs": float,
        "duplicate_rate": float,
        "drop_rate": float,
        "delay_secs": float,
        "reorder": bool,
        "wrong_signature": bool,
    }
    converted = _checked(wanted, types)
    if converted.get("generation", "current") not in GENERATIONS:
        raise ControlError(f"generation is one of {', '.join(GENERATIONS)}")
    webhooks = simulator.webhooks
    for name, value in converted.items():
        setattr(_owner(name, simulator), name, value)
    if webhooks.target.url == "":
        webhooks.target.url = None


def _owner(name: str, simulator: Simulator) -> object:
    webhooks = simulator.webhooks
    if name in ("url", "generation", "topics"):
        return webhooks.target
    return webhooks if name == "retry_secs" else webhooks.faults


def _checked(wanted: Mapping[str, Any], types: Mapping[str, Any]) -> Json:
    unknown = sorted(set(wanted) - set(types))
    if unknown:
        raise ControlError(f"unknown: {', '.join(unknown)}")
    converted = {}
    for name, value in wanted.items():
        try:
            converted[name] = msgspec.convert(value, types[name], strict=False)
        except msgspec.ValidationError as error:
            raise ControlError(f"{name}: {error}") from error
        if name in RATES and not 0 <= converted[name] <= 1:
            raise ControlError(f"{name} is a chance from 0 to 1")
    return converted
