"""Reading what a workspace is made of: me, teammates, teams, tags, segments, attributes."""

from intercom_sim.rest.call import Call, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid, not_found
from intercom_sim.rest.site import Site
from intercom_sim.segments import segments_of
from intercom_sim.shapes.people import (
    admin_json,
    attribute_json,
    me_json,
    note_json,
    segment_json,
    subscription_json,
    tag_json,
    team_json,
)


def me(site: Site, call: Call) -> Reply:
    owner = next(iter(site.workspace.admins.values()))
    return as_json(me_json(owner, identity=site.workspace.identity))


def admins(site: Site, call: Call) -> Reply:
    data = [admin_json(one) for one in site.workspace.admins.values()]
    return as_json({"type": "admin.list", "admins": data})


def admin(site: Site, call: Call) -> Reply:
    return as_json(admin_json(site.admin(call.params["admin_id"])))


def teams(site: Site, call: Call) -> Reply:
    data = [team_json(one) for one in site.workspace.teams.values()]
    return as_json({"type": "team.list", "teams": data})


def team(site: Site, call: Call) -> Reply:
    found = site.workspace.teams.get(call.params["team_id"])
    if found is None:
        raise not_found("Team", code="team_not_found")
    return as_json(team_json(found))


def tags(site: Site, call: Call) -> Reply:
    data = [tag_json(one) for one in site.workspace.tags.values()]
    return as_json({"type": "list", "data": data})


def tag(site: Site, call: Call) -> Reply:
    return as_json(tag_json(site.tag(call.params["tag_id"])))


def segments(site: Site, call: Call) -> Reply:
    """All segments; with `include_count=true` their sizes, which needs a look at everybody."""
    workspace = site.workspace
    counts: dict[str, int] = {}
    if call.query.get("include_count") == "true":
        counts = dict.fromkeys(workspace.segments, 0)
        for _, _, contact in workspace.contacts_by_update.rows:
            for one in segments_of(contact, workspace=workspace):
                counts[one] += 1
    data = [segment_json(one, count=counts.get(one.id)) for one in workspace.segments.values()]
    return as_json({"type": "segment.list", "segments": data})


def segment(site: Site, call: Call) -> Reply:
    found = site.workspace.segments.get(call.params["segment_id"])
    if found is None:
        raise not_found("Segment")
    return as_json(segment_json(found))


def data_attributes(site: Site, call: Call) -> Reply:
    model = call.query.get("model")
    if model == "conversation":
        message = "conversation attributes moved to /conversations/attributes"
        raise ApiError(422, "unprocessable_entity", message, field="model")
    if model not in (None, "contact", "company"):
        raise invalid("model must be contact or company", field="model")
    archived = call.query.get("include_archived") == "true"
    known = site.workspace.attributes
    chosen = [one for one in known if model in (None, one.model) and (archived or not one.archived)]
    return as_json({"type": "list", "data": [attribute_json(one) for one in chosen]})


def note(site: Site, call: Call) -> Reply:
    found = site.workspace.notes.get(call.params["note_id"])
    if found is None:
        raise not_found("Note")
    return as_json(note_json(found, author=site.workspace.admins[found.author_id]))


def subscription_types(site: Site, call: Call) -> Reply:
    kinds = site.workspace.subscription_types.values()
    return as_json({"type": "list", "data": [subscription_json(one) for one in kinds]})


ROUTES = (
    Route("GET", "/me", me),
    Route("GET", "/admins", admins),
    Route("GET", "/admins/{admin_id}", admin),
    Route("GET", "/teams", teams),
    Route("GET", "/teams/{team_id}", team),
    Route("GET", "/tags", tags),
    Route("GET", "/tags/{tag_id}", tag),
    Route("GET", "/segments", segments),
    Route("GET", "/segments/{segment_id}", segment),
    Route("GET", "/data_attributes", data_attributes),
    Route("GET", "/notes/{note_id}", note),
    Route("GET", "/subscription_types", subscription_types),
)
