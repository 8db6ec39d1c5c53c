"""Which webhooks are let in, for whom, and what is stored before the answer."""

import json
from datetime import timedelta

import pytest

from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.admission import BODY_LIMIT
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, InboxNotification
from pulsescore.connectors.intercom.secrets import forget, seal_webhook_secret
from tests.db.intercom_inbox.conftest import NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

BODY = payloads.body("contact.user.updated", payloads.contact())


def _send(body: bytes = BODY, *, secret: str = SECRET, at: timedelta = timedelta()) -> int:
    return accept({"X-Hub-Signature": sign(body, secret=secret)}, body, now=NOW + at).status


def _stored(connection: Connection) -> int:
    return InboxNotification.objects.for_org(connection.org_id).count()


def test_a_signed_notification_is_stored_raw(connection: Connection) -> None:
    assert _send() == 200
    row = InboxNotification.objects.for_org(connection.org_id).get()
    assert bytes(row.body) == BODY
    assert (row.topic, row.state, row.received_at) == ("contact.user.updated", "pending", NOW)
    assert row.notified_at.timestamp() == payloads.AT


def test_the_same_notification_is_stored_once(connection: Connection) -> None:
    again = payloads.body("contact.user.updated", payloads.contact(), delivery_attempts=2)
    assert [_send(), _send(), _send(again)] == [200, 200, 200]
    assert _stored(connection) == 1


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha1=",
        "sha1=zz",
        "sha256=" + "0" * 64,
        "sha1=" + "0" * 40,
        sign(BODY + b" ", secret=SECRET),
        sign(BODY, secret="guess"),
        sign(BODY, secret=SECRET).removeprefix("sha1="),
    ],
)
def test_a_bad_or_missing_signature_is_refused(connection: Connection, header: str | None) -> None:
    headers = {} if header is None else {"x-hub-signature": header}
    answer = accept(headers, BODY, now=NOW)
    assert (answer.status, answer.content_type) == (401, "application/problem+json")
    assert _stored(connection) == 0


def test_the_header_is_found_in_any_case(connection: Connection) -> None:
    assert accept({"x-HUB-signature": sign(BODY, secret=SECRET)}, BODY, now=NOW).status == 200


def test_a_former_secret_is_valid_until_its_grace_ends(connection: Connection) -> None:
    seal_webhook_secret(connection, "the-new-secret", now=NOW)
    connection.save()
    assert _send(secret="the-new-secret") == 200
    assert _send(secret=SECRET, at=timedelta(hours=23, minutes=59)) == 200
    assert _send(secret=SECRET, at=timedelta(hours=24)) == 401


def test_the_secret_of_another_workspace_does_not_open_this_one(
    connection: Connection, make_connection: MakeConnection
) -> None:
    make_connection("wrk_other", secret="another-secret")
    assert _send(secret="another-secret") == 401
    assert _stored(connection) == 0


def test_a_connection_without_its_own_secret_takes_the_apps(
    make_connection: MakeConnection, app_secret: str
) -> None:
    connection = make_connection(secret="")
    assert _send(secret=app_secret) == 200
    assert _stored(connection) == 1


def test_a_connection_with_its_own_secret_does_not_take_the_apps(
    connection: Connection, app_secret: str
) -> None:
    assert _send(secret=app_secret) == 401


def test_without_any_secret_nothing_is_let_in(make_connection: MakeConnection) -> None:
    make_connection(secret="")
    assert _send(secret="") == 401


def test_two_organizations_of_one_workspace_each_get_their_copy(
    make_connection: MakeConnection,
) -> None:
    one, two = make_connection(), make_connection()
    assert _send() == 200
    assert (_stored(one), _stored(two)) == (1, 1)


def test_a_copy_goes_only_to_those_whose_secret_signed_it(make_connection: MakeConnection) -> None:
    one, two = make_connection(), make_connection(secret="secret-of-the-second")
    assert _send() == 200
    assert (_stored(one), _stored(two)) == (1, 0)


def test_an_unknown_workspace_is_answered_and_not_stored(connection: Connection) -> None:
    stranger = payloads.body("contact.user.updated", payloads.contact(), app_id="wrk_unknown")
    assert _send(stranger) == 200
    assert _send(stranger, secret="guess") == 401
    assert _stored(connection) == 0


def test_a_disconnected_workspace_gets_nothing(connection: Connection, app_secret: str) -> None:
    forget(connection)
    connection.status = ConnectionStatus.DISCONNECTED
    connection.save()
    assert _send(secret=app_secret) == 200
    assert _send(secret=SECRET) == 401
    assert _stored(connection) == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"3", b"", b"\xff\xfe", b"null"])
def test_a_signed_body_that_is_no_json_object_is_told_so(
    connection: Connection, body: bytes
) -> None:
    assert _send(body) == 400
    assert _send(body, secret="guess") == 401
    assert _stored(connection) == 0


def test_a_body_over_two_megabytes_is_refused(connection: Connection) -> None:
    assert _send(b" " * BODY_LIMIT + BODY) == 413
    fits = BODY + b" " * (BODY_LIMIT - len(BODY))
    assert _send(fits) == 200


def test_a_ping_is_answered(connection: Connection) -> None:
    ping = payloads.body("ping", {"type": "ping", "message": "Hello"}, id=None)
    assert _send(ping) == 200
    assert _send(ping, secret="guess") == 401


def test_topics_and_ids_that_are_no_texts_are_stored_all_the_same(connection: Connection) -> None:
    odd = payloads.envelope("x", {"a": 1}) | {"topic": None, "id": {"a": 1}, "created_at": "never"}
    assert _send(json.dumps(odd).encode()) == 200
    nul = payloads.body("a\x00b", {"a": 2}, id="n\x00")
    assert _send(nul) == 200
    assert _stored(connection) == 2
