"""How a person looks at the customer list, kept for them in each organization."""

from pulsescore.accounts.access import Actor
from pulsescore.web.customers.columns import Layout, read_layout
from pulsescore.web.models import ListPreference

PAGE = "customers"


def get_layout(actor: Actor) -> Layout:
    """The person's choice, or what everybody sees at first."""
    kept = ListPreference.objects.for_org(actor.org_id).filter(user=actor.user, page=PAGE)
    stored = kept.values_list("layout", flat=True).first()
    return read_layout(stored if isinstance(stored, dict) else {})


def keep_layout(actor: Actor, layout: Layout) -> None:
    """Remember the person's choice."""
    ListPreference.objects.for_org(actor.org_id).update_or_create(
        user=actor.require_person(),
        page=PAGE,
        defaults={"layout": layout.stored()},
        create_defaults={"layout": layout.stored(), "org_id": actor.org_id},
    )
