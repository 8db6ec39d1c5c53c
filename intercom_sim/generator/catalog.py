"""What every workspace has before people come: teammates, teams, tags, segments, attributes."""

from typing import Literal

from intercom_sim.generator import names
from intercom_sim.model import Admin, DataAttribute, Segment, SubscriptionType, Tag, Team
from intercom_sim.workspace import Workspace

Kind = Literal["string", "integer", "float", "boolean", "date"]
SEGMENTS: tuple[tuple[str, str, Literal["contact", "user"]], ...] = (
    ("All Users", "all_users", "user"),
    ("All Leads", "all_leads", "contact"),
    ("Active", "active", "user"),
    ("New", "new", "user"),
    ("Slipping Away", "slipping_away", "user"),
    ("Paying", "paying", "user"),
)
SUBSCRIPTIONS = (
    SubscriptionType("91", "Newsletter", "opt_out"),
    SubscriptionType("93", "Product news", "opt_in"),
    SubscriptionType("94", "Text messages", "opt_in", ("sms_message",)),
)
CUSTOM: tuple[tuple[Literal["contact", "company"], str, Kind, str], ...] = (
    ("contact", "plan", "string", "Plan"),
    ("contact", "job_title", "string", "Job title"),
    ("contact", "seats", "integer", "Seats"),
    ("contact", "monthly_value", "float", "Monthly value"),
    ("contact", "onboarded", "boolean", "Onboarded"),
    ("contact", "trial_ends_at", "date", "Trial ends"),
    ("contact", "renewal_at", "date", "Renewal"),
    ("company", "account_tier", "string", "Account tier"),
    ("company", "contract_signed", "boolean", "Contract signed"),
    ("company", "renewal_at", "date", "Renewal"),
)
STANDARD: tuple[tuple[Literal["contact", "company"], str, Kind, str, bool], ...] = (
    ("contact", "email", "string", "Email", True),
    ("contact", "name", "string", "Name", True),
    ("contact", "phone", "string", "Phone", True),
    ("contact", "role", "string", "Type", False),
    ("contact", "external_id", "string", "User ID", True),
    ("contact", "created_at", "date", "First seen", False),
    ("contact", "last_seen_at", "date", "Last seen", True),
    ("contact", "unsubscribed_from_emails", "boolean", "Unsubscribed from emails", True),
    ("company", "name", "string", "Company name", True),
    ("company", "company_id", "string", "Company ID", False),
    ("company", "monthly_spend", "integer", "Company spend", True),
    ("company", "size", "integer", "Company size", True),
)


def furnish(workspace: Workspace) -> None:
    """Put teammates, teams, tags, segments and attribute definitions into a workspace."""
    _teammates(workspace)
    for name in dict.fromkeys(names.TAGS + names.CONVERSATION_TAGS):
        tag = Tag(workspace.ids.tag(), name)
        workspace.tags[tag.id] = tag
    hostile = Tag(workspace.ids.tag(), '<b>bold</b> & "quoted"')
    workspace.tags[hostile.id] = hostile
    created_at = workspace.identity.created_at
    for name, rule, person_type in SEGMENTS:
        segment = Segment(workspace.ids.hex24(), name, person_type, created_at, rule)
        workspace.segments[segment.id] = segment
    workspace.subscription_types.update((one.id, one) for one in SUBSCRIPTIONS)
    workspace.attributes.extend(_attributes(workspace))


def _teammates(workspace: Workspace) -> None:
    admins = []
    for name, title in names.TEAMMATES:
        email = f"{name.split()[0].lower()}@lanternworks.example"
        admins.append(Admin(workspace.ids.admin(), name, email, title))
    for name, members in names.TEAMS:
        team = Team(str(workspace.ids.number()), name, [admins[one].id for one in members])
        workspace.teams[team.id] = team
        for one in members:
            admins[one].team_ids.append(team.id)
    app_id = workspace.identity.app_id
    email = f"operator+{app_id}@intercom.example"
    admins.append(Admin(workspace.ids.admin(), "Operator", email, "Bot", has_inbox_seat=False))
    workspace.admins.update((one.id, one) for one in admins)


def _attributes(workspace: Workspace) -> list[DataAttribute]:
    standard = [
        DataAttribute(model, name, label, kind, api_writable=writable)
        for model, name, kind, label, writable in STANDARD
    ]
    custom = [
        DataAttribute(model, name, label, kind, id=workspace.ids.number(), custom=True)
        for model, name, kind, label in CUSTOM
    ]
    custom[0].options = list(names.PLANS)
    return standard + custom
