"""Sends requests to an ASGI application, without a server between."""

from collections.abc import Sequence
from typing import Any

from pulsescore.connectors.intercom.inbox.asgi import PATH, WebhookEndpoint


class Reply:
    """What the application answered."""

    def __init__(self, messages: Sequence[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])


async def request(
    endpoint: WebhookEndpoint,
    method: str = "POST",
    *,
    body: bytes = b"",
    signature: str | None = None,
    chunk: int = 65_536,
) -> Reply:
    chunks = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        piece = chunks.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(chunks)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [] if signature is None else [(b"x-hub-signature", signature.encode())]
    scope = {"type": "http", "method": method, "path": PATH, "headers": headers}
    await endpoint(scope, receive, send)
    return Reply(sent)
