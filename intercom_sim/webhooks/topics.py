"""The three vocabularies: which notifications, with which item, tell of each kind of change.

`{role}` becomes `user` or `lead`. A kind that is missing is told of by nothing.
"""

from intercom_sim.changes import Kind
from intercom_sim.webhooks import items
from intercom_sim.webhooks.items import Item

Table = dict[Kind, tuple[tuple[str, Item], ...]]
UPDATED = ("contact.{role}.updated", items.contact)
CONVERSATIONS: Table = {
    "conversation_started_by_contact": (("conversation.user.created", items.conversation),),
    "conversation_started_by_admin": (("conversation.admin.single.created", items.conversation),),
    "contact_replied": (("conversation.user.replied", items.conversation),),
    "contact_reopened": (("conversation.user.replied", items.conversation),),
    "admin_replied": (("conversation.admin.replied", items.conversation),),
    "noted": (("conversation.admin.noted", items.conversation),),
    "assigned": (("conversation.admin.assigned", items.conversation),),
    "assigned_and_reopened": (
        ("conversation.admin.assigned", items.conversation),
        ("conversation.admin.opened", items.conversation),
    ),
    "opened": (("conversation.admin.opened", items.conversation),),
    "closed": (("conversation.admin.closed", items.conversation),),
    "snoozed": (("conversation.admin.snoozed", items.conversation),),
    "unsnoozed": (("conversation.admin.unsnoozed", items.conversation),),
    "conversation_tagged": (("conversation_part.tag.created", items.conversation),),
    "part_redacted": (("conversation_part.redacted", items.conversation),),
    "conversation_deleted": (("conversation.deleted", items.deleted_conversation),),
    "event_tracked": (("event.created", items.event),),
    "visitor_signed_up": (("visitor.signed_up", items.signed_up_visitor),),
    "ping": (("ping", items.ping),),
}
CURRENT: Table = CONVERSATIONS | {
    "assigned_and_reopened": (
        ("conversation.admin.assigned", items.conversation),
        ("conversation.admin.open.assigned", items.conversation),
    ),
    "bot_replied": (("conversation.operator.replied", items.conversation),),
    "rated": (("conversation.rating.added", items.conversation),),
    "prioritized": (("conversation.priority.updated", items.conversation),),
    "conversation_read": (("conversation.read", items.conversation),),
    "participant_added": (("conversation.contact.attached", items.participant),),
    "participant_removed": (("conversation.contact.detached", items.participant),),
    "contact_created": (("contact.{role}.created", items.contact),),
    "contact_updated": (UPDATED,),
    "contact_email_added": (("contact.lead.added_email", items.contact), UPDATED),
    "contact_email_changed": (("contact.email.updated", items.contact), UPDATED),
    "contact_signed_up": (("contact.lead.signed_up", items.contact), UPDATED),
    "contact_tagged": (("contact.{role}.tag.created", items.tagged_contact),),
    "contact_untagged": (("contact.{role}.tag.deleted", items.tagged_contact),),
    "contact_subscribed": (("contact.subscribed", items.subscription), UPDATED),
    "contact_unsubscribed": (("contact.unsubscribed", items.subscription), UPDATED),
    "subscription_taken": (
        ("granular.subscribe", items.granular),
        ("contact.subscribed", items.subscription),
        UPDATED,
    ),
    "subscription_refused": (
        ("granular.unsubscribe", items.granular),
        ("contact.unsubscribed", items.subscription),
        UPDATED,
    ),
    "contact_archived": (("contact.archived", items.archived),),
    "contact_unarchived": (("contact.unarchived", items.contact),),
    "contact_deleted": (("contact.deleted", items.deleted),),
    "contact_merged": (("contact.merged", items.merged), UPDATED),
    "company_created": (
        ("company.created", items.company),
        ("company.updated", items.company),
    ),
    "company_updated": (("company.updated", items.company),),
    "company_deleted": (("company.deleted", items.deleted_company),),
    "company_attached": (
        ("company.contact.attached", items.membership),
        ("company.updated", items.company),
        UPDATED,
    ),
    "company_detached": (("company.contact.detached", items.membership), UPDATED),
}
LEGACY_USERS: Table = CONVERSATIONS | {
    "contact_created": (("user.created", items.contact),),
    "contact_email_changed": (("user.email.updated", items.contact),),
    "contact_signed_up": (("contact.signed_up", items.contact),),
    "contact_tagged": (("user.tag.created", items.tagged_user),),
    "contact_untagged": (("user.tag.deleted", items.tagged_user),),
    "contact_unsubscribed": (("user.unsubscribed", items.contact),),
    "contact_deleted": (("user.deleted", items.deleted_user),),
    "company_created": (("company.created", items.company),),
}
LEGACY_LEADS: Table = CONVERSATIONS | {
    "contact_created": (("contact.created", items.contact),),
    "contact_updated": (("contact.updated", items.contact),),
    "contact_email_added": (("contact.added_email", items.contact),),
    "contact_email_changed": (("contact.updated", items.contact),),
    "contact_tagged": (("contact.tag.created", items.tagged_contact),),
    "contact_untagged": (("contact.tag.deleted", items.tagged_contact),),
    "contact_unsubscribed": (("contact.updated", items.contact),),
    "contact_deleted": (("contact.deleted", items.deleted_user),),
    "company_created": (("company.created", items.company),),
}
_TOLD_AS_UPDATE: tuple[Kind, ...] = (
    "contact_updated",
    "contact_email_added",
    "contact_email_changed",
    "contact_signed_up",
    "contact_tagged",
    "contact_untagged",
    "contact_subscribed",
    "contact_unsubscribed",
    "contact_unarchived",
)
_CONVERSATION_UPDATES: tuple[Kind, ...] = (
    "contact_replied",
    "admin_replied",
    "bot_replied",
    "noted",
    "snoozed",
    "unsnoozed",
    "rated",
    "prioritized",
    "conversation_tagged",
    "part_redacted",
)
GUIDE: Table = {
    "contact_created": (("contact.created", items.contact),),
    **dict.fromkeys(_TOLD_AS_UPDATE, (("contact.updated", items.contact),)),
    "contact_archived": (("contact.deleted", items.archived),),
    "contact_deleted": (("contact.deleted", items.deleted),),
    "contact_merged": (
        ("contact.deleted", items.merged_away),
        ("contact.updated", items.contact),
    ),
    "conversation_started_by_contact": (("conversation.created", items.conversation),),
    "conversation_started_by_admin": (("conversation.created", items.conversation),),
    **dict.fromkeys(_CONVERSATION_UPDATES, (("conversation.updated", items.conversation),)),
    "contact_reopened": (
        ("conversation.updated", items.conversation),
        ("conversation.reopened", items.conversation),
    ),
    "assigned": (("conversation.assigned", items.conversation),),
    "assigned_and_reopened": (
        ("conversation.assigned", items.conversation),
        ("conversation.reopened", items.conversation),
    ),
    "opened": (("conversation.reopened", items.conversation),),
    "closed": (("conversation.closed", items.conversation),),
    "ping": (("ping", items.ping),),
}
