"""Why a run ended, in a sentence for the person who looks at it."""

from pulsescore.connectors.intercom.api import errors
from pulsescore.connectors.intercom.problems import PROBLEMS, problem_code

CANCELED = "The run was stopped."
INTERNAL = "PulseScore made a mistake here; the details are in the server's log."


def why(error: BaseException) -> str:
    """The reason; names Intercom's own code and request id where there are any."""
    if isinstance(error, errors.PermanentApiError):
        return f"{_permanent(error)}{_reference(error)}"
    if isinstance(error, errors.TransientApiError):
        return f"{_transient(error)} What was read so far is kept.{_reference(error)}"
    return INTERNAL


def _permanent(error: errors.PermanentApiError) -> str:
    problem = PROBLEMS[problem_code(error)]
    if problem.code == "unknown":
        return "Intercom refused a request."
    return f"{problem.title}. {problem.remedy}"


def _transient(error: errors.TransientApiError) -> str:
    if isinstance(error, errors.RateLimited):
        return "Intercom's rate limit left no room for this run."
    if isinstance(error, errors.UnreadableAnswer):
        return "Intercom sent an answer that cannot be read."
    if isinstance(error, errors.ServerFailed):
        return "Intercom answered with a fault of its own, again and again."
    return "Intercom could not be reached."


def _reference(error: errors.ApiError) -> str:
    failure = error.failure
    known = [
        f"{failure.method} {failure.path}".strip(),
        f"{failure.status or ''} {failure.code}".strip(),
        failure.message,
        f"request {failure.request_id}" if failure.request_id else "",
    ]
    return f" ({'; '.join(part for part in known if part)})"
