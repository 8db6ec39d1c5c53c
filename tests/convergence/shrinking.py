"""A failing case made shorter, step by step, as long as it fails in the same way."""

import re
from collections.abc import Callable

from tests.convergence.cases import Case

_DIGITS = re.compile(r"[0-9a-f]{24}|\d+")
_TELLING_CHARS = 50

Failure = str | None


def shortest(case: Case, failure: str, attempt: Callable[[Case], Failure]) -> tuple[Case, str]:
    """The shortest case found, and how it fails; halves are left out first, then single steps."""
    size = max(1, len(case.history) // 2)
    while size:
        start, is_shorter = 0, False
        while start < len(case.history):
            rest = case.history[:start] + case.history[start + size :]
            shorter = Case(case.generation, rest)
            result = attempt(shorter)
            if result is not None and _kind(result) == _kind(failure):
                case, failure, is_shorter = shorter, result, True
            else:
                start += size
        size = size // 2 if size > 1 or not is_shorter else 1
    return case, failure


def _kind(failure: str) -> str:
    """What is left of a failure without the names of those whom it met."""
    return _DIGITS.sub("#", failure)[:_TELLING_CHARS]
