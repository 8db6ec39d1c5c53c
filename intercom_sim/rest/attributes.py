"""Declaring custom attributes through the API."""

from typing import Literal

from intercom_sim.actions.attributes import (
    change_attribute,
    declare_attribute,
    find_attribute,
    is_depended_on,
)
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.people import attribute_json


def create(site: Site, call: Call) -> Reply:
    """A new custom attribute of contacts or companies."""
    fields = call.fields()
    with refusing():
        made = declare_attribute(
            site.workspace,
            model=_model(call.required("model")),
            name=checks.text(call.required("name"), "name") or "",
            data_type=str(call.required("data_type")),
            options=_options(fields),
            description=checks.text(fields.get("description"), "description") or "",
            messenger_writable=bool(fields.get("messenger_writable")),
        )
    return as_json(attribute_json(made))


def _model(sent: object) -> Literal["contact", "company"]:
    if sent == "contact":
        return "contact"
    if sent == "company":
        return "company"
    message = "The Data Attribute model field must be either contact or company"
    raise invalid(message, field="model")


def _options(fields: Json) -> list[str]:
    sent = fields.get("options")
    if sent is None:
        return []
    if not isinstance(sent, list):
        raise invalid("Options isn't an array", field="options")
    return [str(one.get("value", "")) if isinstance(one, dict) else str(one) for one in sent]


def update(site: Site, call: Call) -> Reply:
    """What may change of one: description, options, archived, writable from the Messenger."""
    fields = call.fields()
    changes: Json = {}
    if "options" in fields:
        changes["options"] = _options(fields)
    if fields.get("description") is not None:
        changes["description"] = checks.text(fields["description"], "description")
    for name in ("archived", "messenger_writable"):
        if fields.get(name) is not None:
            changes[name] = checks.flag(fields[name], name)
    with refusing():
        found = find_attribute(site.workspace, call.params["data_attribute_id"])
        if changes.get("archived") and is_depended_on(site.workspace, found):
            message = "The Data Attribute you are trying to archive has a dependant object"
            raise ApiError(422, "data_invalid", message)
        if len(changes.get("options", found.options)) == 1:
            raise invalid("a list needs two options at least", field="options")
        change_attribute(site.workspace, str(found.id), **changes)
    return as_json(attribute_json(found))


ROUTES = (
    Route("POST", "/data_attributes", create),
    Route("PUT", "/data_attributes/{data_attribute_id}", update),
)
