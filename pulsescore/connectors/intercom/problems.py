"""Why a connection could not be made, in words: what happened, what it means, what to do."""

from dataclasses import dataclass
from typing import Final

from pulsescore.connectors.intercom.api import errors
from pulsescore.core.errors import FieldFault, Invalid, TransientError


@dataclass(frozen=True)
class ConnectProblem:
    """One known problem. `retry` tells whether starting again can help without other changes."""

    code: str
    title: str
    meaning: str
    remedy: str
    retry: bool = True

    def __str__(self) -> str:
        return f"{self.title}. {self.meaning} {self.remedy}"


PROBLEMS: Final = {
    problem.code: problem
    for problem in (
        ConnectProblem(
            "access_denied",
            "Access was not granted",
            "Intercom's permission page was closed or declined, so PulseScore got no access.",
            "Start again and press Authorize on Intercom's page.",
        ),
        ConnectProblem(
            "invalid_client",
            "Intercom does not know this PulseScore installation",
            "The client id or client secret configured here is not the one of an Intercom app.",
            "Ask whoever runs PulseScore to compare INTERCOM_CLIENT_ID and "
            "INTERCOM_CLIENT_SECRET with the app's page in Intercom's Developer Hub.",
            retry=False,
        ),
        ConnectProblem(
            "redirect_uri_mismatch",
            "Intercom does not accept the return address",
            "The address to return to is not among the redirect URLs of the Intercom app.",
            "Ask whoever runs PulseScore to add the callback address to the app's redirect URLs "
            "in Intercom's Developer Hub, and to check PULSESCORE_PUBLIC_URL.",
            retry=False,
        ),
        ConnectProblem(
            "state_expired",
            "The attempt took too long",
            "An attempt to connect is valid for ten minutes.",
            "Start again from Settings, Integrations.",
        ),
        ConnectProblem(
            "state_replayed",
            "This attempt was already used",
            "Each attempt to connect works once; the page may have been reloaded or opened twice.",
            "See under Settings, Integrations whether Intercom is connected; if not, start again.",
        ),
        ConnectProblem(
            "state_invalid",
            "This attempt was not started here",
            "The answer from Intercom does not belong to an attempt of this browser and account.",
            "Start again from Settings, Integrations in the browser where you are signed in.",
        ),
        ConnectProblem(
            "code_used",
            "Intercom's code is no longer valid",
            "A code from Intercom works once and for a few minutes only.",
            "Start again from Settings, Integrations.",
        ),
        ConnectProblem(
            "code_missing",
            "Intercom sent no code",
            "The answer from Intercom lacks the code that PulseScore exchanges for access.",
            "Start again; if it happens twice, check the app in Intercom's Developer Hub.",
        ),
        ConnectProblem(
            "not_configured",
            "Connecting by Intercom's page is not set up",
            "This installation has no Intercom app configured.",
            "Paste an access token instead, or ask whoever runs PulseScore to set "
            "INTERCOM_CLIENT_ID and INTERCOM_CLIENT_SECRET.",
            retry=False,
        ),
        ConnectProblem(
            "unreachable",
            "Intercom could not be reached",
            "Intercom did not answer, or answered with a fault of its own.",
            "Wait a minute and try again; Intercom's status page tells whether it is down.",
        ),
        ConnectProblem(
            "token_refused",
            "Intercom did not accept the access token",
            "It is mistyped, was revoked, or belongs to a workspace in another region.",
            "Copy the token again from the app's page in Intercom's Developer Hub, and choose "
            "the region of the workspace.",
        ),
        ConnectProblem(
            "wrong_region",
            "The workspace is in another region",
            "The chosen region is not the one where Intercom hosts this workspace.",
            "Choose the region of the workspace, or let PulseScore detect it.",
        ),
        ConnectProblem(
            "plan_restricted",
            "Intercom's plan does not allow this",
            "Intercom answered that the workspace's subscription does not include API access.",
            "Ask the workspace's owner to check the Intercom subscription.",
        ),
        ConnectProblem(
            "permission_missing",
            "The access token lacks a permission",
            "Intercom refused a request because the app may not make it.",
            "Grant the permissions listed in the guide to the app in Intercom's Developer Hub.",
        ),
        ConnectProblem(
            "no_workspace",
            "The token belongs to no workspace",
            "Intercom accepted the token but did not say for which workspace.",
            "Use an access token of an app that is installed in your workspace.",
        ),
        ConnectProblem(
            "unknown",
            "Intercom could not be connected",
            "Intercom answered with an error that PulseScore does not know.",
            "Start again; if it happens twice, contact support and name the code of the error.",
        ),
    )
}


class ConnectFailed(Invalid):
    """Connecting failed until a person changes something; nothing was stored."""

    def __init__(self, code: str, *, field: str = "access_token", detail: str = "") -> None:
        self.problem = PROBLEMS.get(code, PROBLEMS["unknown"])
        self.detail = detail
        super().__init__(FieldFault(field, f"{self.problem} {detail}".strip()))


class ConnectDelayed(TransientError):
    """Intercom could not be asked; trying again later can help. Nothing was stored."""

    def __init__(self, error: errors.TransientApiError) -> None:
        self.problem = PROBLEMS["unreachable"]
        super().__init__(str(self.problem), retry_at=error.retry_at)


def problem_code(error: errors.PermanentApiError) -> str:
    """The problem that a permanent refusal means for a connection."""
    if isinstance(error, errors.TokenRefused):
        return "token_refused"
    if isinstance(error, errors.PlanRestricted):
        return "plan_restricted"
    if isinstance(error, errors.PermissionMissing):
        return "permission_missing"
    return "unknown"
