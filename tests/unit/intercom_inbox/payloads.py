"""Notifications as Intercom sends them, in each generation, about the same facts.

The conversation "215472621202693" was begun by Ada (contact ADA) and is held by admin 991 (Grace).
"""

import json
from typing import Any

WORKSPACE = "wrk_sample"
ADA = "65a0c1d2e3f4a5b6c7d8e9f0"
LEAD = "65a0c1d2e3f4a5b6c7d8e9f1"
COMPANY = "65a0c1d2e3f4a5b6c7d8eaaa"
TALK = "215472621202693"
AT = 1_768_019_995
AT_ISO = "2026-01-10T04:39:55.465+00:00"

Json = dict[str, Any]


def envelope(topic: str, item: Json, *, created_at: Any = AT, **changes: Any) -> Json:
    told = {
        "type": "notification_event",
        "app_id": WORKSPACE,
        "data": {"type": "notification_event_data", "item": item},
        "links": {},
        "id": f"notif_{topic}_{created_at}",
        "topic": topic,
        "delivery_status": "pending",
        "delivery_attempts": 1,
        "delivered_at": 0,
        "first_sent_at": created_at,
        "created_at": created_at,
        "self": None,
    }
    return told | changes


def body(topic: str, item: Json, **changes: Any) -> bytes:
    return json.dumps(envelope(topic, item, **changes)).encode()


def contact(**changes: Any) -> Json:
    """A contact of app version 2.5 and newer: times as ISO text with milliseconds."""
    told = {
        "type": "contact",
        "id": ADA,
        "workspace_id": WORKSPACE,
        "external_id": "user-7",
        "role": "user",
        "email": "ada@example.com",
        "phone": None,
        "name": "Ada Byron",
        "avatar": None,
        "owner_id": 991,
        "social_profiles": {"type": "list", "data": []},
        "has_hard_bounced": False,
        "marked_email_as_spam": False,
        "unsubscribed_from_emails": False,
        "created_at": "2025-12-01T10:00:00.123+00:00",
        "updated_at": AT_ISO,
        "signed_up_at": "2025-12-01T10:00:00.000+00:00",
        "last_seen_at": "2026-01-09T08:00:00.900Z",
        "last_replied_at": None,
        "last_contacted_at": None,
        "language_override": None,
        "browser": "chrome",
        "browser_language": "en",
        "os": "OS X",
        "location": {
            "type": "location",
            "country": "Ireland",
            "region": "Leinster",
            "city": "Dublin",
        },
        "custom_attributes": {"plan": "pro", "seats": 4},
        "tags": {
            "type": "list",
            "data": [{"type": "tag", "id": "71"}],
            "total_count": 1,
            "has_more": False,
        },
        "companies": {
            "type": "list",
            "data": [{"type": "company", "id": COMPANY}],
            "total_count": 1,
            "has_more": False,
        },
    }
    return told | changes


def older_user(**changes: Any) -> Json:
    """The same person as the API before 2.0 tells it."""
    told = {
        "type": "user",
        "id": ADA,
        "user_id": "user-7",
        "anonymous": False,
        "email": "ada@example.com",
        "name": "Ada Byron",
        "created_at": "2025-12-01T10:00:00.123+00:00",
        "updated_at": AT_ISO,
        "signed_up_at": "2025-12-01T10:00:00.000+00:00",
        "last_request_at": "2026-01-09T08:00:00.900Z",
        "custom_attributes": {"plan": "pro", "seats": 4},
        "location_data": {
            "type": "location_data",
            "country_name": "Ireland",
            "region_name": "Leinster",
            "city_name": "Dublin",
        },
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "71"}]},
        "companies": {"type": "company.list", "companies": [{"type": "company", "id": COMPANY}]},
    }
    return told | changes


