"""Customers, their pages, companies, saved views."""

from tools.screenshots.people import EMPTY, FULL, MEMBER, NEW, STRANGE, TWO_WAY
from tools.screenshots.shots import Shot, fill, unfold
from tools.screenshots.worlds import Worlds

FILTERED = "risk=red&risk=yellow&unseen_days=7"


def shots(worlds: Worlds) -> list[Shot]:
    """Full, empty, filtered, as another role, and with names of every kind."""
    return [*_lists(), *_one(worlds), *_companies(worlds), *_views()]


def _lists() -> list[Shot]:
    return [
        Shot("customers", FULL, "/customers"),
        Shot("customers-chosen", FULL, "/customers", unfold("main td input[type=checkbox]")),
        Shot("customers-filters", FULL, "/customers", unfold("main details > summary")),
        Shot("customers-as-member", MEMBER, "/customers"),
        Shot("customers-none", EMPTY, "/customers"),
        Shot("customers-nobody", FULL, "/customers?search=nobody"),
        Shot("customers-filtered", FULL, f"/customers?{FILTERED}&sort=change"),
        Shot("customers-by-hand", FULL, "/customers?overridden=1"),
        Shot("customers-strange", STRANGE, "/customers?search=very"),
        Shot("customers-thousands", STRANGE, "/customers?page=3"),
    ]


def _one(worlds: Worlds) -> list[Shot]:
    full = worlds.full
    worst, by_hand = f"/customers/{full.worst}", f"/customers/{full.by_hand}"
    tabs = ("timeline", "attributes", "companies", "notes")
    return [
        Shot("customer", FULL, f"{worst}?days=90"),
        *(Shot(f"customer-{tab}", FULL, f"{worst}?tab={tab}") for tab in tabs),
        Shot("customer-factor", FULL, f"{worst}?show=reopen_rate"),
        Shot("customer-by-hand", FULL, f"{by_hand}?days=90"),
        Shot("customer-override", FULL, f"{by_hand}/override"),
        Shot(
            "customer-override-wrong", FULL, f"{worst}/override", fill({"score": "900"}, "Set it")
        ),
        Shot("customer-compare", FULL, f"{worst}/compare?since={full.since}"),
        Shot("customer-erase", FULL, f"{worst}/erase"),
        Shot("customer-unscored", FULL, f"/customers/{full.unscored}"),
        Shot("customer-alert", FULL, f"/customers/{full.fired.new.customer_id}"),
        Shot("customer-as-member", MEMBER, worst),
        *(
            Shot(f"customer-strange-{place}", STRANGE, f"/customers/{one}")
            for place, one in enumerate(worlds.strange.customers)
        ),
        Shot("sending-customer", TWO_WAY, f"/customers/{worlds.sent_customer}"),
        Shot("sending-tags", TWO_WAY, f"/customers/{worlds.sent_customer}/tag"),
    ]


def _companies(worlds: Worlds) -> list[Shot]:
    return [
        Shot("companies", FULL, "/companies"),
        Shot("companies-none", NEW, "/companies"),
        Shot("companies-nothing", FULL, "/companies?search=nothing-like-it"),
        Shot("company", FULL, f"/companies/{worlds.full.company}"),
        Shot("company-strange", STRANGE, f"/companies/{worlds.strange.company}"),
    ]


def _views() -> list[Shot]:
    new = f"/customers/views/new?{FILTERED}"
    return [
        Shot("customers-views", FULL, "/customers/views"),
        Shot("customers-views-none", NEW, "/customers/views"),
        Shot("customers-views-strange", STRANGE, "/customers/views"),
        Shot("customers-view-new", FULL, new),
        Shot("customers-view-new-wrong", FULL, new, fill({"name": ""}, "Save")),
    ]
