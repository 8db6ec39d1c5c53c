"""Errors that carry the decision: who is at fault, and whether trying again can help.

PulseScoreError
├── Rejected            the caller's request cannot be done
│   ├── Invalid         a field is wrong (422), with the path of each fault
│   ├── NotFound        no such thing in this organization (404)
│   ├── Forbidden       the caller's role does not allow it (403)
│   └── Conflict        it contradicts what is stored (409)
└── OutsideError        a service outside answered badly
    ├── PermanentError  trying again cannot help until a person acts
    └── TransientError  try again at `retry_at`, or after a backoff
"""

from dataclasses import dataclass
from datetime import datetime


class PulseScoreError(Exception):
    """Base of all errors raised on purpose."""


class Rejected(PulseScoreError):
    """The request cannot be done as asked; the message says what to do instead."""


@dataclass(frozen=True)
class FieldFault:
    """One field that is wrong: its dotted path and a sentence for the person who sent it."""

    field: str
    message: str


class Invalid(Rejected):
    """One or more fields are wrong."""

    def __init__(self, *faults: FieldFault) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.field}: {fault.message}" for fault in faults))


class NotFound(Rejected):
    """There is no such thing in this organization."""


class Forbidden(Rejected):
    """The acting user's role in this organization does not allow it."""


class Conflict(Rejected):
    """The request contradicts what is stored."""


class OutsideError(PulseScoreError):
    """A service outside answered badly."""


class PermanentError(OutsideError):
    """Trying again cannot help until a person changes something."""


class TransientError(OutsideError):
    """Trying again can help, not before `retry_at` where it is known (UTC)."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at
