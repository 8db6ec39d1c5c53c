"""What a contact wants to hear of, through the API: explicit choices only."""

from intercom_sim.actions.subscriptions import choose_subscription, forget_subscription
from intercom_sim.model import Consent
from intercom_sim.rest.call import Call, Reply, Route, as_json
from intercom_sim.rest.errors import invalid
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.people import subscription_json


def chosen(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    kinds = site.workspace.subscription_types
    data = [
        {**subscription_json(kinds[one]), "consent_type": consent}
        for one, consent in contact.subscriptions.items()
    ]
    return as_json({"type": "list", "data": data})


def choose(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    kind = str(call.required("id"))
    consent = _consent(call.required("consent_type"))
    with refusing():
        choose_subscription(site.workspace, contact.id, kind=kind, consent=consent)
    known = site.workspace.subscription_types[kind]
    return as_json({**subscription_json(known), "consent_type": consent})


def _consent(sent: object) -> Consent:
    if sent == "opt_in":
        return "opt_in"
    if sent == "opt_out":
        return "opt_out"
    raise invalid("consent_type must be opt_in or opt_out", field="consent_type")


def forget(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    kind = call.params["subscription_id"]
    with refusing():
        forget_subscription(site.workspace, contact.id, kind=kind)
    return as_json(subscription_json(site.workspace.subscription_types[kind]))


ROUTES = (
    Route("GET", "/contacts/{contact_id}/subscriptions", chosen),
    Route("POST", "/contacts/{contact_id}/subscriptions", choose),
    Route("DELETE", "/contacts/{contact_id}/subscriptions/{subscription_id}", forget),
)
