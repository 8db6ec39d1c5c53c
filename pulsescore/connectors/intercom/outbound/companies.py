"""Companies as they are here and in Intercom, and sending what differs."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    ApiError,
    NotFoundThere,
    PermissionMissing,
    PlanRestricted,
    RequestRefused,
)
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.mappings import theirs as theirs_of
from pulsescore.connectors.intercom.mappings.fields import CUSTOM, STANDARD
from pulsescore.connectors.intercom.mappings.outgoing import Refused
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import membership
from pulsescore.connectors.intercom.outbound.diff import (
    Values,
    as_body,
    former_values,
    without_withheld,
)
from pulsescore.connectors.intercom.outbound.echoes import (
    Echoes,
    echoes_of_companies,
    without_echoes,
)
from pulsescore.connectors.intercom.outbound.models import OutboundSettings, WithheldValue
from pulsescore.connectors.intercom.outbound.outcome import Outcome, Written, WrittenCompany
from pulsescore.connectors.intercom.outbound.values import Mapper
from pulsescore.store.models import Company
from pulsescore.store.records import CompanyRecord, DeletionRecord, Record

Clock = Callable[[], datetime]


@dataclass(frozen=True, kw_only=True)
class CompanyOutlook:
    """One company and what is to be written. Without an `external_id` Intercom has none."""

    company: Company
    external_id: str | None
    fields: Values = field(default_factory=dict)
    before: Values = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    is_sent: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return not self.is_sent or (self.external_id is not None and not self.fields)


@dataclass
class CompanyLookout:
    """Looks at companies of one connection."""

    connection: Connection
    settings: OutboundSettings
    mapper: Mapper

    def look(
        self,
        company_ids: Iterable[int],
        *,
        forced: frozenset[int] = frozenset(),
        back: Mapping[int, Values] | None = None,
    ) -> list[CompanyOutlook]:
        """What is to be written for each of these companies; `back`: what an undo brings back."""
        org_id, ids = self.connection.org_id, sorted(set(company_ids))
        companies = list(Company.objects.for_org(org_id).filter(pk__in=ids).order_by("id"))
        chosen = membership.segments_of_companies(org_id, ids, among=self.settings.company_segments)
        ours = self.mapper.ours_of_companies(ids)
        twins = self._twins(companies)
        echoes = echoes_of_companies(self.connection, ids)
        withheld = _withheld(self.connection, ids)
        return [
            self._look(
                one,
                twin=one if one.source_id == self.connection.source_id else twins.get(one.pk),
                ours=ours.get(one.pk, {}),
                withheld=withheld.get(one.pk, {}),
                echoes=echoes.get(one.pk, {}),
                back=(back or {}).get(one.pk, {}),
                is_sent=one.deleted_at is None and (one.pk in chosen or one.pk in forced),
            )
            for one in companies
        ]

    def _look(
        self,
        company: Company,
        *,
        twin: Company | None,
        ours: Mapping[str, Any],
        withheld: Values,
        echoes: Echoes,
        back: Values,
        is_sent: bool,
    ) -> CompanyOutlook:
        theirs = theirs_of.new_company() if twin is None else _theirs(twin)
        mapped = self.mapper.desired(ours, theirs)
        wanted = without_echoes(mapped.writes, theirs.values, echoes)
        values = without_withheld(wanted, withheld)
        if twin is None:
            values = {"name": company.name, **values} if company.name else values
        else:
            values |= former_values(back, theirs.values)
        return CompanyOutlook(
            company=company,
            external_id=None if twin is None else twin.external_id,
            fields=values,
            before={name: theirs.values.get(name) for name in values},
            refused=mapped.refused if is_sent else (),
            is_sent=is_sent and (twin is not None or company.company_key is not None),
        )

    def _twins(self, companies: Iterable[Company]) -> dict[int, Company]:
        """The workspace's own companies with the keys of ingested ones."""
        keys = {
            one.company_key: one.pk
            for one in companies
            if one.company_key and one.source_id != self.connection.source_id
        }
        rows = Company.objects.for_org(self.connection.org_id).filter(
            source_id=self.connection.source_id, company_key__in=list(keys), deleted_at=None
        )
        return {keys[one.company_key]: one for one in rows if one.company_key in keys}


