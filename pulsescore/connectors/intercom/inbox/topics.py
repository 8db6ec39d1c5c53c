"""Every topic we understand, in three vocabularies, and what each one tells us.

Intercom's present names (app version 2.5 and newer), its older ones (up to 2.4), and the shorter
ones of the integration guide. The topic `contact.created` means a lead in the older vocabulary and
anybody in the guide's: the payload tells them apart, not the topic.
"""

from typing import Final, Literal

from msgspec import Struct

from pulsescore.store.records import ActivityKind, ConversationStatus

Concern = Literal[
    "contact",
    "contact_deleted",
    "contact_archived",
    "contact_restored",
    "contact_merged",
    "contact_tagged",
    "contact_untagged",
    "contact_unsubscribed",
    "contact_signed_up",
    "conversation",
    "conversation_deleted",
    "conversation_joined",
    "conversation_left",
    "company",
    "company_deleted",
    "company_joined",
    "company_left",
    "tracked_event",
    "ping",
    "other",
]


class Topic(Struct, frozen=True, kw_only=True):
    """What a notification of this topic concerns and tells.

    `part_may_reopen`: the part that caused it may have opened a closed conversation again.
    """

    concerns: Concern
    activity: ActivityKind | None = None
    status: ConversationStatus | None = None
    timeline: str | None = None
    timeline_if_admin: str | None = None
    part_may_reopen: bool = False


UNKNOWN: Final = Topic(concerns="other")

_USER_STARTED = "User started conversation"
_ADMIN_STARTED = "Admin started conversation"
_EMAIL_UPDATED = "Updated email address"

_CONTACT = Topic(concerns="contact")
_EMAIL = Topic(concerns="contact", timeline=_EMAIL_UPDATED)
_SIGNED_UP = Topic(concerns="contact_signed_up")
_TAGGED = Topic(concerns="contact_tagged", timeline="Added Tag")
_UNTAGGED = Topic(concerns="contact_untagged", timeline="Removed Tag")
_UNSUBSCRIBED = Topic(concerns="contact_unsubscribed", timeline="Unsubscribed from emails")
_DELETED = Topic(concerns="contact_deleted")
_ARCHIVED = Topic(concerns="contact_archived")
_RESTORED = Topic(concerns="contact_restored")

_CONVERSATION = Topic(concerns="conversation")
_OPENED_BY_USER = Topic(concerns="conversation", activity="opened", timeline=_USER_STARTED)
_OPENED_BY_ADMIN = Topic(concerns="conversation", activity="opened", timeline=_ADMIN_STARTED)
_ASSIGNED = Topic(
    concerns="conversation",
    activity="assigned",
    timeline="Admin assigned conversation",
    part_may_reopen=True,
)
_REOPENED = Topic(
    concerns="conversation",
    activity="reopened",
    status="open",
    timeline="Admin opened conversation",
)
_CLOSED = Topic(
    concerns="conversation",
    activity="closed",
    status="closed",
    timeline="Admin closed conversation",
)


def _told(timeline: str, *, status: ConversationStatus | None = None) -> Topic:
    return Topic(concerns="conversation", status=status, timeline=timeline)


