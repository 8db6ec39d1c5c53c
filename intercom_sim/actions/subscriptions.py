"""What people want to hear of, kind by kind."""

from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_contact
from intercom_sim.changes import Change
from intercom_sim.model import Consent, Contact
from intercom_sim.workspace import Workspace


def choose_subscription(
    workspace: Workspace, contact_id: str, *, kind: str, consent: Consent
) -> Contact:
    """The contact takes part (`opt_in`) or refuses (`opt_out`)."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        _known(workspace, kind)
        if contact.subscriptions.get(kind) != consent:
            contact.subscriptions[kind] = consent
            _tell(workspace, contact, kind, takes_part=consent == "opt_in")
        return contact


def forget_subscription(workspace: Workspace, contact_id: str, *, kind: str) -> Contact:
    """Back to what holds for everybody."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        _known(workspace, kind)
        before = contact.subscriptions.pop(kind, None)
        if before is not None:
            _tell(workspace, contact, kind, takes_part=before == "opt_out")
        return contact


def _known(workspace: Workspace, kind: str) -> None:
    if kind not in workspace.subscription_types:
        raise ActionError("Resource Not Found", reason="unknown")


def _tell(workspace: Workspace, contact: Contact, kind: str, *, takes_part: bool) -> None:
    workspace.touch_contact(contact, at=workspace.now)
    workspace.announce(
        Change(
            "subscription_taken" if takes_part else "subscription_refused",
            workspace.clock.time(),
            contact=contact,
            subscription=workspace.subscription_types[kind],
        )
    )
