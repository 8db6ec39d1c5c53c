"""Where the guide explains a thing: topics, in dotted words, and their addresses."""

from typing import Final, NamedTuple

from django.urls import reverse

from pulsescore.connectors.intercom.problems import PROBLEMS
from pulsescore.scoring.wording import REASONS
from pulsescore.web import words
from pulsescore.web.help.anchors import anchor_of


class Place(NamedTuple):
    """A heading on a page of the guide; without a heading, the page."""

    page: str
    heading: str = ""


# Messages are explained under a heading that repeats them, so code and guide cannot drift apart.
_MESSAGES: Final = (
    ("problem", "problems-connecting", {key: one.title for key, one in PROBLEMS.items()}),
    ("held", "problems-syncing", words.HELD),
    ("score", "problems-syncing", REASONS),
)

TOPICS: Final[dict[str, Place]] = {
    "start": Place("getting-started"),
    "connect": Place("connect-intercom"),
    "connect.oauth": Place("connect-intercom", "Connect by OAuth"),
    "connect.token": Place("connect-intercom", "Connect with an access token"),
    "connect.permissions": Place("connect-intercom", "Permissions to tick"),
    "connect.regions": Place("connect-intercom", "Regions"),
    "connect.modes": Place("connect-intercom", "Read only and two-way"),
    "connect.imported": Place("connect-intercom", "What is imported"),
    "connect.skipped": Place("connect-intercom", "What is skipped"),
    "connect.disconnect": Place("connect-intercom", "Disconnect and connect again"),
    "connect.webhooks": Place("webhooks", "Set up webhooks"),
    "sources": Place("sources"),
    "sources.website": Place("sources", "In a website"),
    "sources.program": Place("sources", "In a program"),
    "webhooks": Place("webhooks"),
    "webhooks.topics": Place("webhooks", "Topics to tick"),
    "webhooks.test": Place("webhooks", "Test them"),
    "webhooks.secret": Place("webhooks", "The secret, and replacing it"),
    "webhooks.silence": Place("problems-webhooks", "Webhooks fell silent"),
    "webhooks.none": Place("problems-webhooks", "No webhooks arrive"),
    "webhooks.partial": Place("problems-webhooks", "Some changes come without a webhook"),
    "webhooks.failed": Place("problems-webhooks", "A notification could not be worked in"),
    "webhooks.401": Place("problems-webhooks", "Intercom says 401"),
    "webhooks.413": Place("problems-webhooks", "Intercom says 413"),
    "webhooks.lag": Place("webhooks", "How a notification travels"),
    "webhooks.replay": Place("webhooks", "Replay"),
    "sync": Place("connect-intercom", "When PulseScore reads"),
    "sync.lag": Place("problems-syncing", "Scores or customers lag behind Intercom"),
    "sync.refused": Place("problems-syncing", "You asked for a sync and nothing was queued"),
    "run.failed": Place("problems-syncing", "A run failed"),
    "run.queued": Place("problems-syncing", "A run is queued and does not start"),
    "run.canceled": Place("problems-syncing", "A run was canceled"),
    "run.refused": Place("problems-syncing", "Too much seems to be gone"),
    "run.skipped": Place("problems-syncing", "Records that wait"),
    "attention": Place("problems-syncing", "This connection needs attention"),
    "alerts": Place("alerts"),
    "alerts.rules": Place("alerts", "Rules"),
    "alerts.preferences": Place("alerts", "What you are told, and when not"),
    "alerts.slack": Place("alerts", "Slack"),
    "alerts.webhooks": Place("alerts", "Webhooks to your own programs"),
    "alerts.failed": Place("alerts", "When a delivery fails"),
    "scoring": Place("scoring"),
    "scoring.curve": Place("scoring", "The curve"),
    "scoring.factors": Place("scoring", "The five factors"),
    "scoring.levels": Place("scoring", "Levels"),
    "scoring.weights": Place("scoring", "Weights"),
    "scoring.halves": Place("scoring", "Half points"),
    "scoring.exceptions": Place("scoring", "Exceptions"),
    "scoring.override": Place("scoring", "Overriding a score"),
    "scoring.between": Place("scoring", "What changed between two dates"),
    "scoring.explanation": Place("scoring", "Explanation"),
    "scoring.none": Place("scoring", "When there is no score"),
    "scoring.history": Place("scoring", "History"),
    "scoring.companies": Place("scoring", "Companies"),
    "backtest": Place("backtest"),
    "backtest.outcomes": Place("backtest", "Tell who left"),
    "backtest.failed": Place("backtest", "The backtest failed"),
    "scoring.when": Place("scoring", "When scores are computed"),
    "segments": Place("segments"),
    "segments.rules": Place("segments", "Build a rule"),
    "segments.fields": Place("segments", "What can be asked"),
    "segments.faults": Place("segments", "When a rule is refused"),
    "segments.delete": Place("segments", "Delete a segment"),
    "sending": Place("sending"),
    "sending.on": Place("sending", "Switch it on"),
    "sending.mapping": Place("sending", "Mapping"),
    "sending.missing": Place("sending", "Missing attributes"),
    "sending.refused": Place("sending", "Values that do not fit"),
    "sending.who": Place("sending", "Who is sent"),
    "sending.dry_run": Place("sending", "Dry run"),
    "sending.confirm": Place("sending", "Too many at once"),
    "sending.stop": Place("sending", "Stop"),
    "sending.log": Place("sending", "The write log"),
    "sending.exchange": Place("sending", "Fetch and send"),
    "sending.by_hand": Place("sending", "By hand"),
    "dashboard": Place("pages", "The dashboard"),
    "customers": Place("pages", "Customers"),
    "customer": Place("pages", "A customer"),
    "companies": Place("pages", "Companies"),
    "shortcuts": Place("pages", "Keyboard shortcuts"),
    "team": Place("team"),
    "team.roles": Place("team", "Roles"),
    "team.invitations": Place("team", "Invitations"),
    "team.audit": Place("team", "Audit log"),
    "team.two_step": Place("team", "Two-step log-in"),
    "team.sessions": Place("team", "Where you are logged in"),
    "team.account": Place("team", "Your account"),
    "team.delete": Place("team", "Delete the organization"),
    "api": Place("api"),
    "api.keys": Place("api", "API keys"),
    "api.errors": Place("problems-api"),
    "api.first": Place("api", "First requests"),
    "privacy": Place("privacy"),
    "privacy.erase": Place("privacy", "Erase one person"),
    "operate": Place("operate"),
    "error.400": Place("problems-pages", "We could not read this request"),
    "error.403": Place("problems-pages", "Your role does not allow this"),
    "error.404": Place("problems-pages", "There is nothing here"),
    "error.409": Place("problems-pages", "This is not possible now"),
    "error.413": Place("problems-pages", "This was too large"),
    "error.405": Place("problems-pages", "This address is not a page"),
    "error.list": Place("problems-pages", "The list could not be read"),
    "error.second_step": Place(
        "problems-pages", "Your password is right, and a second step is asked for"
    ),
    "error.500": Place("problems-pages", "Something went wrong on our side"),
    "error.form_expired": Place("problems-pages", "This form is too old"),
    "error.log_in": Place("problems-pages", "Log-in does not work"),
    "error.throttled": Place("problems-pages", "Too many attempts"),
    "error.invitation": Place("problems-pages", "An invitation does not work"),
    "error.link": Place("problems-pages", "This link no longer works"),
    "error.mail": Place("problems-pages", "No mail arrives"),
    "status": Place("problems-pages", "System status"),
    "installation": Place("problems-installation"),
    "messages": Place("messages"),
    **{
        f"{kind}.{code}": Place(page, heading)
        for kind, page, headings in _MESSAGES
        for code, heading in headings.items()
    },
}

_AREAS: Final = {
    "problem": "problems-connecting",
    "held": "problems-syncing",
    "run": "problems-syncing",
    "score": "problems-syncing",
    "error": "problems-pages",
}


def help_url(topic: str) -> str:
    """The address of the section about a topic.

    An unknown topic leads to the page of its area, else to the front page of the guide: a link to
    help never fails.
    """
    place = TOPICS.get(topic) or _nearest(topic)
    if place is None:
        return reverse("help")
    address = reverse("help_page", args=[place.page])
    return f"{address}#{anchor_of(place.heading)}" if place.heading else address


def _nearest(topic: str) -> Place | None:
    area, *_ = topic.split(".")
    page = _AREAS.get(area)
    return Place(page) if page else TOPICS.get(area)
