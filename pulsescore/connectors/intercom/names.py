"""The names behind ids of all workspaces of an organization, for choosing and for lists."""

from pulsescore.connectors.intercom.models import DirectoryEntry

Names = dict[str, dict[str, str]]


def names_of(org_id: int, *kinds: str) -> Names:
    """Names by id of each kind ("admin", "team", "tag", …), in the order of the names; one query.

    Who has no name goes by the e-mail address, else by the id.
    """
    found: Names = {kind: {} for kind in kinds}
    rows = DirectoryEntry.objects.for_org(org_id).filter(kind__in=kinds)
    entries = [
        (kind, external_id, name or email or external_id)
        for kind, external_id, name, email in rows.values_list(
            "kind", "external_id", "name", "email"
        )
    ]
    for kind, external_id, name in sorted(entries, key=lambda entry: entry[2].lower()):
        found[kind][external_id] = name
    return found
