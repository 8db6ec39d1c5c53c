"""A test event of our own: signed, sent through the public address, and followed to its end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

import aiohttp
import msgspec
from django.conf import settings
from django.utils.crypto import get_random_string

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, secrets
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    InboxNotification,
    InboxState,
    Severity,
)
from pulsescore.connectors.intercom.queries import WEBHOOK_PATH, get_connection
from pulsescore.core.errors import Conflict

_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
_WORKER_SECS: Final = 6.0
_LOOK_EVERY_SECS: Final = 0.2
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True)
class Step:
    """One thing that was tried; `remedy` says what to do where it failed."""

    title: str
    passed: bool
    told: str
    remedy: str = ""


@dataclass
class SelfTest:
    """What was tried, in order; the first failure ends it."""

    steps: list[Step] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every step worked."""
        return all(step.passed for step in self.steps)

    def add(self, title: str, told: str, *, fault: tuple[str, str] | None = None) -> bool:
        """Note a step; a fault is what happened and what to do. Returns whether to go on."""
        what, remedy = fault or (told, "")
        self.steps.append(Step(title, fault is None, what, remedy))
        return fault is None


def send_test_event(
    actor: Actor,
    *,
    connection_id: int,
    secret: str = "",
    now: datetime,
    worker_secs: float = _WORKER_SECS,
) -> SelfTest:
    """Send a signed ping to our own public address and say which step failed, if any.

    `secret` is tried instead of the stored one, to find out whether they are the same. It goes to
    the address that the operator configured and to no other: redirects are not followed. Raises
    `Forbidden`, `NotFound`, `Conflict` when disconnected.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Conflict("This connection is disconnected and accepts no webhooks.")
    test = SelfTest()
    _follow(test, connection, secret.strip(), now=now, worker_secs=worker_secs)
    _note(actor, connection, test, now=now)
    return test


def _follow(
    test: SelfTest, connection: Connection, given: str, *, now: datetime, worker_secs: float
) -> None:
    known = given or _stored_secret(connection, now=now)
    told = "The secret that you typed is used." if given else "The stored secret is used."
    if not test.add("Secret", told, fault=None if known else _NO_SECRET):
        return
    name = f"pulsescore-test-{get_random_string(20)}"
    address = settings.CONFIG.public_url + WEBHOOK_PATH
    status, fault = asyncio.run(_post(address, _ping(connection, name, now=now), secret=known))
    fault = fault or fault_of_status(status, address)
    if not test.add("Address", f"{address} answers.", fault=fault):
        return
    refused = _refused(given=bool(given)) if status == HTTPStatus.UNAUTHORIZED else None
    if not test.add("Signature", "The signature was accepted.", fault=refused):
        return
    arrived = _arrived(connection, name)
    if test.add("Storage", "The event was stored.", fault=None if arrived() else _NOT_STORED):
        worked = _within(worker_secs, lambda: arrived(state=InboxState.DONE))
        test.add("Worker", "The worker took it up.", fault=None if worked else _NOT_WORKED_ON)


def fault_of_status(status: int, address: str) -> tuple[str, str] | None:
    """Why an answer does not come from our endpoint; 200 and 401 do."""
    if status in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED):
        return None
    if status in _REDIRECTS:
        return (
            f"{address} redirects elsewhere ({status}).",
            "Intercom does not follow redirects: set PULSESCORE_PUBLIC_URL to the final address.",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return (
            f"{address} answers with a fault ({status}).",
            "Look at System status, and whether the database is reachable; then test again.",
        )
    return (
        f"Something else answers at {address} ({status}).",
        "Compare PULSESCORE_PUBLIC_URL with the address under which PulseScore is reached, and "
        "let the proxy pass this path on unchanged.",
    )


async def _post(address: str, body: bytes, *, secret: str) -> tuple[int, tuple[str, str] | None]:
    headers = {"Content-Type": "application/json", "X-Hub-Signature": sign(body, secret=secret)}
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.post(address, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, None
    except aiohttp.ClientSSLError:
        return 0, (f"The certificate of {address} is not valid.", "Renew it; Intercom checks it.")
    except TimeoutError:
        return 0, (f"{address} did not answer within ten seconds.", _REACH)
    except (aiohttp.ClientError, OSError, ValueError):
        return 0, (f"Nothing answers at {address}.", _REACH)


def _ping(connection: Connection, name: str, *, now: datetime) -> bytes:
    return msgspec.json.encode(
        {
            "type": "notification_event",
            "id": name,
            "topic": "ping",
            "app_id": connection.workspace_id,
            "created_at": int(now.timestamp()),
            "data": {"item": {"type": "ping", "message": "A test event of PulseScore's own."}},
        }
    )


def _stored_secret(connection: Connection, *, now: datetime) -> str:
    """The present one; a former one in its grace proves nothing."""
    if connection.sealed_webhook_secret is None:
        return settings.CONFIG.intercom_client_secret
    return secrets.open_webhook_secrets(connection, now=now)[0]


def _arrived(connection: Connection, name: str) -> Callable[..., bool]:
    def look(state: InboxState | None = None) -> bool:
        rows = InboxNotification.objects.for_org(connection.org_id).filter(
            connection=connection, notification_id=name
        )
        return (rows.filter(state=state) if state else rows).exists()

    return look


def _within(secs: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + secs
    while not happened():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_EVERY_SECS)
    return True


def _note(actor: Actor, connection: Connection, test: SelfTest, *, now: datetime) -> None:
    failed = next((step for step in test.steps if not step.passed), None)
    outcome = f"failed: {failed.title.lower()}" if failed else "passed"
    audit.record_by(
        actor, "webhooks.tested", subject=f"connection:{connection.pk}", details={}, now=now
    )
    connection_log.write(
        connection,
        connection_log.WEBHOOK,
        f"Test event {outcome}",
        severity=Severity.ERROR if failed else Severity.INFO,
        details={"failed": failed.title if failed else None},
        now=now,
    )


def _refused(*, given: bool) -> tuple[str, str]:
    if given:
        return (
            "The secret that you typed is not the one stored here: its signature was refused.",
            "Copy the client secret again from the app's Basic information in Intercom's "
            "Developer Hub, and save it above.",
        )
    return (
        "The endpoint answers, but refuses the stored secret.",
        "The address leads to another installation of PulseScore, or a proxy changes the body on "
        "its way. Compare PULSESCORE_PUBLIC_URL with this page's address.",
    )


_REACH: Final = (
    "Intercom must reach this address from the internet: check PULSESCORE_PUBLIC_URL, the proxy in "
    "front, and the firewall."
)
_NO_SECRET: Final = (
    "No secret is known to sign with.",
    "Save the client secret of your Intercom app first.",
)
_NOT_STORED: Final = (
    "The endpoint said yes, but nothing arrived here.",
    "The address leads to another installation of PulseScore. Compare PULSESCORE_PUBLIC_URL with "
    "this page's address.",
)
_NOT_WORKED_ON: Final = (
    "The event is stored, but the worker has not taken it up yet.",
    "See whether the worker runs (System status). Nothing is lost: it goes on where it stopped.",
)
