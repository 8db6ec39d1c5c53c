"""Whatever process dies during an import or a storm of webhooks: nothing lost, nothing doubled."""

import random
import threading
from collections.abc import Iterator

import psutil
import pytest

from tests.journeys.stack import ApiClient, Stack, call, eventually, running
from tests.journeys.storm import (
    STORY,
    Storm,
    is_worked_off,
    rows,
    shuffled_with_doubles,
    stories_of,
)

pytestmark = pytest.mark.journey

CONTACTS = 600
SLOW_MS = 1_500
TALKS = 20
SENDERS = 4


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(contacts=CONTACTS) as stack:
        yield stack


def answer_slowly(stack: Stack, latency_ms: int) -> None:
    call("PATCH", f"{stack.simulator_url}/_sim/faults", {"latency_ms": latency_ms})


def kill_worker(stack: Stack) -> None:
    for child in stack.children("worker"):
        child.kill()


def kill_web(stack: Stack) -> None:
    for child in stack.children("web"):
        child.kill()


def kill_database(stack: Stack) -> None:
    postmaster = stack.postmaster()
    for process in [postmaster, *postmaster.children(recursive=True)]:
        process.kill()


def kill_everything(stack: Stack) -> None:
    product = psutil.Process(stack.processes["product"].pid)
    family = [product, *product.children(recursive=True)]
    for process in family:
        process.kill()
    stack.processes.pop("product").wait()
    psutil.wait_procs(family, timeout=10)
    kill_database(stack)
    stack.start_product()


def ready(stack: Stack) -> bool:
    return call("GET", f"{stack.url}/readyz").status == 200


def total_contacts(stack: Stack) -> int:
    headers = {"Authorization": "Bearer journey-token"}
    answer = call("GET", f"{stack.simulator_url}/contacts?per_page=1", headers=headers)
    total: int = answer.body["total_count"]
    return total


def external_ids(api: ApiClient, count: int) -> list[str]:
    pages = range(1, -(-count // 100) + 1)
    bodies = [api.call("GET", f"/customers?per_page=100&page={page}").body for page in pages]
    return [customer["external_id"] for body in bodies for customer in body["customers"]]


def test_an_import_survives_the_death_of_every_process(stack: Stack) -> None:
    api = ApiClient(stack)
    api.register()
    answer_slowly(stack, SLOW_MS)
    assert api.connect().status == 201
    for kill in (kill_worker, kill_web, kill_database, kill_everything):
        eventually(lambda: api.connection()["run"]["status"] == "running")
        kill(stack)
        eventually(lambda: ready(stack))
        assert api.imported() is None, "the import must still be under way to be hurt"
    answer_slowly(stack, 0)
    counts = eventually(api.imported, patience=180)["counts"]
    assert counts["customers"] + counts["skipped_contacts"] == total_contacts(stack)
    assert len(set(external_ids(api, counts["customers"]))) == counts["customers"]


def send_while_dying(storm: Storm, stack: Stack, *, dice: random.Random, count: int) -> None:
    """Have several send at once, and kill one process after another meanwhile."""
    senders = [threading.Thread(target=storm.send_all) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    kills = [kill_worker, kill_web, kill_database]
    for number, kill in enumerate(dice.sample(kills, len(kills)), start=1):
        share = number * count // (len(kills) + 1)
        eventually(lambda share=share: len(storm.answered) >= share)
        kill(stack)
    for sender in senders:
        sender.join()


def test_each_webhook_answered_200_is_applied_once_whoever_dies_in_the_storm(stack: Stack) -> None:
    api = ApiClient(stack)
    api.register("grace@example.com", "Storm")
    assert api.connect().status == 201
    workspace_id = eventually(api.imported)["workspace_id"]
    dice = random.Random(7)
    people = [name for (name,) in rows(stack, "SELECT DISTINCT external_id FROM store_customer")]
    told = stories_of(people[:TALKS], workspace_id=workspace_id)
    *told, last = told
    storm = Storm(stack, iter(shuffled_with_doubles(told, dice)))
    send_while_dying(storm, stack, dice=dice, count=len(told))
    assert storm.refused, "nobody was hurt"

    storm.waiting = iter([last])
    eventually(lambda: ready(stack))
    storm.send_all()
    eventually(lambda: is_worked_off(stack))
    entries = rows(
        stack,
        "SELECT org_id, dedupe_key, count(*) FROM store_timelineevent"
        " WHERE dedupe_key LIKE 'intercom.notification:notif_%' GROUP BY 1, 2",
    )
    assert {count for _, _, count in entries} == {1}
    stored = rows(stack, "SELECT org_id, external_id, status FROM store_conversation")
    for org_id in {org_id for org_id, *_ in rows(stack, "SELECT org_id FROM intercom_connection")}:
        applied = {key.split(":")[1] for of, key, _ in entries if of == org_id}
        assert storm.answered <= applied
        newest: dict[str, int] = {}
        for one in [*told, last]:
            if one.name in applied:
                newest[one.talk] = max(one.step, newest.get(one.talk, 0))
        states = {talk: status for of, talk, status in stored if of == org_id}
        assert {talk: STORY[step][1] for talk, step in newest.items()}.items() <= states.items()
