"""The two accounts that have a story, and the buttons that move it on."""

from collections.abc import Iterator

from intercom_sim.control.finding import conversations_of
from intercom_sim.control.layout import ago, button, card, form, name_of
from intercom_sim.generator.stories import RECOVERING, WORSENING, Account
from intercom_sim.markup import Html, el
from intercom_sim.model import Contact
from intercom_sim.workspace import Workspace

TOLD = (
    (WORSENING, "Getting worse", "Reopened twice, then ignored three times. Will we lose her?"),
    (RECOVERING, "Recovering", "Had a bad month, has been answered well ever since."),
)


def story_cards(workspace: Workspace) -> Html | None:
    """A card for each of the two people, as long as they are there."""
    cards = [
        _card(workspace, contact, account, course=course, plot=plot)
        for account, course, plot in TOLD
        for contact in _people_of(workspace, account)
    ]
    if not cards:
        return None
    head = el("h2", "Two accounts with a story")
    words = el("p", "Press a button and watch their score in PulseScore.", class_="quiet")
    return el("section", head, words, el("div", *cards, class_="stories"))


def _people_of(workspace: Workspace, account: Account) -> Iterator[Contact]:
    address = f"{account.person.split()[0].lower()}@{account.domain}"
    found = (one for one in workspace.contacts.values() if one.email == address)
    yield from (one for one in found if not one.archived and one.merged_into is None)


def _card(
    workspace: Workspace, contact: Contact, account: Account, *, course: str, plot: str
) -> Html:
    known = conversations_of(workspace, contact)
    opened = sum(one.state == "open" for one in known)
    seen = ago(contact.last_seen_at, now=workspace.now)
    return card(
        el("p", course, class_="eyebrow"),
        el("h3", el("a", name_of(contact), href=f"/people/{contact.id}")),
        el("p", f"{account.company} · {opened} of {len(known)} tickets open · seen ", seen),
        el("p", plot, class_="quiet"),
        el(
            "div",
            _act("complain", "Complains again", contact, kind="primary"),
            _act("clear_desk", "We solve everything", contact),
            _act("seen", "Visits now", contact),
            class_="row",
        ),
        class_="story",
    )


def _act(action: str, text: str, contact: Contact, *, kind: str = "") -> Html:
    return form(action, button(text, kind=kind), back="/", contact_id=contact.id)
