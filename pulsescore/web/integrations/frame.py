"""What all pages of one Intercom connection show around their content."""

from typing import Any

from pulsescore.accounts import queries as accounts
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.addresses import workspace_url
from pulsescore.connectors.intercom.models import Connection
from pulsescore.web.integrations.remedies import remedy_of
from pulsescore.web.pages import PageRequest

_NAMED = 3
TABS = (
    ("overview", "intercom", "Overview"),
    ("runs", "intercom_runs", "Runs"),
    ("webhooks", "intercom_webhooks", "Webhooks"),
    ("mapping", "intercom_mapping", "Mapping"),
    ("sending", "intercom_sending", "Sending"),
    ("permissions", "intercom_permissions", "Permissions"),
    ("log", "intercom_log", "Log"),
)


def frame(request: PageRequest, connection: Connection, tab: str) -> dict[str, Any]:
    """Heading, tabs and notice; admins also see what they can do."""
    return {
        "section": "integrations",
        "tab": tab,
        "tabs": TABS,
        **tile(request, connection),
    }


def tile(request: PageRequest, connection: Connection) -> dict[str, Any]:
    """How one connection stands."""
    may_edit = request.actor.allows(Role.ADMIN)
    return {
        "connection": connection,
        "view": queries.view_connection(connection),
        "app_url": workspace_url(connection.region, connection.workspace_id),
        "remedy": remedy_of(connection.attention_code),
        "may_edit": may_edit,
        "whom_to_ask": "" if may_edit else whom_to_ask(request.actor.org_id),
    }


def whom_to_ask(org_id: int) -> str:
    """The people who may change connections: "Ada Lovelace or Tom Walsh"."""
    admins = accounts.list_members(org_id).filter(role__in=(Role.ADMIN, Role.OWNER))
    names = [one.user.get_full_name() for one in admins[:_NAMED]]
    *most, last = names or ["an admin"]
    return f"{', '.join(most)} or {last}" if most else last
