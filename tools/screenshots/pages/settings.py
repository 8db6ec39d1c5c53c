"""Settings of people, teams and organizations; sources."""

from tools.screenshots.people import FULL, MEMBER, NEW, STRANGE
from tools.screenshots.shots import Shot, fill, press
from tools.screenshots.worlds import Worlds


def shots(worlds: Worlds) -> list[Shot]:
    """Full, empty, wrong, as another role."""
    return [*_own(), *_of_many(worlds), *_sources(worlds)]


def _own() -> list[Shot]:
    return [
        Shot("profile", FULL, "/settings/profile"),
        Shot("security", FULL, "/settings/security"),
        Shot("security-app", FULL, "/settings/security/app"),
        Shot("security-as-member", MEMBER, "/settings/security"),
        Shot("mails", FULL, "/_mails"),
    ]


def _of_many(worlds: Worlds) -> list[Shot]:
    team = worlds.full.team
    return [
        Shot("team", FULL, "/settings/team"),
        Shot("team-wrong", FULL, "/settings/team", fill({"email": "nobody"}, "Send invitation")),
        Shot("team-remove", FULL, f"/settings/team/{team.member.pk}/remove"),
        Shot("team-as-member", MEMBER, "/settings/team"),
        Shot("api-keys", FULL, "/settings/api-keys"),
        Shot("api-keys-none", NEW, "/settings/api-keys"),
        Shot("api-keys-wrong", NEW, "/settings/api-keys", press("Create key")),
        Shot("api-key-revoke", FULL, f"/settings/api-keys/{team.key.pk}/revoke"),
        Shot("organization", FULL, "/settings/organization"),
        Shot("organization-strange", STRANGE, "/settings/organization"),
        Shot("organization-delete", FULL, "/settings/organization/delete"),
        Shot("organizations", FULL, "/organizations"),
        Shot("organization-new", FULL, "/organizations/new"),
        Shot("audit-log", FULL, "/settings/audit-log"),
        Shot("audit-log-nothing", FULL, "/settings/audit-log?from=2030-01-01"),
    ]


def _sources(worlds: Worlds) -> list[Shot]:
    key = f"/settings/sources/{worlds.full.write_key}"
    return [
        Shot("sources", FULL, "/settings/sources"),
        Shot("sources-none", NEW, "/settings/sources"),
        Shot("sources-wrong", NEW, "/settings/sources", fill({"name": ""}, "Create write key")),
        Shot("source", FULL, key),
        Shot("source-revoke", FULL, f"{key}/revoke"),
    ]