@dataclass
class CompanySender:
    """Makes and changes companies; one that many contacts need is made once."""

    client: IntercomClient
    database: DatabaseThread
    lookout: CompanyLookout
    now: Clock
    barred: dict[str, str]
    records: list[Record] = field(default_factory=list)
    writes: list[WrittenCompany] = field(default_factory=list)
    _made: dict[int, str] = field(default_factory=dict)
    _locks: dict[int, asyncio.Lock] = field(default_factory=dict)

    async def company_id(self, company_id: int, run_id: int | None) -> str | None:
        """Intercom's id of a company of ours, which is made there if need be, for that run."""
        async with self._locks.setdefault(company_id, asyncio.Lock()):
            if company_id in self._made:
                return self._made[company_id]
            found = await self.database.run(
                self.lookout.look, [company_id], forced=frozenset({company_id})
            )
            if not found or not found[0].is_sent:
                return None
            outlook = found[0]
            if outlook.external_id is None:
                record, written = await self._write(outlook)
                self.records.append(record)
                self.writes.append(WrittenCompany(company_id, run_id, written))
                self._made[company_id] = written.external_id
            else:
                self._made[company_id] = outlook.external_id
            return self._made[company_id]

    async def send(self, outlook: CompanyOutlook, outcome: Outcome) -> Outcome:
        """Write what differs; what came of it is in the outcome, faults included."""
        if "companies" in self.barred:
            outcome.troubles["companies"] = self.barred["companies"]
            return outcome
        try:
            record, written = await self._write(outlook)
        except (PermissionMissing, PlanRestricted) as fault:
            message = fault.failure.message or fault.failure.code
            self.barred["companies"] = outcome.troubles["companies"] = message
        except NotFoundThere:
            external_id = outlook.external_id or ""
            outcome.records.append(
                DeletionRecord(kind="company", external_id=external_id, at=self.now())
            )
        except RequestRefused as fault:
            self._withhold(outlook, outcome, fault)
        except ApiError as fault:
            outcome.fault = fault
        else:
            outcome.records.append(record)
            outcome.writes.append(written)
            outcome.echoes |= self.lookout.mapper.made_otherwise(
                "company", outlook.fields, _held(record)
            )
            outcome.accepted |= outlook.fields.keys() - outcome.task.values.keys()
        return outcome

    async def _write(self, outlook: CompanyOutlook) -> tuple[CompanyRecord, Written]:
        body, at = as_body(outlook.fields), self.now()
        if outlook.external_id is None:
            company = await self.client.save_company(
                {**body, "company_id": outlook.company.company_key}
            )
            kind = "company.create"
        else:
            company = await self.client.update_company(outlook.external_id, body)
            kind = "company.update"
        record = mapping.company_to_record(company, tag_names={}, observed_at=at)
        before = {} if outlook.external_id is None else dict(outlook.before)
        return record, Written(
            kind=kind, external_id=str(company.id), before=before, after=dict(outlook.fields)
        )

    def _withhold(self, outlook: CompanyOutlook, outcome: Outcome, fault: RequestRefused) -> None:
        message = fault.failure.message or fault.failure.code
        outcome.withheld |= {name: (value, message) for name, value in outlook.fields.items()}
        outcome.writes.append(
            Written(
                kind="company.update",
                external_id=outlook.external_id or "",
                after=dict(outlook.fields),
                error=message,
            )
        )


def _held(record: CompanyRecord) -> dict[str, Any]:
    """What an answer tells of the company's fields, by full name."""
    custom = {} if record.metadata is UNSET else record.metadata
    told = {name: getattr(record, name) for name in STANDARD["company"]}
    told |= {CUSTOM + name: value for name, value in custom.items()}
    return {name: value for name, value in told.items() if value is not UNSET}


def _theirs(company: Company) -> theirs_of.Theirs:
    return theirs_of.company(
        name=company.name,
        plan=company.plan,
        size=company.size,
        website=company.website,
        industry=company.industry,
        monthly_spend=company.monthly_spend,
        remote_created_at=company.remote_created_at,
        metadata=company.metadata,
    )


def _withheld(connection: Connection, ids: Iterable[int]) -> dict[int, Values]:
    rows = WithheldValue.objects.for_org(connection.org_id).filter(
        connection=connection, company_id__in=list(ids)
    )
    found: dict[int, dict[str, Any]] = {}
    for company_id, key, value in rows.values_list("company_id", "key", "value"):
        found.setdefault(company_id, {})[key] = value
    return dict(found)
