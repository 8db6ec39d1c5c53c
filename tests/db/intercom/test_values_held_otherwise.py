"""What Intercom keeps in a form of its own is written once, and again only when it changes.

The simulated workspace folds spaces, keeps two places of a fraction and moves pictures.
"""

import pytest

from intercom_sim.actions import contacts
from intercom_sim.generator.build import Size
from intercom_sim.habits import HOST, Habits
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import echoes, marks
from pulsescore.connectors.intercom.outbound.models import HeldOtherwise, WithheldValue
from pulsescore.store.models import Customer
from tests.db.intercom.conftest import Present, Sync
from tests.db.intercom.outbound_kit import Product

PICTURE = "https://pictures.example/ann.png"


@pytest.fixture
def size() -> Size:
    return Size(4)


@pytest.fixture
def product(sim: Running, sync: Sync, connection: Connection, present: Present) -> Product:
    sync("full")
    sim.workspace.habits = Habits(folds_spaces=True, moves_pictures=True, places=2)
    product = Product(connection, sim, present)
    product.map("title", "name")
    product.map("value", "custom_attributes.monthly_value")
    product.map("picture", "avatar")
    everybody = product.segment("VIP", product.customers())
    product.go_two_way(user_segments=[everybody.pk], tag_segments=False)
    product.send()
    product.forget_writes()
    return product


def written(product: Product, customer: Customer) -> int:
    """How many writes it takes until there is nothing to write; then everybody is looked at."""
    product.send()
    marks.mark(product.org_id, [customer.pk])
    product.send()
    count = len(product.writes())
    product.forget_writes()
    return count


def change_there(product: Product, customer: Customer, fields: dict[str, str | None]) -> None:
    product.present.pass_secs(60)
    product.sim.call(
        lambda: contacts.update_contact(product.workspace, customer.external_id, fields=fields)
    )


def test_a_value_is_written_once_whatever_becomes_of_it(product: Product) -> None:
    ann = product.customers()[0]
    product.learn(ann, title="Ann  Lee", value=12.3456, picture=PICTURE)
    assert written(product, ann) == 1
    there = product.there(ann)
    assert (there.name, there.custom_attributes["monthly_value"]) == ("Ann Lee", 12.35)
    assert there.avatar_url is not None
    assert there.avatar_url.startswith(HOST)
    product.learn(ann, title="Ann  Lee", value=12.3456, picture=PICTURE)
    assert written(product, ann) == 0


def test_ours_changes_and_is_written_again(product: Product) -> None:
    ann = product.customers()[0]
    product.learn(ann, title="Ann  Lee", picture=PICTURE)
    assert written(product, ann) == 1
    product.learn(ann, title="Ann  Ray", picture=f"{PICTURE}?2")
    assert written(product, ann) == 1
    assert product.there(ann).name == "Ann Ray"
    product.learn(ann, title="Ann  Lee")
    assert written(product, ann) == 1
    assert product.there(ann).name == "Ann Lee"


def test_what_a_teammate_changed_is_overwritten_all_the_same(product: Product, sync: Sync) -> None:
    ann = product.customers()[0]
    product.learn(ann, title="Ann  Lee")
    assert written(product, ann) == 1
    change_there(product, ann, {"name": "X"})
    sync("incremental")
    marks.mark(product.org_id, [ann.pk])
    assert written(product, ann) == 1
    assert product.there(ann).name == "Ann Lee"


def test_a_picture_that_moves_later_is_no_news_but_a_missing_one_is(
    product: Product, sync: Sync
) -> None:
    ann = product.customers()[0]
    product.workspace.habits.moves_pictures = False
    product.learn(ann, picture=PICTURE)
    assert written(product, ann) == 1
    for address, writes in ((f"{HOST}/later.png", 0), (f"{HOST}/latest.png", 0), (None, 1)):
        change_there(product, ann, {"avatar_url": address})
        sync("incremental")
        marks.mark(product.org_id, [ann.pk])
        assert written(product, ann) == writes
    assert product.there(ann).avatar_url == PICTURE


def test_only_what_differs_is_remembered(product: Product) -> None:
    ann = product.customers()[0]
    product.learn(ann, title="Ann Lee", value=12.25)
    assert written(product, ann) == 1
    assert not HeldOtherwise.objects.for_org(product.org_id).exists()


def test_a_text_that_is_sent_shortened_stands_with_the_customer(product: Product) -> None:
    ann = product.customers()[0]
    product.learn(ann, title="n" * 300)
    assert written(product, ann) == 1
    told = WithheldValue.objects.for_org(product.org_id).get(customer=ann)
    assert (told.key, told.reason) == ("name", "cut")
    assert told.message == "Sent shortened: of 300 characters Intercom takes 255."
    product.learn(ann, title="n")
    assert written(product, ann) == 1
    assert not WithheldValue.objects.for_org(product.org_id).exists()


@pytest.mark.parametrize(
    ("held", "left"),
    [("Ann Lee", {}), ("Bob", {"name": "Ann  Lee"}), (None, {"name": "Ann  Lee"})],
)
def test_an_echo_counts_while_both_sides_stand_as_they_were(
    held: str | None, left: dict[str, str]
) -> None:
    known = {"name": ("Ann  Lee", "Ann Lee")}
    assert echoes.without_echoes({"name": "Ann  Lee"}, {"name": held}, known) == left
    assert echoes.without_echoes({"name": "Ann"}, {"name": held}, known) == {"name": "Ann"}


def test_true_is_no_echo_of_one() -> None:
    assert echoes.without_echoes({"n": True}, {"n": 2}, {"n": (1, 2)}) == {"n": True}
