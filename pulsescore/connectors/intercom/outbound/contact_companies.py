"""Sending one contact: the companies it belongs to."""

from pulsescore.connectors.intercom.api.errors import RequestRefused
from pulsescore.connectors.intercom.outbound.contact_work import NOT_PERMITTED, Work


async def write_companies(work: Work, contact_id: str) -> None:
    """Join the contact to its companies, made on the way where Intercom has none."""
    wanted = list(work.diff.companies)
    for company in work.outlook.new_companies:
        if work.may("companies"):
            try:
                made = await work.means.company_id(company, work.outcome.task.run_id)
            except NOT_PERMITTED as fault:
                work.bar("companies", fault)
            except RequestRefused as fault:
                work.note("company.attach", contact_id, error=fault.failure.message)
            else:
                wanted += [made] if made else []
    for company_id in wanted:
        if work.may("companies"):
            await _attach(work, contact_id, company_id)


async def _attach(work: Work, contact_id: str, company_id: str) -> None:
    at = work.tick()
    try:
        company = await work.client.attach_company(contact_id, company_id)
    except NOT_PERMITTED as fault:
        work.bar("companies", fault)
    except RequestRefused as fault:
        work.note("company.attach", contact_id, error=fault.failure.message)
    else:
        work.outcome.records.append(work.delta(contact_id, at, companies_added=[company_id]))
        after = {"company": company.name or company_id, "company_id": company_id}
        work.note("company.attach", contact_id, after=after)
