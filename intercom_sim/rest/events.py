"""Reading and sending the events of one person."""

from datetime import UTC, datetime
from itertools import groupby

from intercom_sim.actions.events import track
from intercom_sim.model import Contact, Event
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json, number
from intercom_sim.rest.errors import invalid, missing, not_found
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.people import event_json

KEPT_SECS = 90 * 86_400
MOST_KEYS = 10
RICH = ({"url", "value"}, {"amount", "currency"})


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
    """Accepts an event: 202 without a body; the same person, name and second count once."""
    fields = call.fields()
    name = checks.text(call.required("event_name"), "event_name")
    if not name:
        raise missing("event_name")
    at = checks.moment(call.required("created_at"), "created_at")
    metadata = _metadata(fields.get("metadata"))
    contact = _person(site, fields)
    with refusing():
        moment = site.workspace.now if at is None else at
        track(site.workspace, contact.id, name=name, metadata=metadata, at=moment)
    return Reply(b"", 202)


def _metadata(sent: object) -> Json:
    """The first ten keys; values are plain, a link with its text, or an amount of money."""
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise invalid("metadata is not an object", field="metadata")
    for name, value in sent.items():
        if not _is_flat(value):
            raise invalid(f"metadata {name} is nested", field="metadata")
    return dict(list(sent.items())[:MOST_KEYS])


def _is_flat(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) in RICH and all(_is_plain(one) for one in value.values())
    return _is_plain(value)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


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
