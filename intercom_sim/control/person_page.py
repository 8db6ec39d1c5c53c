"""One person: who they are, their conversations, and everything that can be done to both."""

from intercom_sim.control.conversation_card import conversation_card
from intercom_sim.control.finding import conversations_of
from intercom_sim.control.layout import (
    ago,
    area,
    badge,
    button,
    card,
    field,
    fold,
    form,
    name_of,
    table,
)
from intercom_sim.control.writes import writes_about
from intercom_sim.markup import Html, el
from intercom_sim.model import Contact
from intercom_sim.simulator import Simulator
from intercom_sim.workspace import Workspace

SHOWN = 20


def person_page(simulator: Simulator, contact: Contact) -> list[Html]:
    """The parts of the page, top to bottom."""
    workspace = simulator.workspace
    known = conversations_of(workspace, contact)
    cards = [conversation_card(workspace, one, contact=contact) for one in known[:SHOWN]]
    if not cards:
        cards = [el("p", "No conversation yet. Start one above.", class_="quiet empty")]
    return [
        _who(workspace, contact),
        _start(contact),
        el("h2", f"Conversations ({len(known)})"),
        *cards,
        writes_about(simulator, contact),
    ]


def _who(workspace: Workspace, contact: Contact) -> Html:
    marks = [badge(contact.role, kind=contact.role)]
    marks += [badge("archived", kind="closed")] if contact.archived else []
    marks += [badge("unsubscribed", kind="closed")] if contact.unsubscribed_from_emails else []
    companies = [workspace.companies[one].name or "?" for one in contact.company_ids]
    facts = (
        ("E-mail", contact.email or "none"),
        ("Id", contact.id),
        ("Last seen", ago(contact.last_seen_at, now=workspace.now)),
        ("Last replied", ago(contact.last_replied_at, now=workspace.now)),
        ("Companies", ", ".join(companies) or "none"),
        ("Tags", _tags(workspace, contact)),
    )
    listed = [el("div", el("dt", name), el("dd", value)) for name, value in facts]
    title = el("h1", name_of(contact), " ", *marks)
    known = _attributes(workspace, contact)
    return card(title, el("dl", *listed), known, _simple(contact), _folded(contact))


def _tags(workspace: Workspace, contact: Contact) -> Html:
    if not contact.tags:
        return el("span", "none", class_="quiet")
    names = [workspace.tags[one].name for one in contact.tags]
    return el("span", *[badge(name, kind="tag") for name in sorted(names)])


def _attributes(workspace: Workspace, contact: Contact) -> Html:
    """Custom attributes with the type they are declared with."""
    kinds = {one.name: one.data_type for one in workspace.attributes if one.model == "contact"}
    rows = [
        el("tr", el("td", name), el("td", str(value)), el("td", kinds.get(name, "undeclared")))
        for name, value in sorted(contact.custom_attributes.items())
    ]
    return table(("Attribute", "Value", "Type"), rows, empty="No attributes.")


def _simple(contact: Contact) -> Html:
    """What takes one click."""
    back, one = f"/people/{contact.id}", contact.id
    buttons = [form("seen", button("Visits now"), back=back, contact_id=one)]
    if contact.unsubscribed_from_emails:
        again = {"contact_id": one, "subscribed": "true"}
        buttons.append(form("unsubscribe", button("Subscribes"), back=back, **again))
    else:
        buttons.append(form("unsubscribe", button("Unsubscribes"), back=back, contact_id=one))
    if contact.role == "lead":
        buttons.append(form("sign_up", button("Signs up"), back=back, contact_id=one))
    if contact.archived:
        buttons.append(form("unarchive", button("Unarchive"), back=back, contact_id=one))
    else:
        buttons.append(form("archive", button("Archive"), back=back, contact_id=one))
    buttons.append(
        form("delete_contact", button("Delete", kind="danger"), back="/", contact_id=one)
    )
    return el("div", *buttons, class_="row")


def _folded(contact: Contact) -> Html:
    """What needs a word or two."""
    back, one = f"/people/{contact.id}", contact.id
    change = form(
        "update_contact",
        field("Name", "fields.name", contact.name or ""),
        field("Phone", "fields.phone", contact.phone or ""),
        field("Attribute", "attribute", "plan"),
        field("Value", "value", ""),
        button("Save"),
        back=back,
        contact_id=one,
    )
    email = form(
        "change_email",
        field("New e-mail", "email", contact.email or "", type="email"),
        button("Change"),
        back=back,
        contact_id=one,
    )
    tag = form("tag_contact", field("Tag", "name", "VIP"), button("Tag"), back=back, contact_id=one)
    untag = form(
        "untag_contact", field("Tag", "name", "VIP"), button("Untag"), back=back, contact_id=one
    )
    folds = [
        fold("Change e-mail", email),
        fold("Tag or untag", tag, untag),
        fold("Change details", change),
    ]
    if contact.role == "lead":
        merge = form(
            "merge",
            field("Id of the user", "into", ""),
            button("Merge into that user"),
            back="/",
            lead_id=one,
        )
        folds.append(fold("Merge into a user", merge))
    return el("div", *folds, class_="folds")


def _start(contact: Contact) -> Html:
    back, one = f"/people/{contact.id}", contact.id
    return card(
        el("h2", "New conversation"),
        form(
            "start_conversation",
            area("What the customer writes", "body", "Hello, something does not work here."),
            field("Subject (makes it an e-mail)", "subject", ""),
            button("Customer writes", kind="primary"),
            back=back,
            contact_id=one,
        ),
    )
