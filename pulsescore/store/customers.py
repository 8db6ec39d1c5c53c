"""Store customers, and let in what waited for them."""

from pulsescore.store import links, things
from pulsescore.store.admission import Entries
from pulsescore.store.batch import Batch
from pulsescore.store.links import MEMBERS
from pulsescore.store.shapes import CompanyShape, CustomerShape

_CUSTOMER = CustomerShape()
_COMPANY = CompanyShape()


def write_companies(batch: Batch, entries: Entries) -> None:
    """Store companies, marked where new or changed; join those who named them before."""
    written = things.write(batch, _COMPANY, entries)
    batch.companies.update(written.inserted)
    batch.changed_companies.update(written.owners())
    joined = links.join_newcomers(batch, MEMBERS, written.inserted)
    batch.changed_customers.update(customer_id for customer_id, _ in joined)


def write(batch: Batch, entries: Entries) -> None:
    """Store customers; every one that is new or changed is marked for scoring."""
    written = things.write(batch, _CUSTOMER, entries)
    batch.customers.update(written.inserted)
    batch.newcomers.update(written.inserted)
    batch.changed_customers.update(written.owners())
    batch.changed_companies.update(company_id for _, company_id in written.relinked)
