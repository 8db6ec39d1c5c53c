"""Payloads of apps on versions 1.0 to 2.4: one `user`, one `assignee`, other names for times."""

from typing import Any

from intercom_sim.model import Company, Contact, Conversation, Part, Tag
from intercom_sim.segments import segments_of
from intercom_sim.shapes.contact import avatar, location_json
from intercom_sim.shapes.conversation import author_json, part_json
from intercom_sim.shapes.people import applied_tag_json, tag_json
from intercom_sim.webhooks.modern import Modern
from intercom_sim.webhooks.times import iso, thousandths
from intercom_sim.workspace import Workspace

Json = dict[str, Any]
WEB = "https://app.intercom.example/a/apps"


class Legacy:
    """Users and leads are `user` and (anonymous) `contact`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def contact(self, contact: Contact) -> Json:
        lead = contact.role == "lead"
        return {
            "type": "contact" if lead else "user",
            "id": contact.id,
            "user_id": contact.external_id,
            "anonymous": lead,
            "email": contact.email,
            "phone": contact.phone,
            "name": contact.name,
            "pseudonym": None,
            "avatar": avatar(contact.avatar_url) or {"type": "avatar", "image_url": None},
            "app_id": self.workspace.identity.app_id,
            "companies": self._companies(contact),
            "location_data": _location(contact),
            **_times(contact),
            "session_count": 1,
            "social_profiles": {"type": "social_profile.list", "social_profiles": []},
            "unsubscribed_from_emails": contact.unsubscribed_from_emails,
            "marked_email_as_spam": contact.marked_email_as_spam,
            "has_hard_bounced": contact.has_hard_bounced,
            "tags": {
                "type": "tag.list",
                "tags": [{"type": "tag", "id": one} for one in contact.tags],
            },
            "segments": {
                "type": "segment.list",
                "segments": [
                    {"type": "segment", "id": one}
                    for one in segments_of(contact, workspace=self.workspace)
                ],
            },
            "custom_attributes": contact.custom_attributes,
            "referrer": None,
            "utm_campaign": None,
            "utm_source": None,
        }

    def _companies(self, contact: Contact) -> Json:
        known = [self.workspace.companies[one] for one in contact.company_ids]
        listed = [
            {"type": "company", "id": one.id, "company_id": one.company_id, "name": one.name}
            for one in known
        ]
        return {"type": "company.list", "companies": listed}

    def conversation(
        self, conversation: Conversation, parts: tuple[Part, ...], *, tag: Tag | None = None
    ) -> Json:
        tags = [
            applied_tag_json(self.workspace.tags[one], applied)
            for one, applied in conversation.tags.items()
        ]
        app_id = self.workspace.identity.app_id
        link = f"{WEB}/{app_id}/conversations/{conversation.id}"
        shape = {
            "type": "conversation",
            "id": conversation.id,
            "created_at": conversation.created_at,
            "updated_at": conversation.updated_at,
            "waiting_since": conversation.waiting_since,
            "snoozed_until": conversation.snoozed_until,
            "user": self._user(conversation),
            "assignee": self._assignee(conversation),
            "conversation_message": self._message(conversation),
            "conversation_parts": self._parts(parts),
            "open": conversation.state != "closed",
            "state": conversation.state,
            "read": conversation.read,
            "metadata": {},
            "tags": {"type": "tag.list", "tags": tags},
            "links": {"conversation_web": link},
        }
        if tag is not None:
            shape["tags_added"] = {"type": "tag.list", "tags": [tag_json(tag)]}
        return shape

    def _user(self, conversation: Conversation) -> Json:
        contact = self.workspace.person(conversation.contact_ids[0])
        return {
            "type": contact.role,
            "id": contact.id,
            "user_id": contact.external_id,
            "name": contact.name,
            "email": contact.email,
        }

    def _assignee(self, conversation: Conversation) -> Json:
        admin = self.workspace.admins.get(conversation.admin_assignee_id or "")
        if admin is not None:
            return {"type": "admin", "id": admin.id, "name": admin.name, "email": admin.email}
        team = self.workspace.teams.get(conversation.team_assignee_id or "")
        if team is not None:
            return {"type": "team", "id": team.id, "name": team.name, "email": None}
        return {"type": "nobody_admin", "id": None, "name": None, "email": None}

    def _message(self, conversation: Conversation) -> Json:
        source = conversation.source
        return {
            "type": "conversation_message",
            "id": str(source.id),
            "url": source.url,
            "subject": source.subject,
            "body": source.body,
            "author": author_json(source.author, workspace=self.workspace),
            "attachments": [],
        }

    def _parts(self, parts: tuple[Part, ...]) -> Json:
        shapes = [part_json(one, workspace=self.workspace) for one in parts]
        kind = "conversation_part.list"
        return {"type": kind, "conversation_parts": shapes, "total_count": len(shapes)}

    def company(self, company: Company) -> Json:
        shape = Modern(self.workspace, old=True).company(company)
        plan = shape.pop("plan")
        return {**shape, "plan_id": None if plan is None else plan["id"]}


def _times(contact: Contact) -> Json:
    fraction = thousandths(contact.id)
    known = {
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
        "remote_created_at": contact.created_at,
        "signed_up_at": contact.signed_up_at,
        "last_request_at": contact.last_seen_at,
    }
    return {name: iso(at, milliseconds=fraction, zulu=True) for name, at in known.items()}


def _location(contact: Contact) -> Json:
    place = location_json(contact.location)
    return {
        "type": "location_data",
        "city_name": place["city"],
        "region_name": place["region"],
        "country_name": place["country"],
        "country_code": place["country_code"],
        "continent_code": place["continent_code"],
    }
