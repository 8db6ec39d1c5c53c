"""Why something cannot be done."""

from typing import Literal

Reason = Literal["unknown", "conflict", "invalid"]


class ActionError(Exception):
    """The workspace is not in a state for it, or the thing meant does not exist.

    `code` is Intercom's own word for it, where it has one.
    """

    def __init__(
        self, message: str, *, reason: Reason = "conflict", code: str | None = None
    ) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.code = code
