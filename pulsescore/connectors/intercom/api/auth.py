"""The code of an OAuth redirect becomes an access token."""

import msgspec

from pulsescore.connectors.intercom.api.errors import Failure, UnreadableAnswer
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.api.session import Session

_PATH = "/auth/eagle/token"
# A code works once: after a lost answer a second try would say "already used" and hide the cause.
_ONE_TRY = Patience(tries=1, rate_limit_tries=3, share_left=0.0)


class _TokenAnswer(msgspec.Struct):
    access_token: str | None = None
    token: str | None = None


async def exchange_code(
    *,
    base_url: str,
    code: str,
    client_id: str,
    client_secret: str,
    timing: Timing | None = None,
) -> str:
    """The access token for this code; raises `errors.ApiError`. Tokens do not expire."""
    async with Session(
        base_url=base_url, token=None, writable=False, patience=_ONE_TRY, timing=timing
    ) as session:
        return await session.request(
            "POST",
            _PATH,
            read=_read_token,
            json={"code": code, "client_id": client_id, "client_secret": client_secret},
        )


def _read_token(body: bytes) -> str:
    failure = Failure(method="POST", path=_PATH, code="malformed_answer")
    try:
        answer = msgspec.json.decode(body, type=_TokenAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(failure) from error
    token = answer.access_token or answer.token
    if not token:
        raise UnreadableAnswer(failure)
    return token