def statistics(**changes: Any) -> Json:
    told = {
        "type": "conversation_statistics",
        "time_to_assignment": 0,
        "time_to_admin_reply": 120,
        "time_to_first_close": 3600,
        "time_to_last_close": 7200,
        "median_time_to_reply": 60,
        "first_contact_reply_at": AT - 9000,
        "first_admin_reply_at": AT - 8880,
        "first_close_at": AT - 5400,
        "last_contact_reply_at": AT - 300,
        "last_admin_reply_at": AT - 200,
        "last_close_at": AT - 1800,
        "last_closed_by_id": 991,
        "count_reopens": 1,
        "count_assignments": 2,
        "count_conversation_parts": 9,
    }
    return told | changes


def part(**changes: Any) -> Json:
    told = {
        "type": "conversation_part",
        "id": "7001",
        "part_type": "comment",
        "body": "<p>Does it work <b>now</b>?</p>",
        "created_at": AT,
        "updated_at": AT,
        "author": {"type": "user", "id": ADA, "name": "Ada Byron", "email": "ada@example.com"},
    }
    return told | changes


def conversation(*parts: Json, **changes: Any) -> Json:
    """A conversation of app version 2.5 and newer."""
    told = {
        "type": "conversation",
        "id": TALK,
        "created_at": AT - 9000,
        "updated_at": AT,
        "waiting_since": None,
        "snoozed_until": None,
        "open": True,
        "state": "open",
        "read": True,
        "priority": "not_priority",
        "title": None,
        "admin_assignee_id": 991,
        "team_assignee_id": None,
        "contacts": {
            "type": "contact.list",
            "contacts": [{"type": "contact", "id": ADA, "external_id": "user-7"}],
        },
        "teammates": {"type": "admin.list", "admins": [{"type": "admin", "id": "991"}]},
        "tags": {"type": "tag.list", "tags": [{"type": "tag", "id": "71", "name": "vip"}]},
        "source": {
            "type": "conversation",
            "id": "300",
            "delivered_as": "customer_initiated",
            "subject": "<p>Export</p>",
            "body": "<p>The export fails</p>",
            "author": {"type": "user", "id": ADA, "name": "Ada Byron", "email": "ada@example.com"},
        },
        "conversation_rating": None,
        "statistics": statistics(),
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": list(parts),
            "total_count": len(parts),
        },
    }
    return told | changes


def older_conversation(*parts: Json, **changes: Any) -> Json:
    """The same conversation as the API before 2.0 tells it: no statistics, one person."""
    told = {
        "type": "notification_event_data",
        "id": TALK,
        "created_at": AT - 9000,
        "updated_at": AT,
        "open": True,
        "state": "open",
        "read": True,
        "user": {
            "type": "user",
            "id": ADA,
            "user_id": "user-7",
            "name": "Ada",
            "email": "ada@example.com",
        },
        "assignee": {"type": "admin", "id": "991", "name": "Grace", "email": "grace@example.com"},
        "conversation_message": {
            "type": "conversation_message",
            "id": "300",
            "subject": "<p>Export</p>",
            "body": "<p>The export fails</p>",
            "author": {"type": "user", "id": ADA},
        },
        "conversation_parts": {
            "type": "conversation_part.list",
            "conversation_parts": list(parts),
            "total_count": len(parts),
        },
        "tags": {"type": "tag.list", "tags": []},
        "links": {"conversation_web": f"https://app.intercom.com/a/apps/{WORKSPACE}/inbox/{TALK}"},
    }
    return {**told, "type": "conversation"} | changes


def company(**changes: Any) -> Json:
    told = {
        "type": "company",
        "id": COMPANY,
        "company_id": "acme-1",
        "app_id": WORKSPACE,
        "name": "Acme",
        "plan": {"type": "plan", "id": "1", "name": "Gold"},
        "remote_created_at": "2025-11-01T00:00:00.000+00:00",
        "created_at": "2025-11-02T00:00:00.000+00:00",
        "updated_at": AT_ISO,
        "last_request_at": "2026-01-09T08:00:00.000+00:00",
        "size": 40,
        "monthly_spend": 250,
        "industry": "Tools",
        "website": "https://acme.example",
        "custom_attributes": {"tier": "a"},
        "tag_ids": ["71"],
    }
    return told | changes
