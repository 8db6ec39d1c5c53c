"""The frame of every control page, and the pieces that pages share."""

from collections.abc import Sequence
from datetime import UTC, datetime

from intercom_sim.markup import Html, el, join
from intercom_sim.model import Contact
from intercom_sim.simulator import Simulator

TABS = (
    ("/", "People"),
    ("/notifications", "Notifications"),
    ("/requests", "Requests"),
    ("/writes", "Writes"),
    ("/trouble", "Trouble"),
)


def page(
    simulator: Simulator, *children: object, title: str, tab: str = "", said: str | None = None
) -> str:
    """A whole page; `said` is what just happened."""
    identity = simulator.workspace.identity
    links = [
        el("a", name, href=path, aria_current="page" if path == tab else None)
        for path, name in TABS
    ]
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{title} · Intercom simulator"),
        el("link", rel="stylesheet", href="/_sim/static/sim.css"),
        el("script", src="/_sim/static/sim.js", defer=True),
    )
    header = el(
        "header",
        el("a", "Intercom simulator", href="/", class_="brand"),
        el("span", f"{identity.name} · {identity.app_id} · {identity.region}", class_="quiet"),
        el("nav", *links),
    )
    toast = el("p", said, class_="said", role="status") if said else None
    body = el("body", header, el("main", toast, *children))
    return f'<!doctype html><html lang="en">{head}{body}</html>'


def form(action: str, *children: object, back: str, **fixed: object) -> Html:
    """A form that does an action and comes back; `fixed` are hidden arguments."""
    hidden = [el("input", type="hidden", name=name, value=value) for name, value in fixed.items()]
    back_field = el("input", type="hidden", name="back", value=back)
    target = f"/do/{action}"
    return el("form", *hidden, back_field, *children, method="post", action=target)


def button(text: str, *, kind: str = "") -> Html:
    return el("button", text, class_=kind or None)


def field(label: str, name: str, value: object = "", **attributes: object) -> Html:
    """A labelled one-line field."""
    inner = el("input", name=name, value=value, **attributes)
    return el("label", el("span", label), inner)


def area(label: str, name: str, value: str) -> Html:
    return el("label", el("span", label), el("textarea", value, name=name, rows="2"))


def select(label: str, name: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Html:
    listed = [el("option", text, value=value, selected=value == chosen) for value, text in options]
    return el("label", el("span", label), el("select", *listed, name=name))


def fold(summary: str, *children: object) -> Html:
    """Something that opens on demand."""
    return el("details", el("summary", summary), *children)


def badge(text: str, *, kind: str) -> Html:
    return el("span", text, class_=f"badge {kind}")


def name_of(contact: Contact) -> str:
    return contact.name or contact.email or f"Anonymous lead {contact.id[-6:]}"


def ago(moment: float | None, *, now: float) -> Html:
    """How long ago, the exact time beneath the pointer."""
    if moment is None:
        return el("span", "never", class_="quiet")
    exact = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return el("time", _distance(now - moment), title=exact)


def _distance(seconds: float) -> str:
    if seconds < 0:
        return f"in {_span(-seconds)}"
    return "just now" if seconds < 5 else f"{_span(seconds)} ago"


def _span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


def table(headings: tuple[str, ...], rows: list[Html], *, empty: str) -> Html:
    """A table, or a sentence if there is nothing to show."""
    if not rows:
        return el("p", empty, class_="quiet empty")
    head = el("thead", el("tr", *[el("th", one) for one in headings]))
    return el("div", el("table", head, el("tbody", *rows)), class_="scroll")


def card(*children: object, class_: str = "") -> Html:
    return el("section", join(*children), class_=f"card {class_}".strip())
