"""Reading and sending the events of one person."""

from datetime import UTC, datetime
from itertools import groupby

from intercom_sim.actions.events import track
from intercom_sim.model import Contact, Event
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json, number
from intercom_sim.rest.errors import ApiError, missing, not_found
from intercom_sim.rest.site import Site
from intercom_sim.search.ranges import seconds
from intercom_sim.shapes.people import event_json

KEPT_SECS = 90 * 86_400


def list_events(site: Site, call: Call) -> Reply:
    """The last 90 days of one person's events, newest first, or their summary."""
    contact = _person(site, {**call.query, "id": call.query.get("intercom_user_id")})
    since = site.workspace.now - KEPT_SECS
    every = site.workspace.events.get(contact.id, [])
    recent = [one for one in every if one.created_at >= since]
    if call.query.get("summary") == "true":
        return as_json(_summary(contact, recent))
    per_page = number(call.query.get("per_page"), "per_page", default=50, most=150)
    shapes = [
        event_json(one, email=contact.email, external_id=contact.external_id)
        for one in reversed(recent[-per_page:])
    ]
    return as_json({"type": "event.list", "events": shapes, "pages": {"type": "pages"}})


def _summary(contact: Contact, events: list[Event]) -> Json:
    by_name = sorted(events, key=lambda one: (one.name, one.created_at))
    rows = []
    for name, group in groupby(by_name, key=lambda one: one.name):
        times = [one.created_at for one in group]
        first, last = _iso(times[0]), _iso(times[-1])
        rows.append({"name": name, "first": first, "last": last, "count": len(times)})
    return {
        "type": "event.summary",
        "email": contact.email or "",
        "intercom_user_id": contact.id,
        "user_id": contact.external_id or "",
        "events": [{**row, "description": row["name"]} for row in rows],
    }


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def send_event(site: Site, call: Call) -> Reply:
    """Accepts an event: 202 without a body."""
    fields = call.fields()
    name = str(call.required("event_name"))
    contact = _person(site, fields)
    metadata = fields.get("metadata") or {}
    if len(metadata) > 10:
        raise ApiError(400, "parameter_invalid", "metadata has more than 10 keys", field="metadata")
    at = seconds(fields.get("created_at") or site.workspace.now)
    track(site.workspace, contact.id, name=name, metadata=metadata, at=at)
    return Reply(b"", 202)


def _person(site: Site, fields: Json) -> Contact:
    if fields.get("id"):
        return site.contact(str(fields["id"]))
    for key, member in (("user_id", "external_id"), ("email", "email")):
        if fields.get(key):
            every = site.workspace.contacts.values()
            wanted = str(fields[key])
            people = (one for one in every if getattr(one, member) == wanted)
            found = next((one for one in people if one.role == "user"), None)
            if found is None:
                raise not_found("User")
            return site.contact(found.id)
    raise missing("user_id, id or email")


ROUTES = (
    Route("GET", "/events", list_events),
    Route("POST", "/events", send_event),
)
