"""From an action's refusal to the API's, and from a request body to an action's arguments."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from intercom_sim.actions.errors import ActionError
from intercom_sim.rest.call import Json
from intercom_sim.rest.errors import ApiError

STATUS = {"unknown": (404, "not_found"), "conflict": (409, "conflict")}
Check = Callable[[Any, str], Any]


@contextmanager
def refusing() -> Iterator[None]:
    """Turn `ActionError` into the answer that Intercom gives."""
    try:
        yield
    except ActionError as error:
        status, code = STATUS.get(error.reason, (400, "parameter_invalid"))
        raise ApiError(status, error.code or code, str(error)) from error


def chosen(fields: Json, names: Mapping[str, tuple[str, Check]]) -> Json:
    """The fields that were sent and are known, checked, under the names actions use."""
    return {
        ours: check(fields[theirs], theirs)
        for theirs, (ours, check) in names.items()
        if theirs in fields
    }
