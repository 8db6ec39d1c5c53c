"""The app's credentials, the codes it is given and the tokens it holds."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from intercom_sim.rest.errors import ApiError

CODE_SECS = 300
LOOPBACK = ("127.0.0.1", "localhost", "::1")
MESSAGES = {
    "token_revoked": "Access Token has been revoked",
    "token_expired": "Access Token has expired",
    "token_blocked": "Access Token is blocked",
    "token_suspended": "The workspace of this token is closed",
    "unauthorized": "Access Token Invalid",
}


@dataclass
class AppRegistration:
    """What the developer entered; without redirect addresses any on this machine will do."""

    client_id: str = "demo-client"
    client_secret: str = "demo-secret"  # noqa: S105  (a made-up workspace's made-up secret)
    redirect_uris: tuple[str, ...] = ()

    def redirect_to(self, asked: str | None) -> str | None:
        """The address to go back to, or None if it is not one of ours."""
        if not asked:
            return self.redirect_uris[0] if self.redirect_uris else None
        if self.redirect_uris:
            return asked if asked in self.redirect_uris else None
        return asked if urlsplit(asked).hostname in LOOPBACK else None


@dataclass
class Tokens:
    """Hands out codes and tokens and knows which are still good; times are unix seconds."""

    app: AppRegistration
    standing: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, float] = field(default_factory=dict)

    def grant(self, token: str) -> str:
        """Make a token valid."""
        self.standing[token] = "valid"
        return token

    def issue_code(self, *, now: float) -> str:
        """A code for one exchange within five minutes."""
        code = f"{secrets.token_urlsafe(24)}="
        self._codes[code] = now + CODE_SECS
        return code

    def exchange(self, *, code: str, client_id: str, client_secret: str, now: float) -> str:
        """A token for a code; raises `ApiError` 401 for a bad code or bad credentials."""
        good_secret = secrets.compare_digest(
            client_secret.encode(), self.app.client_secret.encode()
        )
        if client_id != self.app.client_id or not good_secret:
            raise ApiError(401, "invalid_client", "Client authentication failed")
        expires_at = self._codes.pop(code, 0)
        if expires_at <= now:
            raise ApiError(401, "unauthorized", "Unauthorized Code")
        return self.grant(f"tok_{secrets.token_urlsafe(32)}")

    def check(self, authorization: str | None) -> str:
        """The token of a request's header; raises `ApiError` 401 if it is no good."""
        if not authorization:
            raise ApiError(401, "missing_authorization", "Missing Authorization header")
        kind, _, token = authorization.partition(" ")
        standing = self.standing.get(token.strip()) if kind.lower() == "bearer" else None
        if standing is None:
            raise ApiError(401, "unauthorized", MESSAGES["unauthorized"])
        if standing != "valid":
            raise ApiError(401, standing, MESSAGES[standing])
        return token

    def revoke(self, token: str, *, code: str = "token_revoked") -> None:
        """From now on the token is refused with that code."""
        self.standing[token] = code if code in MESSAGES else "token_revoked"

    def revoke_all(self, *, code: str = "token_revoked") -> int:
        """Revoke every valid token; gives their number."""
        valid = [token for token, standing in self.standing.items() if standing == "valid"]
        for token in valid:
            self.revoke(token, code=code)
        return len(valid)
