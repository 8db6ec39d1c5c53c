"""The caller's organizations, and the one they act in."""

from typing import Annotated

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries
from pulsescore.api.areas.account_shapes import OrganizationOut, show_organization
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, PersonRequest, admin, member, person
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow

router = Router(tags=["Organizations"])


class OrganizationIn(StrictBody):
    """An organization's name."""

    name: str


class OrganizationsOut(BaseModel):
    """A page of organizations."""

    organizations: list[OrganizationOut]
    pagination: Pagination


@router.get("", response=OrganizationsOut, auth=person)
def list_organizations(
    request: PersonRequest, page: Annotated[PageQuery, Query()]
) -> OrganizationsOut:
    """The organizations the person belongs to, in the order they joined."""
    rows, told = cut(queries.list_memberships(request.auth), page)
    shown = [show_organization(one.org, one.role) for one in rows]
    return OrganizationsOut(organizations=shown, pagination=told)


@router.post("", response={201: OrganizationOut}, auth=person)
def create_organization(request: PersonRequest, body: OrganizationIn) -> Status[OrganizationOut]:
    """Found another organization and own it."""
    organization = actions.create_organization(request.auth, name=body.name, now=utcnow())
    return Status(201, show_organization(organization, "owner"))


@router.get("/current", response=OrganizationOut, auth=member)
def get_current(request: MemberRequest) -> OrganizationOut:
    """The organization the caller acts in."""
    organization = queries.get_organization(request.auth.org_id)
    return show_organization(organization, request.auth.role)


@router.patch("/current", response=OrganizationOut, auth=admin)
def rename_current(request: MemberRequest, body: OrganizationIn) -> OrganizationOut:
    """Give the organization another name."""
    organization = actions.rename_organization(request.auth, name=body.name, now=utcnow())
    return show_organization(organization, request.auth.role)
