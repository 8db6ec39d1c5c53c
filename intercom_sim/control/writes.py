"""What apps wrote into the workspace, all of it or about one person."""

from intercom_sim.control.layout import button, card, form, table
from intercom_sim.control.requests import HEADINGS, request_row
from intercom_sim.markup import Html, el
from intercom_sim.model import Contact
from intercom_sim.requestlog import Logged
from intercom_sim.simulator import Simulator

SHOWN = 100


def writes_page(simulator: Simulator) -> list[Html]:
    """The latest writing requests, newest first, refused ones too."""
    every = simulator.log.writes()[::-1]
    refused = sum(one.status >= 400 for one in every)
    words = f"{simulator.log.total_writes:,} writing requests, {refused:,} of those kept refused."
    rows = [request_row(one, now=simulator.workspace.now) for one in every[:SHOWN]]
    return [
        card(
            el("h1", "Received writes"),
            el("p", words),
            form("forget_requests", button("Forget them"), back="/writes"),
            table(HEADINGS, rows, empty="No app has written anything yet."),
        )
    ]


def writes_about(simulator: Simulator, contact: Contact) -> Html:
    """The latest writes that name one contact, in their address or their body."""
    known = [one for one in simulator.log.writes()[::-1] if _names(one, contact)]
    rows = [request_row(one, now=simulator.workspace.now) for one in known[:SHOWN]]
    return card(
        el("h2", f"Received writes ({len(known)})"),
        table(HEADINGS, rows, empty="No app has written to this person yet."),
    )


def _names(one: Logged, contact: Contact) -> bool:
    return contact.id in one.path or contact.id.encode() in one.body
