"""What happens to tags themselves, and tags on companies."""

from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_company, tag_called
from intercom_sim.changes import Change
from intercom_sim.model import Tag
from intercom_sim.workspace import Workspace


def rename_tag(workspace: Workspace, tag_id: str, *, name: str) -> Tag:
    """Another name, unless another tag has it in whatever case."""
    with workspace.lock:
        tag = workspace.tags.get(tag_id)
        if tag is None:
            raise ActionError(f"there is no tag {tag_id}", reason="unknown")
        other = workspace.tag_named(name)
        if other is not None and other is not tag:
            raise ActionError("Tag name has already been taken", reason="invalid")
        if not name.strip():
            raise ActionError("a tag needs a name", reason="invalid")
        workspace.rename_tag(tag, name)
        return tag


def delete_tag(workspace: Workspace, tag_id: str) -> None:
    """Gone, unless a living contact, a company or a conversation has it."""
    with workspace.lock:
        if tag_id not in workspace.tags:
            raise ActionError(f"there is no tag {tag_id}", reason="unknown")
        users = users_of_tag(workspace, tag_id)
        if users:
            message = f"Unable to delete Tag with dependent objects. {users}"
            raise ActionError(message, reason="invalid", code="tag_has_dependent_objects")
        for contact in workspace.contacts.values():
            contact.tags.pop(tag_id, None)
        del workspace.tags[tag_id]


def users_of_tag(workspace: Workspace, tag_id: str) -> str:
    """In words, who has a tag; empty if nobody has."""
    contacts = workspace.contacts.values()
    counts = {
        "Contacts": sum(
            tag_id in one.tags for one in contacts if not one.archived and not one.merged_into
        ),
        "Companies": sum(tag_id in one.tag_ids for one in workspace.companies.values()),
        "Conversations": sum(tag_id in one.tags for one in workspace.conversations.values()),
    }
    return ". ".join(f"{what}: {count}" for what, count in counts.items() if count)


def tag_company(workspace: Workspace, one: str, *, name: str, remove: bool = False) -> None:
    """Put a tag on a company (by Intercom's id), made if it is new, or take it off."""
    with workspace.lock:
        company = find_company(workspace, one)
        tag = tag_called(workspace, name)
        if (tag.id in company.tag_ids) != remove:
            return
        if remove:
            company.tag_ids.remove(tag.id)
        else:
            company.tag_ids.append(tag.id)
        workspace.touch_company(company, at=workspace.now)
        workspace.announce(Change("company_updated", workspace.clock.time(), company=company))
