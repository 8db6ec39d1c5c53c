"""The ASGI application in front: the same decisions, many requests in one commit."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from django.conf import settings

from pulsescore.connectors.intercom.inbox.admission import BODY_LIMIT
from pulsescore.connectors.intercom.inbox.asgi import WebhookEndpoint
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import Connection, InboxNotification
from pulsescore.connectors.intercom.secrets import seal_webhook_secret
from pulsescore.core.crypto import KeyRing
from pulsescore.core.locks import own_conninfo
from tests.db.intercom_inbox.asgi_client import Reply, request
from tests.db.intercom_inbox.conftest import NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
BODY = payloads.body("contact.user.updated", payloads.contact())


def _serve(
    use: Callable[[WebhookEndpoint], Awaitable[T]],
    *,
    woken: list[frozenset[int]] | None = None,
    conninfo: Callable[[], str] = own_conninfo,
) -> T:
    async def wake(connection_ids: frozenset[int]) -> None:
        if woken is None:
            raise RuntimeError("the queue is down")
        woken.append(connection_ids)

    async def run() -> T:
        endpoint = WebhookEndpoint(
            wake=wake,
            key_ring=KeyRing(settings.CONFIG.secret_key),
            app_secret="",
            conninfo=conninfo,
            clock=lambda: NOW,
        )
        try:
            return await use(endpoint)
        finally:
            await endpoint.aclose()

    return asyncio.run(run())


async def _post(endpoint: WebhookEndpoint, body: bytes = BODY, *, secret: str = SECRET) -> Reply:
    return await request(endpoint, body=body, signature=sign(body, secret=secret))


def _count(connection: Connection) -> int:
    return InboxNotification.objects.for_org(connection.org_id).count()


def test_it_stores_answers_and_wakes_the_worker(connection: Connection) -> None:
    woken: list[frozenset[int]] = []
    reply = _serve(_post, woken=woken)
    assert (reply.status, reply.body) == (200, b'{"status":"ok"}')
    assert _count(connection) == 1
    assert woken == [frozenset({connection.pk})]


def test_a_repetition_wakes_nobody(connection: Connection) -> None:
    woken: list[frozenset[int]] = []

    async def twice(endpoint: WebhookEndpoint) -> list[int]:
        first = await _post(endpoint)
        await endpoint.aclose()
        woken.clear()
        return [first.status, (await _post(endpoint)).status]

    assert _serve(twice, woken=woken) == [200, 200]
    assert (_count(connection), woken) == (1, [])


def test_a_worker_that_cannot_be_woken_does_not_cost_the_answer(connection: Connection) -> None:
    assert _serve(_post, woken=None).status == 200
    assert _count(connection) == 1


def test_many_at_once_are_all_stored_once(connection: Connection) -> None:
    bodies = [
        payloads.body("contact.user.updated", payloads.contact(), id=f"notif_{n % 40}")
        for n in range(120)
    ]

    async def all_at_once(endpoint: WebhookEndpoint) -> list[Reply]:
        return await asyncio.gather(*(_post(endpoint, body) for body in bodies))

    replies = _serve(all_at_once, woken=[])
    assert {reply.status for reply in replies} == {200}
    assert _count(connection) == 40


def test_a_new_secret_is_valid_at_once(connection: Connection) -> None:
    async def rotate(endpoint: WebhookEndpoint) -> list[int]:
        before = await _post(endpoint)
        await asyncio.to_thread(_rotate, connection)
        return [before.status, (await _post(endpoint, secret="the-new-secret")).status]

    assert _serve(rotate, woken=[]) == [200, 200]


def _rotate(connection: Connection) -> None:
    seal_webhook_secret(connection, "the-new-secret", now=NOW)
    connection.save()


def test_a_wrong_signature_is_refused_with_problem_details(connection: Connection) -> None:
    reply = _serve(lambda endpoint: _post(endpoint, secret="guess"), woken=[])
    assert (reply.status, reply.headers["content-type"]) == (401, "application/problem+json")
    assert _count(connection) == 0


def test_a_body_too_large_is_read_away_and_refused(connection: Connection) -> None:
    large = b" " * (BODY_LIMIT + 1)
    assert _serve(lambda endpoint: _post(endpoint, large), woken=[]).status == 413


def test_head_is_answered_without_a_body(db: None) -> None:
    reply = _serve(lambda endpoint: request(endpoint, "HEAD"), woken=[])
    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(db: None, method: str) -> None:
    reply = _serve(lambda endpoint: request(endpoint, method), woken=[])
    assert (reply.status, reply.headers["allow"]) == (405, "POST, HEAD")


def test_without_a_database_intercom_is_told_to_come_again(connection: Connection) -> None:
    nowhere = "host=/nonexistent dbname=none connect_timeout=1"
    reply = _serve(_post, woken=[], conninfo=lambda: nowhere)
    assert reply.status == 503


def test_two_organizations_each_get_their_copy(make_connection: MakeConnection) -> None:
    one, two = make_connection(), make_connection()
    woken: list[frozenset[int]] = []
    assert _serve(_post, woken=woken).status == 200
    assert (_count(one), _count(two)) == (1, 1)
    assert woken == [frozenset({one.pk, two.pk})]
