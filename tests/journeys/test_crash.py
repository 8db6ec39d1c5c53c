"""Whatever process dies during an import: afterwards nothing is lost and nothing doubled."""

from collections.abc import Iterator

import psutil
import pytest

from tests.journeys.stack import ApiClient, Stack, call, eventually, running

pytestmark = pytest.mark.journey

CONTACTS = 600
SLOW_MS = 1_500


@pytest.fixture
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
