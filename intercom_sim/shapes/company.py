"""A company as the REST API shows it."""

from typing import Any

import msgspec

from intercom_sim.model import Company
from intercom_sim.shapes.people import tag_json
from intercom_sim.workspace import Workspace

Json = dict[str, Any]


def company_json(company: Company, *, workspace: Workspace) -> Json:
    """The full company; members that are unknown are left out, as Intercom does."""
    tags = [tag_json(workspace.tags[one]) for one in company.tag_ids]
    shape: Json = {
        "type": "company",
        "company_id": company.company_id,
        "id": company.id,
        "app_id": workspace.identity.app_id,
        "name": company.name,
        "remote_created_at": company.remote_created_at,
        "created_at": company.created_at,
        "updated_at": company.updated_at,
        "last_request_at": company.last_request_at,
        "size": company.size,
        "website": company.website,
        "industry": company.industry,
        "monthly_spend": company.monthly_spend,
        "session_count": company.session_count,
        "user_count": len(company.contact_ids),
        "tags": {"type": "tag.list", "tags": tags},
        "segments": {"type": "segment.list", "segments": []},
        "plan": plan_json(company.plan),
        "custom_attributes": company.custom_attributes,
    }
    return {key: value for key, value in shape.items() if value is not None}


def company_bytes(company: Company, *, workspace: Workspace) -> bytes:
    """The company's JSON, made once until it changes."""
    if company.wire is None:
        company.wire = msgspec.json.encode(company_json(company, workspace=workspace))
    return company.wire


def plan_json(plan: str | None) -> Json:
    if plan is None:
        return {}
    return {"type": "plan", "id": str(sum(plan.encode()) + 269_000), "name": plan}
