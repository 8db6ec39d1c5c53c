"""The first page: the workspace in numbers, what to try, people to find."""

from intercom_sim.control.finding import conversations_of, find_people, recently_closed
from intercom_sim.control.layout import ago, badge, button, card, field, form, name_of, table
from intercom_sim.control.story_cards import story_cards
from intercom_sim.control.summaries import overview
from intercom_sim.markup import Html, el
from intercom_sim.model import Contact
from intercom_sim.simulator import Simulator

SHOWN = 25


def people_page(simulator: Simulator, *, wanted: str) -> list[Html]:
    """The parts of the page, top to bottom."""
    stories = None if wanted else story_cards(simulator.workspace)
    return [
        _numbers(simulator),
        *([stories] if stories else []),
        _try_this(simulator),
        _search(simulator, wanted=wanted),
        _newcomer(),
    ]


def _numbers(simulator: Simulator) -> Html:
    known = overview(simulator)
    shown = (
        ("people", known["contacts"]),
        ("companies", known["companies"]),
        ("conversations", known["conversations"]),
        ("open", known["open"]),
        ("requests served", known["requests"]),
        ("of them writing", known["writes"]),
        ("notifications", known["notifications"]),
    )
    tiles = [el("div", el("strong", f"{n:,}"), el("span", name)) for name, n in shown]
    return el("div", *tiles, class_="tiles")


def _try_this(simulator: Simulator) -> Html:
    """Closed tickets with the button that opens them again: the shortest way to see an effect."""
    workspace = simulator.workspace
    rows = []
    for contact, conversation in recently_closed(workspace, limit=3):
        again = form(
            "customer_reply",
            button("Customer replies: reopen", kind="primary"),
            back="/",
            conversation_id=conversation.id,
            body="Sorry, but this is happening again.",
        )
        person = el("a", name_of(contact), href=f"/people/{contact.id}")
        subject = el("span", conversation.title or "Conversation", class_="quiet")
        state = badge(conversation.state, kind=conversation.state)
        when = ago(conversation.updated_at, now=workspace.now)
        rows.append(el("li", el("div", person, " ", state, el("br"), subject, " · ", when), again))
    if not rows:
        rows = [
            el("li", el("span", "No closed ticket yet. Create somebody below.", class_="quiet"))
        ]
    words = "Press a button: the customer writes again, the closed ticket reopens, the app is told."
    return card(el("h2", "Make a ticket reopen"), el("p", words), el("ul", *rows, class_="try"))


def _search(simulator: Simulator, *, wanted: str) -> Html:
    workspace = simulator.workspace
    people = find_people(workspace, wanted, limit=SHOWN)
    rows = [_row(simulator, one) for one in people]
    box = el(
        "form",
        field("Find a person", "q", wanted, type="search", placeholder="name, address or id"),
        button("Find"),
        class_="row",
    )
    headings = ("Person", "Tickets", "Tags", "Last seen", "Updated")
    return card(
        el("h2", "People"),
        box,
        table(headings, rows, empty="Nobody found. Try fewer letters."),
        class_="people",
    )


def _row(simulator: Simulator, contact: Contact) -> Html:
    now = simulator.workspace.now
    known = conversations_of(simulator.workspace, contact)
    opened = sum(one.state == "open" for one in known)
    marks = [badge(f"{opened} open", kind="open")] if opened else []
    marks += [badge("lead", kind="lead")] if contact.role == "lead" else []
    names = sorted(simulator.workspace.tags[one].name for one in contact.tags)
    tags = [badge(one, kind="tag") for one in names]
    person = el("a", name_of(contact), href=f"/people/{contact.id}")
    email = el("span", contact.email or "no e-mail", class_="quiet")
    return el(
        "tr",
        el("td", person, el("br"), email),
        el("td", f"{len(known)} ", *marks),
        el("td", *tags),
        el("td", ago(contact.last_seen_at, now=now)),
        el("td", ago(contact.updated_at, now=now)),
    )


def _newcomer() -> Html:
    return card(
        el("h2", "Somebody new"),
        form(
            "create_contact",
            el(
                "div",
                field("Name", "name", "Nova Bright"),
                field("E-mail", "email", "nova@newcomer.example", type="email"),
                el(
                    "label",
                    el("span", "Role"),
                    el(
                        "select",
                        el("option", "user", value="user"),
                        el("option", "lead", value="lead"),
                        name="role",
                    ),
                ),
                button("Create"),
                class_="row",
            ),
            back="/",
        ),
    )
