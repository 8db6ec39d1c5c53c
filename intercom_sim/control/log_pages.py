"""What was asked and what was told: the request log and the notification log."""

from intercom_sim.control.layout import ago, badge, button, card, field, fold, form, select, table
from intercom_sim.control.requests import HEADINGS, request_row
from intercom_sim.markup import Html, el
from intercom_sim.simulator import Simulator
from intercom_sim.webhooks.delivery import Delivery
from intercom_sim.webhooks.notifications import GENERATIONS

SHOWN = 100
FATES = {"delivered": "good", "failed": "bad", "dropped": "bad"}


def requests_page(simulator: Simulator) -> list[Html]:
    """The latest requests; writing ones are marked."""
    log = simulator.log
    newest = list(log)[::-1][:SHOWN]
    rows = [request_row(one, now=simulator.workspace.now) for one in newest]
    words = f"{log.total:,} requests, {log.total_writes:,} of them could have changed something."
    return [
        card(
            el("h1", "Requests"),
            el("p", words),
            form("forget_requests", button("Forget them"), back="/requests"),
            table(HEADINGS, rows, empty="Nothing was asked yet."),
        )
    ]


def notifications_page(simulator: Simulator) -> list[Html]:
    """Where notifications go, and what became of the latest."""
    log = simulator.webhooks.log
    newest = list(log)[::-1][:SHOWN]
    rows = [_delivery(one, now=simulator.workspace.now) for one in newest]
    headings = ("When", "Topic", "Fate", "Answers", "Body")
    return [
        _target(simulator),
        card(
            el("h2", f"Notifications ({log.total:,})"),
            table(headings, rows, empty="Nothing was told yet. Reopen a ticket on the first page."),
        ),
    ]


def _target(simulator: Simulator) -> Html:
    webhooks = simulator.webhooks
    generations = [(one, one) for one in GENERATIONS]
    target = webhooks.target
    url = target.url or ""
    back = "/notifications"
    return card(
        el("h1", "Notifications"),
        form(
            "set_webhooks",
            field("Address", "url", url, type="url", placeholder="none: nothing is sent"),
            select("Payloads", "generation", generations, target.generation),
            field("Seconds before the retry", "retry_secs", webhooks.retry_secs),
            button("Save", kind="primary"),
            back=back,
        ),
        el("div", form("ping", button("Send a ping"), back=back), class_="row"),
    )


def _delivery(one: Delivery, *, now: float) -> Html:
    answers = ", ".join(str(got.status or got.error) for got in one.attempts) or "–"
    return el(
        "tr",
        el("td", ago(one.created_at, now=now)),
        el("td", el("code", one.topic)),
        el("td", badge(one.fate, kind=FATES.get(one.fate, "open"))),
        el("td", answers),
        el("td", fold("Show", el("pre", one.body.decode()))),
    )
