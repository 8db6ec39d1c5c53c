"""Settings → Team: members, roles and invitations."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from pulsescore.accounts import actions, queries, throttle
from pulsescore.accounts.models import Membership, Role
from pulsescore.accounts.two_step.factors import protected_people
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, FieldFault, Forbidden, Invalid, NotFound
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page

PAGE = "settings/team.html"


@member_page()
def team(request: PageRequest) -> HttpResponse:
    """Who belongs to the organization, and who is invited."""
    return _show(request)


@member_page("POST", role=Role.ADMIN)
def invite(request: PageRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    given = texts(request, "email", "role")
    try:
        invitation = actions.invite(
            request.actor, email=given["email"], role=_role(given["role"]), now=utcnow()
        )
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    except (Conflict, Forbidden, throttle.TooMany) as error:
        return _show(request, values=given, faults={"email": str(error)}, status=409)
    messages.success(request, f"Invitation sent to {invitation.email}; it is valid for seven days.")
    return redirect("team")


@member_page("POST", role=Role.ADMIN)
def invite_again(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Mail an invitation once more, valid for another seven days."""
    try:
        invitation = actions.renew_invitation(
            request.actor, invitation_id=invitation_id, now=utcnow()
        )
    except throttle.TooMany as error:
        return _show(request, trouble=str(error), status=429)
    messages.success(request, f"Sent again to {invitation.email}. The former link has ended.")
    return redirect("team")


@never_cache
@member_page("POST", role=Role.ADMIN)
def link(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Show a new link, to be handed over by other ways than mail; this once."""
    try:
        invitation, address = actions.new_invitation_link(
            request.actor, invitation_id=invitation_id, now=utcnow()
        )
    except throttle.TooMany as error:
        return _show(request, trouble=str(error), status=429)
    return _show(request, linked=invitation, link=address)


@member_page("POST", role=Role.ADMIN)
def revoke(request: PageRequest, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    actions.revoke_invitation(request.actor, invitation_id=invitation_id, now=utcnow())
    messages.success(request, "Invitation withdrawn. Its link no longer works.")
    return redirect("team")


@member_page("POST", role=Role.ADMIN)
def change_role(request: PageRequest, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    try:
        membership = actions.change_role(
            request.actor,
            membership_id=membership_id,
            role=_role(request.POST.get("role", "")),
            now=utcnow(),
        )
    except (Conflict, Invalid) as error:
        return _show(request, trouble=str(error), status=409)
    name = membership.user.get_full_name()
    messages.success(request, f"{name} is now {membership.get_role_display().lower()}.")
    return redirect("team")


@member_page("GET", "POST")
def remove(request: PageRequest, membership_id: int) -> HttpResponse:
    """Remove a member, or leave oneself, after a confirmation."""
    if request.method != "POST":
        member = queries.list_members(request.actor.org_id).filter(id=membership_id).first()
        if member is None:
            raise NotFound("There is no such member. They may have left already.")
        _require_removal(request, member)
        context = {"section": "team", "membership": member}
        return render(request, "settings/member_remove.html", context)
    try:
        actions.remove_member(request.actor, membership_id=membership_id, now=utcnow())
    except Conflict as error:
        return _show(request, trouble=str(error), status=409)
    messages.success(request, "Access ended at once, everywhere.")
    return redirect("team" if request.actor.allows(Role.ADMIN) else "dashboard")


def _require_removal(request: PageRequest, member: Membership) -> None:
    if member.user_id != request.user.pk:
        request.actor.require(Role.OWNER if member.role == Role.OWNER else Role.ADMIN)


def _role(text: str) -> Role:
    if text not in Role.values:
        raise Invalid(FieldFault("role", "Choose a role."))
    return Role(text)


def _show(request: PageRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    grantable = [role for role in Role if request.actor.allows(role)]
    members = list(queries.list_members(request.actor.org_id))
    may_edit = request.actor.allows(Role.ADMIN)
    context = {
        "section": "team",
        "members": members,
        # Who has a second step is for those to see who answer for everybody's safety.
        "protected": protected_people([one.user_id for one in members]) if may_edit else set(),
        "invitations": queries.list_invitations(request.actor.org_id, now=utcnow()),
        "may_edit": may_edit,
        "is_owner": request.actor.allows(Role.OWNER),
        "roles": [(role.value, role.label) for role in grantable],
        **extra,
    }
    return render(request, PAGE, context, status=status)
