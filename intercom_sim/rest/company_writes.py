"""Changing companies through the API."""

from intercom_sim.actions import companies
from intercom_sim.model import Company
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import invalid
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import Check, chosen, refusing
from intercom_sim.shapes.company import company_bytes

NAMES: dict[str, tuple[str, Check]] = {
    "name": ("name", checks.text),
    "plan": ("plan", checks.text),
    "website": ("website", checks.text),
    "industry": ("industry", checks.text),
    "size": ("size", checks.whole),
    "monthly_spend": ("monthly_spend", checks.whole),
}
CREATING = NAMES | {"remote_created_at": ("remote_created_at", checks.moment)}


def save_company(site: Site, call: Call) -> Reply:
    """Create or update by `company_id`, the customer's own key."""
    fields = call.fields()
    key = checks.text(call.required("company_id"), "company_id")
    if not key:
        raise invalid("company_id is empty", field="company_id")
    wanted = _seen(site, fields) | chosen(fields, CREATING)
    with refusing():
        company = companies.save_company(
            site.workspace,
            company_id=key,
            fields=wanted,
            custom_attributes=_attributes(site, fields),
        )
    return _shown(site, company)


def _seen(site: Site, fields: Json) -> Json:
    """An upsert counts as a visit only if it says so."""
    told = checks.flag(fields.get("update_last_request_at"), "update_last_request_at")
    return {"last_request_at": site.workspace.now} if told else {}


def update_company(site: Site, call: Call) -> Reply:
    """By Intercom's id; `company_id` never changes."""
    fields = call.fields()
    company = site.company(call.params["company_id"])
    with refusing():
        companies.update_company(
            site.workspace,
            company.id,
            fields=chosen(fields, NAMES),
            custom_attributes=_attributes(site, fields),
        )
    return _shown(site, company)


def _attributes(site: Site, fields: Json) -> Json:
    declared = (one for one in site.workspace.attributes if one.model == "company")
    return site.workspace.habits.kept_all(checks.attributes(fields, declared=declared))


def _shown(site: Site, company: Company) -> Reply:
    return Reply(company_bytes(company, workspace=site.workspace))


def delete_company(site: Site, call: Call) -> Reply:
    company = site.company(call.params["company_id"])
    companies.delete_company(site.workspace, company.id)
    return as_json({"id": company.id, "object": "company", "deleted": True})


ROUTES = (
    Route("POST", "/companies", save_company),
    Route("PUT", "/companies/{company_id}", update_company),
    Route("DELETE", "/companies/{company_id}", delete_company),
)