TOPICS: Final[dict[str, Topic]] = {
    # the integration guide's
    "contact.updated": _CONTACT,
    "conversation.created": Topic(
        concerns="conversation",
        activity="opened",
        timeline=_USER_STARTED,
        timeline_if_admin=_ADMIN_STARTED,
    ),
    "conversation.updated": _CONVERSATION,
    "conversation.closed": _CLOSED,
    "conversation.reopened": _REOPENED,
    "conversation.assigned": _ASSIGNED,
    # the guide's and the older one's (there: of a lead)
    "contact.created": _CONTACT,
    "contact.deleted": _DELETED,
    # contacts, present names
    "contact.user.created": _CONTACT,
    "contact.user.updated": _CONTACT,
    "contact.lead.created": _CONTACT,
    "contact.lead.updated": _CONTACT,
    "contact.lead.added_email": _EMAIL,
    "contact.email.updated": _EMAIL,
    "contact.lead.signed_up": _SIGNED_UP,
    "visitor.signed_up": _SIGNED_UP,
    "contact.user.tag.created": _TAGGED,
    "contact.user.tag.deleted": _UNTAGGED,
    "contact.lead.tag.created": _TAGGED,
    "contact.lead.tag.deleted": _UNTAGGED,
    "contact.archived": _ARCHIVED,
    "contact.archive": _ARCHIVED,
    "contact.unarchived": _RESTORED,
    "contact.unarchive": _RESTORED,
    "contact.merged": Topic(concerns="contact_merged"),
    "contact.subscribed": _CONTACT,
    "contact.unsubscribed": _UNSUBSCRIBED,
    "contact.unsubscribed_from_sms": _CONTACT,
    "granular.subscribe": _CONTACT,
    "granular.unsubscribe": _CONTACT,
    # contacts, older names
    "user.created": _CONTACT,
    "user.updated": _CONTACT,
    "user.deleted": _DELETED,
    "user.email.updated": _EMAIL,
    "user.unsubscribed": _UNSUBSCRIBED,
    "user.unsubscribed_from_sms": _CONTACT,
    "user.tag.created": _TAGGED,
    "user.tag.deleted": _UNTAGGED,
    "contact.added_email": _EMAIL,
    "contact.signed_up": _SIGNED_UP,
    "contact.tag.created": _TAGGED,
    "contact.tag.deleted": _UNTAGGED,
    # conversations, present and older names
    "conversation.user.created": _OPENED_BY_USER,
    "conversation.user.replied": Topic(
        concerns="conversation", timeline="User replied to conversation", part_may_reopen=True
    ),
    "conversation.admin.single.created": _OPENED_BY_ADMIN,
    "conversation.admin.replied": _told("Admin replied to conversation"),
    "conversation.admin.noted": _told("Admin added note to conversation"),
    "conversation.admin.assigned": _ASSIGNED,
    "conversation.admin.open.assigned": _ASSIGNED,
    "conversation.admin.opened": _REOPENED,
    "conversation.admin.closed": _CLOSED,
    "conversation.admin.snoozed": _told("Admin snoozed conversation", status="snoozed"),
    "conversation.admin.unsnoozed": _told("Admin unsnoozed conversation", status="open"),
    "conversation.operator.replied": _told("Operator replied to conversation"),
    "conversation.rating.added": _CONVERSATION,
    "conversation.priority.updated": _CONVERSATION,
    "conversation.read": _CONVERSATION,
    "conversation.company.updated": _CONVERSATION,
    "conversation.admin.replied.translated": _CONVERSATION,
    "conversation.contact.attached": Topic(concerns="conversation_joined"),
    "conversation.contact.detached": Topic(concerns="conversation_left"),
    "conversation.deleted": Topic(concerns="conversation_deleted"),
    "conversation_part.tag.created": _told("Conversation Part Tag Added"),
    "conversation_part.redacted": _told("Conversation Part Redacted"),
    # companies and events
    "company.created": Topic(concerns="company"),
    "company.updated": Topic(concerns="company"),
    "company.deleted": Topic(concerns="company_deleted"),
    "company.contact.attached": Topic(concerns="company_joined"),
    "company.contact.detached": Topic(concerns="company_left"),
    "event.created": Topic(concerns="tracked_event"),
    "ping": Topic(concerns="ping"),
}


SUBSCRIBED: Final = (
    "contact.user.created",
    "contact.user.updated",
    "contact.lead.created",
    "contact.lead.updated",
    "contact.lead.added_email",
    "contact.lead.signed_up",
    "contact.email.updated",
    "contact.user.tag.created",
    "contact.user.tag.deleted",
    "contact.lead.tag.created",
    "contact.lead.tag.deleted",
    "contact.archived",
    "contact.unarchive",
    "contact.deleted",
    "contact.merged",
    "contact.unsubscribed",
    "visitor.signed_up",
    "company.created",
    "company.updated",
    "company.deleted",
    "company.contact.attached",
    "company.contact.detached",
    "event.created",
    "conversation.user.created",
    "conversation.user.replied",
    "conversation.admin.single.created",
    "conversation.admin.replied",
    "conversation.admin.noted",
    "conversation.admin.assigned",
    "conversation.admin.open.assigned",
    "conversation.admin.opened",
    "conversation.admin.closed",
    "conversation.admin.snoozed",
    "conversation.admin.unsnoozed",
    "conversation.operator.replied",
    "conversation.rating.added",
    "conversation.priority.updated",
    "conversation.contact.attached",
    "conversation.contact.detached",
    "conversation.deleted",
    "conversation_part.tag.created",
    "conversation_part.redacted",
)


def topic_of(name: str) -> Topic:
    """What a topic tells; one we do not know concerns nothing."""
    return TOPICS.get(name, UNKNOWN)
