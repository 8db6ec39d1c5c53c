"""One request of the log as a row of a table."""

from intercom_sim.control.layout import ago, badge, fold
from intercom_sim.markup import Html, el
from intercom_sim.requestlog import Logged

HEADINGS = ("When", "Request", "Answer", "Body")


def request_row(one: Logged, *, now: float) -> Html:
    """A request with its answer; the body opens on demand."""
    address = one.path + (f"?{one.query}" if one.query else "")
    mark = badge("writes", kind="bad") if one.is_write else None
    body = fold("Show", el("pre", one.body.decode(errors="replace"))) if one.body else "–"
    kind = "good" if one.status < 400 else "bad"
    return el(
        "tr",
        el("td", ago(one.at, now=now)),
        el("td", el("code", f"{one.method} {address}"), " ", mark),
        el("td", badge(str(one.status), kind=kind)),
        el("td", body),
    )
