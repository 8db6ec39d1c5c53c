"""Which columns of the customer list somebody sees, and in what order."""

from pulsescore.web.customers.columns import STANDARD, Layout, choose, offered, read_layout
from pulsescore.web.customers.export import columns_of
from pulsescore.web.customers.listing import attribute_text


def test_columns_keep_their_order_however_they_were_chosen() -> None:
    assert choose(["tags", "meta.plan", "score", "nonsense", "meta."]) == (
        "score",
        "tags",
        "meta.plan",
    )


def test_an_unreadable_choice_is_as_for_everybody() -> None:
    assert read_layout({"columns": "score", "density": "tiny"}) == Layout(STANDARD)


def test_a_choice_is_kept_and_read_again() -> None:
    layout = Layout(("owner", "meta.plan"), "compact")

    assert read_layout(layout.stored()) == layout
    assert [column.title for column in layout.columns] == ["Owner", "plan"]


def test_no_columns_at_all_is_a_choice_too() -> None:
    assert read_layout({"columns": []}).columns == ()


def test_a_chosen_attribute_stays_on_offer_when_nobody_has_it_any_more() -> None:
    keys = [column.key for column in offered(["seats"], Layout(("meta.old_plan",)))]

    assert keys[-2:] == ["meta.old_plan", "meta.seats"]


def test_a_file_says_who_it_is_about_and_leaves_the_small_lines_out() -> None:
    titles = [column.title for column in columns_of(Layout(("score", "trend", "email", "tags")))]

    assert titles == ["Customer", "E-mail", "Score", "Level", "Tags", "Intercom segments"]


def test_attributes_are_said_plainly() -> None:
    assert [attribute_text(value) for value in (None, True, 7, ["a", False])] == [
        "",
        "yes",
        "7",
        "a, no",
    ]
