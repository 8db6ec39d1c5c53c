"""One conversation with its latest messages and the buttons that move it on."""

from intercom_sim.control.layout import (
    ago,
    area,
    badge,
    button,
    card,
    field,
    fold,
    form,
    select,
)
from intercom_sim.markup import Html, el
from intercom_sim.model import Contact, Conversation, Part
from intercom_sim.shapes.conversation import author_json
from intercom_sim.shapes.text import plain_text
from intercom_sim.statistics import derive
from intercom_sim.workspace import Workspace

LATEST = 5
HOUR = 3_600


def conversation_card(
    workspace: Workspace, conversation: Conversation, *, contact: Contact
) -> Html:
    """The card, on the page of one of the conversation's people."""
    back = f"/people/{contact.id}"
    state = badge(conversation.state, kind=conversation.state)
    return card(
        el("h3", conversation.title or "Conversation", " ", state),
        _figures(workspace, conversation),
        _messages(workspace, conversation),
        _answers(conversation, back=back),
        _handling(workspace, conversation, back=back),
        class_="conversation",
    )


def _figures(workspace: Workspace, conversation: Conversation) -> Html:
    known = derive(conversation)
    assignee = workspace.admins.get(conversation.admin_assignee_id or "")
    words: list[object] = ["Updated ", ago(conversation.updated_at, now=workspace.now)]
    words.append(f" · assigned to {assignee.name if assignee else 'nobody'}")
    if known is not None:
        words.append(f" · reopened {known.count_reopens}× · assigned {known.count_assignments}×")
    if conversation.rating is not None and conversation.rating.rating:
        words.append(f" · rated {conversation.rating.rating} of 5")
    names = [workspace.tags[one].name for one in conversation.tags]
    if names:
        words.append(f" · {', '.join(names)}")
    return el("p", *words, class_="quiet")


def _messages(workspace: Workspace, conversation: Conversation) -> Html:
    source = conversation.source
    first = _message(workspace, author=source.author, body=source.body, at=conversation.created_at)
    newest = conversation.parts[-LATEST:]
    hidden = len(conversation.parts) - len(newest)
    gap = el("li", f"… {hidden} more", class_="quiet") if hidden else None
    return el("ol", first, gap, *[_part(workspace, one) for one in newest], class_="messages")


def _part(workspace: Workspace, part: Part) -> Html:
    if part.body is None:
        who = author_json(part.author, workspace=workspace)["name"]
        words = part.kind.replace("_", " ")
        when = ago(part.created_at, now=workspace.now)
        return el("li", f"{words} · {who} · ", when, class_="quiet event")
    return _message(
        workspace, author=part.author, body=part.body, at=part.created_at, kind=part.kind
    )


def _message(
    workspace: Workspace, *, author: str, body: str, at: int, kind: str = "comment"
) -> Html:
    side = "theirs" if author.startswith("contact:") else "ours"
    who = author_json(author, workspace=workspace)["name"] or "Anonymous"
    when = ago(at, now=workspace.now)
    label = "" if kind == "comment" else f" · {kind}"
    meta = el("small", who, label, " · ", when)
    return el("li", el("p", plain_text(body)), meta, class_=f"{side} {kind}")


def _answers(conversation: Conversation, *, back: str) -> Html:
    """Who writes next; on a closed ticket the customer's message reopens it."""
    one = conversation.id
    reopens = " (reopens it)" if conversation.state != "open" else ""
    customer = form(
        "customer_reply",
        area("The customer writes", "body", "Sorry, but this is happening again."),
        button(f"Customer replies{reopens}", kind="primary"),
        back=back,
        conversation_id=one,
    )
    admin = form(
        "admin_reply",
        area("A teammate writes", "body", "Thanks, we are on it."),
        button("Teammate replies"),
        back=back,
        conversation_id=one,
    )
    return el("div", customer, admin, class_="two")


def _handling(workspace: Workspace, conversation: Conversation, *, back: str) -> Html:
    one = conversation.id
    steps = []
    if conversation.state == "closed":
        steps.append(form("reopen", button("Reopen"), back=back, conversation_id=one))
    else:
        steps.append(form("close", button("Close"), back=back, conversation_id=one))
    if conversation.state == "snoozed":
        steps.append(form("unsnooze", button("Unsnooze"), back=back, conversation_id=one))
    elif conversation.state == "open":
        until = workspace.now + 24 * HOUR
        snooze = button("Snooze for a day")
        steps.append(form("snooze", snooze, back=back, conversation_id=one, until=until))
    delete = button("Delete", kind="danger")
    steps.append(form("delete_conversation", delete, back=back, conversation_id=one))
    return el(
        "div",
        el("div", *steps, class_="row"),
        el("div", *_folds(workspace, conversation, back=back), class_="folds"),
    )


def _folds(workspace: Workspace, conversation: Conversation, *, back: str) -> list[Html]:
    one = conversation.id
    people = [(f"admin:{admin.id}", admin.name) for admin in workspace.admins.values()]
    people += [(f"team:{team.id}", f"Team {team.name}") for team in workspace.teams.values()]
    assign = form(
        "assign",
        select("To", "assignee", [*people, ("nobody", "Nobody")]),
        button("Assign"),
        back=back,
        conversation_id=one,
    )
    stars = [(str(number), "★" * number) for number in range(1, 6)]
    rate = form(
        "rate",
        select("Rating", "rating", stars, "5"),
        field("Remark", "remark", ""),
        button("Rate"),
        back=back,
        conversation_id=one,
    )
    tag = form(
        "tag_conversation",
        field("Tag", "name", "Escalated"),
        button("Tag"),
        back=back,
        conversation_id=one,
    )
    untag = form(
        "untag_conversation",
        field("Tag", "name", "Escalated"),
        button("Untag"),
        back=back,
        conversation_id=one,
    )
    note = form(
        "add_note",
        area("Note", "body", "Be gentle."),
        button("Add"),
        back=back,
        conversation_id=one,
    )
    return [fold("Assign", assign), fold("Rate", rate), fold("Tag", tag, untag), fold("Note", note)]
