"""Runs `evidence` in a process of its own, so that its library and its work burden nobody else."""

import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

MOST_SECS: Final = 600.0
_PROGRAM: Final = [sys.executable, "-m", "pulsescore.scoring.backtest.evidence"]


class NoEvidence(Exception):
    """The program ended without an answer."""


def judge_separately(
    seen: Mapping[str, Mapping[str, NDArray[Any]]], *, weights: list[float], learn_from: str
) -> dict[str, Any]:
    """What `evidence.judge_all` says of these arrays; raises `NoEvidence`."""
    arrays: dict[str, Any] = {
        f"{name}.{part}": values for name, one in seen.items() for part, values in one.items()
    }
    given = BytesIO()
    np.savez(given, names=list(seen), weights=weights, learn_from=learn_from, **arrays)
    try:
        ended = subprocess.run(  # noqa: S603 (our own program)
            _PROGRAM, input=given.getvalue(), capture_output=True, check=True, timeout=MOST_SECS
        )
    except subprocess.SubprocessError as error:
        stderr = getattr(error, "stderr", None) or b""
        raise NoEvidence(stderr.decode(errors="replace")[-500:] or str(error)) from error
    answer: dict[str, Any] = msgspec.json.decode(ended.stdout)
    return answer
