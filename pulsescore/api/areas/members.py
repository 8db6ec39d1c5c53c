"""Who belongs to the organization, and with which role."""

from datetime import datetime
from typing import Annotated

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import Membership, Role
from pulsescore.accounts.two_step.factors import needs_second_step, protected_people
from pulsescore.api.areas.account_shapes import RoleName
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow

router = Router(tags=["Members"])


class MemberOut(BaseModel):
    """A person's membership; `id` is the membership's, `user_id` the person's."""

    id: int
    user_id: int
    email: str
    first_name: str
    last_name: str
    role: str
    second_step: bool
    last_active_at: datetime | None
    created_at: datetime


class MembersOut(BaseModel):
    """A page of members."""

    members: list[MemberOut]
    pagination: Pagination


class RoleIn(StrictBody):
    """The role to hold from now on."""

    role: RoleName


@router.get("", response=MembersOut, auth=admin)
def list_members(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> MembersOut:
    """The members, in the order they joined."""
    rows, told = cut(queries.list_members(request.auth.org_id), page)
    protected = protected_people([one.user_id for one in rows])
    shown = [show_member(one, protected=one.user_id in protected) for one in rows]
    return MembersOut(members=shown, pagination=told)


@router.patch("/{id:member_id}/role", response=MemberOut, auth=admin)
def change_role(request: MemberRequest, member_id: int, body: RoleIn) -> MemberOut:
    """Give a member another role; owners manage owners, and the last owner stays."""
    changed = actions.change_role(
        request.auth, membership_id=member_id, role=Role(body.role), now=utcnow()
    )
    return show_member(changed, protected=needs_second_step(changed.user))


@router.delete("/{id:member_id}", response={204: None}, auth=member)
def remove_member(request: MemberRequest, member_id: int) -> Status[None]:
    """Remove a member (admins), or leave oneself; log-ins here and keys they made end at once."""
    actions.remove_member(request.auth, membership_id=member_id, now=utcnow())
    return Status(204, None)


def show_member(membership: Membership, *, protected: bool) -> MemberOut:
    """A membership's shape."""
    user = membership.user
    return MemberOut(
        id=membership.pk,
        user_id=user.pk,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        role=membership.role,
        second_step=protected,
        last_active_at=membership.last_active_at,
        created_at=membership.created_at,
    )
