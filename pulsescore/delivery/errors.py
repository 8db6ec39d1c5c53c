"""What went wrong with a delivery, beyond what every service outside can answer.

OutsideError (core.errors)
├── TransientError    tried again, at `retry_at` where it is known
└── PermanentError    this delivery is given up
    └── Unwelcome     its destination is switched off: nothing will ever arrive there again
"""

from datetime import datetime

from pulsescore.core.errors import PermanentError, TransientError


class Unwelcome(PermanentError):
    """The destination said that it is gone, or that it does not know us."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NotTaken(TransientError):
    """The destination answered, but did not take the message."""

    def __init__(self, status: int, *, retry_at: datetime | None = None) -> None:
        super().__init__(f"HTTP {status}", retry_at=retry_at)
        self.status = status
