"""Visitors through the API: one, its details, and making a contact of it."""

from intercom_sim.actions.visitors import convert_visitor, find_visitor
from intercom_sim.model import Contact, Visitor
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import invalid, missing
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.contact import contact_bytes


def get_visitor(site: Site, call: Call) -> Reply:
    with refusing():
        found = find_visitor(site.workspace, key=call.query.get("user_id", ""))
    return as_json(_shape(site, found))


def update(site: Site, call: Call) -> Reply:
    fields = call.fields()
    key = str(fields.get("id") or fields.get("user_id") or "")
    with refusing():
        found = find_visitor(site.workspace, key=key)
    declared = (one for one in site.workspace.attributes if one.model == "contact")
    found.custom_attributes |= checks.attributes(fields, declared=declared)
    if "name" in fields:
        found.name = checks.text(fields["name"], "name")
    found.updated_at = site.workspace.now
    return as_json(_shape(site, found))


def convert(site: Site, call: Call) -> Reply:
    """Into the contact that is named, which is made if nobody is known under that name."""
    kind, user, visitor = (call.required(one) for one in ("type", "user", "visitor"))
    if kind not in ("user", "lead") or not isinstance(user, dict) or not isinstance(visitor, dict):
        raise invalid("type must be user or lead, user and visitor objects")
    key = next((str(visitor[one]) for one in ("id", "user_id") if visitor.get(one)), "")
    known = _known(site, user)
    with refusing():
        contact = convert_visitor(
            site.workspace,
            key=key,
            role=kind,
            email=checks.address(user.get("email")),
            external_id=checks.text(user.get("user_id"), "user_id"),
            into=None if known is None else known.id,
        )
    return Reply(contact_bytes(contact, workspace_id=site.workspace.identity.app_id))


def _known(site: Site, user: Json) -> Contact | None:
    if user.get("id"):
        return site.contact(str(user["id"]))
    if not user.get("user_id") and not user.get("email"):
        raise missing("user")
    people = [one for one in site.workspace.contacts.values() if not one.merged_into]
    users = [one for one in people if one.role == "user"]
    for ours, theirs in (("external_id", "user_id"), ("email", "email")):
        wanted = user.get(theirs)
        found = next((one for one in users if wanted and getattr(one, ours) == wanted), None)
        if found is not None:
            return found
    return None


def _shape(site: Site, one: Visitor) -> Json:
    return {
        "type": "visitor",
        "id": one.id,
        "user_id": one.user_id,
        "anonymous": True,
        "email": one.email or "",
        "phone": None,
        "name": one.name,
        "pseudonym": None,
        "avatar": {"type": "avatar", "image_url": None},
        "app_id": site.workspace.identity.app_id,
        "companies": {"type": "company.list", "companies": []},
        "location_data": {},
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "session_count": 1,
        "social_profiles": {"type": "social_profile.list", "social_profiles": []},
        "owner_id": None,
        "unsubscribed_from_emails": False,
        "marked_email_as_spam": False,
        "has_hard_bounced": False,
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
        "custom_attributes": one.custom_attributes,
    }


ROUTES = (
    Route("GET", "/visitors", get_visitor),
    Route("PUT", "/visitors", update),
    Route("POST", "/visitors/convert", convert),
)
