"""One at a time, and nothing that came meanwhile is overlooked."""

from pulsescore.core.turns import Turns


def test_the_first_works_and_the_second_leaves_it_to_them() -> None:
    turns = Turns()
    assert turns.begin("a")
    assert not turns.begin("a")
    assert turns.begin("b")


def test_whoever_came_meanwhile_is_looked_after_once() -> None:
    turns = Turns()
    turns.begin("a")
    turns.begin("a")
    turns.begin("a")
    assert turns.is_wanted_again("a")
    assert not turns.is_wanted_again("a")
    assert turns.begin("a")


def test_who_fails_makes_room() -> None:
    turns = Turns()
    turns.begin("a")
    turns.abandon("a")
    assert turns.begin("a")
