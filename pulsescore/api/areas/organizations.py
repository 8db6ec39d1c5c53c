"""The caller's organizations, and the one they act in."""

from typing import Annotated

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import Organization, Role
from pulsescore.api.areas.account_shapes import OrganizationOut, show_organization
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, PersonRequest, admin, member, owner, person
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import removing

router = Router(tags=["Organizations"])


class OrganizationIn(StrictBody):
    """An organization's name."""

    name: str


class CurrentOrganizationOut(OrganizationOut):
    """The organization in full; `billing_contact` is empty for anybody but owners."""

    billing_contact: str | None


class OrganizationChangesIn(StrictBody):
    """The fields to change; the others stay. The billing contact is the owners'."""

    name: str | None = None
    time_zone: str | None = None
    support_contact: str | None = None
    billing_contact: str | None = None


class DeletionIn(StrictBody):
    """The organization's name, typed by an owner who knows their password."""

    confirmation: str
    current_password: str


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


@router.get("/current", response=CurrentOrganizationOut, auth=member)
def get_current(request: MemberRequest) -> CurrentOrganizationOut:
    """The organization the caller acts in."""
    return _show(request, queries.get_organization(request.auth.org_id))


@router.patch("/current", response=CurrentOrganizationOut, auth=admin)
def update_current(request: MemberRequest, body: OrganizationChangesIn) -> CurrentOrganizationOut:
    """Change what the organization says about itself."""
    changes = body.model_dump(exclude_none=True)
    return _show(request, actions.update_organization(request.auth, **changes, now=utcnow()))


@router.delete("/current", response={204: None}, auth=owner)
def delete_current(request: MemberRequest, body: DeletionIn) -> Status[None]:
    """Delete the organization: closed and disconnected at once, its data removed within minutes."""
    now = utcnow()
    actions.confirm_password(request.auth.require_person(), body.current_password, now=now)
    removing.delete_organization(request.auth, confirmation=body.confirmation, now=now)
    return Status(204, None)


def _show(request: MemberRequest, organization: Organization) -> CurrentOrganizationOut:
    plain = show_organization(organization, request.auth.role)
    is_owner = request.auth.allows(Role.OWNER)
    return CurrentOrganizationOut(
        **plain.model_dump(), billing_contact=organization.billing_contact if is_owner else None
    )
