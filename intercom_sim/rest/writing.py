"""From an action's refusal to the API's, and from a request body to an action's arguments."""

from collections.abc import Iterator
from contextlib import contextmanager

from intercom_sim.actions.errors import ActionError
from intercom_sim.rest.call import Json
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.search.ranges import seconds

STATUS = {"unknown": (404, "not_found"), "conflict": (409, "conflict")}
TIMES = ("signed_up_at", "last_seen_at", "remote_created_at")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn `ActionError` into the answer that Intercom gives."""
    try:
        yield
    except ActionError as error:
        status, code = STATUS.get(error.reason, (400, "parameter_invalid"))
        raise ApiError(status, code, str(error)) from error


def chosen(fields: Json, names: dict[str, str]) -> Json:
    """The fields that were sent, under the names actions use; times are checked."""
    found = {ours: fields[theirs] for theirs, ours in names.items() if theirs in fields}
    for name in TIMES:
        if found.get(name) is not None:
            found[name] = seconds(found[name])
    return found


def attributes(fields: Json, *, known: set[str]) -> Json:
    """The custom attributes that were sent; undeclared ones are refused."""
    sent = fields.get("custom_attributes") or {}
    if not isinstance(sent, dict):
        raise invalid("custom_attributes is not an object", field="custom_attributes")
    unknown = sorted(set(sent) - known)
    if unknown:
        message = f"Custom attribute '{unknown[0]}' does not exist"
        raise invalid(message, field="custom_attributes")
    return sent
