"""The endpoint: write keys, limits, answers that libraries understand, durable before the 200."""

import asyncio
import base64
import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.core.locks import own_conninfo
from pulsescore.ingest.actions import create_write_key, revoke_write_key
from pulsescore.ingest.asgi import IngestEndpoint
from pulsescore.ingest.models import ArrivedBatch, WriteKey
from pulsescore.ingest.queue import orgs_with_work, work_once
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.intercom_inbox.asgi_client import Reply
from tests.unit.store.builders import at

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")
NOW = at(0)
PATIENCE_SECS = 1.0


@pytest.fixture
def actor(db: None) -> Actor:
    org = Organization.objects.create(name="Acme")
    return Actor(user=None, org_id=org.pk, role=Role.ADMIN, via="api_key", api_key_id=1)


@pytest.fixture
def key(actor: Actor) -> WriteKey:
    return create_write_key(actor, name="Shop", now=NOW)


class Client:
    """Sends requests to the endpoint, without a server between."""

    def __init__(self, endpoint: IngestEndpoint, key: str) -> None:
        self.endpoint = endpoint
        self.key = key

    async def send(
        self,
        path: str,
        body: Any = None,
        *,
        user: str | None = None,
        method: str = "POST",
        **headers: str,
    ) -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        user = base64.b64encode(f"{self.key if user is None else user}:".encode())
        told = [(b"authorization", b"Basic " + user)] if user != "" else []
        told += [(name.replace("_", "-").encode(), one.encode()) for name, one in headers.items()]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw}

        async def keep(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": told}
        await self.endpoint(scope, receive, keep)
        return Reply(sent)


def serve(
    key: WriteKey | str,
    use: Callable[[Client], Awaitable[T]],
    *,
    woken: list[frozenset[int]] | None = None,
    conninfo: Callable[[], str] = own_conninfo,
) -> T:
    async def wake(org_ids: frozenset[int]) -> None:
        if woken is not None:
            woken.append(org_ids)

    async def run() -> T:
        endpoint = IngestEndpoint(
            wake=wake, conninfo=conninfo, clock=lambda: NOW, patience_secs=PATIENCE_SECS
        )
        try:
            return await use(Client(endpoint, key if isinstance(key, str) else key.key))
        finally:
            await endpoint.aclose()

    return asyncio.run(run())


def post(key: WriteKey | str, path: str, body: Any = None, **options: Any) -> Reply:
    return serve(key, lambda client: client.send(path, body, **options))


TRACK = {"event": "Paid", "userId": "7", "messageId": "m1"}


def events(actor: Actor) -> list[str]:
    rows = TimelineEvent.objects.for_org(actor.org_id).order_by("id")
    return list(rows.values_list("name", flat=True))


def apply_all(actor: Actor) -> None:
    while work_once(actor.org_id, now=NOW):
        pass


def test_a_call_is_stored_before_it_is_answered_and_the_worker_is_woken(
    actor: Actor, key: WriteKey
) -> None:
    woken: list[frozenset[int]] = []
    reply = serve(key, lambda client: client.send("/v1/track", TRACK), woken=woken)
    assert (reply.status, json.loads(reply.body)) == (200, {"success": True})
    assert reply.headers["access-control-allow-origin"] == "*"
    assert woken == [frozenset({actor.org_id})]
    assert orgs_with_work(now=NOW) == [actor.org_id]
    apply_all(actor)
    assert events(actor) == ["Paid"]
    assert orgs_with_work(now=NOW) == []
    key.refresh_from_db()
    assert key.last_used_at == NOW


CALLS: dict[str, dict[str, Any]] = {
    "/v1/identify": {"userId": "1", "traits": {"a": 1}},
    "/v1/page": {"userId": "2", "name": "Home"},
    "/v1/screen": {"userId": "3", "name": "Home"},
    "/v1/group": {"userId": "4", "groupId": "g"},
    "/v1/alias": {"userId": "5", "previousId": "x"},
    "/v1/batch": {"batch": [{"type": "track", "event": "Paid", "userId": "6"}]},
    "/v1/import": {"batch": [{"type": "track", "event": "Paid", "userId": "7"}]},
}


def test_every_call_of_the_protocol_makes_its_customer_known(actor: Actor, key: WriteKey) -> None:
    async def each(client: Client) -> set[int]:
        return {(await client.send(path, body)).status for path, body in CALLS.items()}

    assert serve(key, each) == {200}
    apply_all(actor)
    known = Customer.objects.for_org(actor.org_id).order_by("external_user_id")
    assert list(known.values_list("external_user_id", flat=True)) == list("1234567")


def test_a_retried_request_counts_once(actor: Actor, key: WriteKey) -> None:
    for _ in range(2):
        assert post(key, "/v1/track", TRACK).status == 200
    apply_all(actor)
    assert post(key, "/v1/track", TRACK).status == 200
    apply_all(actor)
    assert events(actor) == ["Paid"]


def test_beacons_and_compressed_requests_are_read(actor: Actor, key: WriteKey) -> None:
    beacon = {"writeKey": key.key, "batch": [{"type": "track", **TRACK}]}
    zipped = gzip.compress(json.dumps({**TRACK, "messageId": "m2"}).encode())

    async def both(client: Client) -> list[int]:
        sent = [
            await client.send("/v1/batch", beacon, user="", content_type="text/plain"),
            await client.send("/v1/track", zipped, content_encoding="gzip"),
            await client.send("/v1/track", zipped, content_encoding="br"),
        ]
        return [reply.status for reply in sent]

    assert serve(key, both) == [200, 200, 400]
    apply_all(actor)
    assert events(actor) == ["Paid", "Paid"]


def test_a_revoked_key_and_a_closed_organization_are_refused(actor: Actor, key: WriteKey) -> None:
    other = create_write_key(actor, name="Other", now=NOW)
    revoke_write_key(actor, key_id=key.pk, now=NOW)
    assert post(key, "/v1/track", TRACK).status == 401
    assert post(other, "/v1/track", TRACK).status == 200
    Organization.objects.filter(pk=actor.org_id).update(deleted_at=NOW)
    assert post(other, "/v1/track", TRACK).status == 401


def test_faults_are_told_with_field_and_place_and_the_rest_is_kept(
    actor: Actor, key: WriteKey
) -> None:
    batch = [{"type": "track", **TRACK}, {"type": "track", "userId": "7"}]
    reply = post(key, "/v1/batch", {"batch": batch})
    assert (reply.status, json.loads(reply.body)) == (
        200,
        {
            "success": True,
            "rejected": [{"index": 1, "field": "event", "message": "Tell the name of the event."}],
        },
    )
    apply_all(actor)
    assert events(actor) == ["Paid"]
    alone = post(key, "/v1/track", {"userId": "7"})
    assert (alone.status, json.loads(alone.body)["message"]) == (
        400,
        "event: Tell the name of the event.",
    )


REFUSED: list[tuple[str, bytes, str, str | None, int]] = [
    ("/v1/batch", b" " * 512_001, "POST", None, 413),
    ("/v1/track", b" " * 32_769, "POST", None, 413),
    ("/v1/track", b"{", "POST", None, 400),
    ("/v1/track", b"", "GET", None, 405),
    ("/v1/buy", b"{}", "POST", None, 404),
    ("/v1/track", b"", "OPTIONS", None, 204),
    ("/v1/js/unknown.js", b"", "GET", None, 404),
    ("/v1/batch", b'{"batch": []}', "POST", None, 200),
    ("/v1/track", b"{}", "POST", "", 401),
    ("/v1/track", b"{}", "POST", "wk_unknown", 401),
    ("/v1/track", b"{}", "POST", "x" * 65, 401),
    ("/v1/track", b"{}", "POST", "a\0b", 401),
]


def test_what_cannot_be_accepted_says_why_and_leaves_nothing(actor: Actor, key: WriteKey) -> None:
    async def each(client: Client) -> list[int]:
        sent = [
            await client.send(path, body, method=method, user=user)
            for path, body, method, user, _ in REFUSED
        ]
        return [reply.status for reply in sent]

    assert serve(key, each) == [status for *_, status in REFUSED]
    assert not ArrivedBatch.objects.for_org(actor.org_id).exists()


def test_without_the_database_senders_are_asked_to_try_again(key: WriteKey) -> None:
    nowhere = "host=/nonexistent dbname=none connect_timeout=1"
    reply = serve(key, lambda one: one.send("/v1/track", TRACK), conninfo=lambda: nowhere)
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")


def test_many_requests_at_once_are_all_applied_once(actor: Actor, key: WriteKey) -> None:
    async def many(client: Client) -> list[int]:
        calls = [{**TRACK, "messageId": f"m{n % 30}"} for n in range(60)]
        replies = await asyncio.gather(*(client.send("/v1/track", call) for call in calls))
        return [reply.status for reply in replies]

    assert set(serve(key, many)) == {200}
    apply_all(actor)
    assert len(events(actor)) == 30


def test_the_script_of_a_key_is_served_to_any_website(key: WriteKey) -> None:
    reply = post(key, f"/v1/js/{key.key}.js", b"", method="GET")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/javascript")
    assert "max-age=3600" in reply.headers["cache-control"]
    assert key.key.encode() in reply.body
