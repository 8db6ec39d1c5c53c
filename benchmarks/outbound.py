"""Changed contacts are written to the simulator, at 150 ms per request, until none differs.

The floor is arithmetic: so many requests under way at once, each taking as long as Intercom takes,
could not end sooner. What is measured besides waiting is finding out who differs, the requests
themselves, and storing what came back. No ten seconds may hold more requests than the rate limit.

Imports Django models inside its functions: they exist only after the database was started.
"""

import argparse
import asyncio
import time
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from benchmarks import importing, report, world
from benchmarks.importing import product
from benchmarks.report import Result
from pulsescore.connectors.intercom.api.session import MOST_IN_FLIGHT
from pulsescore.connectors.intercom.api.wire import Answer, Network, Params
from pulsescore.core.clock import utcnow

CONTACTS, SMALL_CONTACTS = 5_000, 60
LATENCY_MS = 150
TARGET_SHARE = 0.85
WINDOW_SECS = 10.0
TOO_MANY = 429


class CountingNetwork(Network):
    """A network that remembers when requests left, and how often the limit was exceeded."""

    def __init__(self, base_url: str) -> None:
        session = product("connectors.intercom.api.session")
        super().__init__(base_url, timeout=session._TIMEOUT, most=MOST_IN_FLIGHT)
        self.sent_at: list[float] = []
        self.refused = 0
        self.limit = 0

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        """Send, and count."""
        self.sent_at.append(time.monotonic())
        answer = await super().send(method, path, params=params, body=body)
        self.refused += answer.status == TOO_MANY
        self.limit = _limit(answer.headers) or self.limit
        return answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.outbound", description=__doc__)
    parser.add_argument("--small", action="store_true", help=f"{SMALL_CONTACTS} contacts")
    small = parser.parse_args().small
    wanted = SMALL_CONTACTS if small else CONTACTS
    with (
        world.simulator(contacts=wanted, conversations=0, latency_ms=LATENCY_MS) as url,
        world.database(),
    ):
        imported = importing.import_workspace()
        count = _change_everybody(imported.org_id, imported.connection_id)
        network = CountingNetwork(url)
        secs = _send(imported.connection_id, network)
        left = product("connectors.intercom.outbound.models").OutboundTask
        if left.objects.for_org(imported.org_id).exists():
            raise RuntimeError("not everything was sent")
    report.show(_results(network, count=count, secs=secs, small=small))


def _change_everybody(org_id: int, connection_id: int) -> int:
    """Each gets another title, which is mapped to the name, and is in the segment that is sent."""
    now = utcnow()
    connection = product("connectors.intercom.queries").get_connection(org_id, connection_id)
    connection.mode = "two_way"
    connection.save()
    customers = product("store.models").Customer.objects.for_org(org_id)
    ids = list(customers.filter(deleted_at=None).values_list("id", flat=True))
    segments = product("segments.models")
    segment = segments.Segment(org_id=org_id, kind="customer", name="Sent", rule={"all": []})
    segment.save()
    segments.Member.objects.for_org(org_id).bulk_create(
        segments.Member(org_id=org_id, segment=segment, customer_id=one, entered_at=now)
        for one in ids
    )
    mapping = product("connectors.intercom.mappings.models").OutgoingMapping
    mapping(
        org_id=org_id,
        connection=connection,
        object="contact",
        attribute="title",
        intercom="name",
        overwrite=True,
    ).save()
    traits = product("store.traits")
    changes = [
        traits.TraitChange(customer_id=one, values={"title": f"Title {one}"}, at=now) for one in ids
    ]
    traits.apply_traits(org_id=org_id, changes=changes, now=now)
    outbound = product("connectors.intercom.outbound.models")
    outbound.OutboundSettings(
        org_id=org_id,
        connection=connection,
        user_segments=[segment.pk],
        tag_segments=False,
        confirm_above=CONTACTS * 2,
    ).save()
    product("connectors.intercom.outbound.marks").mark(org_id, ids)
    return len(ids)


def _send(connection_id: int, network: CountingNetwork) -> float:
    """Seconds until nothing differs any more."""
    clients = product("connectors.intercom.clients")
    sending = product("connectors.intercom.outbound.sending")

    def client_for(connection: Any) -> Any:
        return clients.client_for(connection, wire=network)

    began = time.perf_counter()
    asyncio.run(sending.send_due(connection_id, now=utcnow, client_factory=client_for))
    return time.perf_counter() - began


def _results(network: CountingNetwork, *, count: int, secs: float, small: bool) -> list[Result]:
    floor = count * (LATENCY_MS / 1000) / MOST_IN_FLIGHT
    share = floor / secs
    busiest = _busiest(network.sent_at)
    work = f"{count:,} changed contacts at {LATENCY_MS} ms"
    return [
        Result(
            name="outbound",
            work=work,
            measured=count / secs,
            unit="contacts/s",
            floor=count / floor,
            ratio=share,
            target=f"≥ {TARGET_SHARE:.0%} of the floor's rate",
            passed=None if small else share >= TARGET_SHARE,
            remark=f"{secs:.1f} s, {len(network.sent_at):,} requests",
        ),
        Result(
            name="outbound_limit",
            work=f"{work}, the busiest ten seconds",
            measured=busiest,
            unit="requests",
            floor=network.limit or None,
            target="never above the limit, no 429",
            passed=network.refused == 0 and (not network.limit or busiest <= network.limit),
        ),
    ]


def _busiest(sent_at: list[float]) -> int:
    """The most requests in any ten seconds."""
    ordered = sorted(sent_at)
    return max(
        (place + 1 - bisect_left(ordered, at - WINDOW_SECS) for place, at in enumerate(ordered)),
        default=0,
    )


def _limit(headers: Mapping[str, str]) -> int:
    return int(headers.get("X-RateLimit-Limit") or 0)


if __name__ == "__main__":
    main()
