"""What a complete read came across."""

from pulsescore.connectors.intercom.inbound.seen import Seen


def test_ids_are_told_apart_by_kind() -> None:
    seen = Seen()
    seen.add("customer", "a")
    assert seen.split("customer", ["a", "b"]) == (["a"], ["b"])
    assert seen.split("conversation", ["a"]) == ([], ["a"])


def test_nothing_seen_leaves_everything() -> None:
    assert Seen().split("company", ["x", "y"]) == ([], ["x", "y"])
    assert Seen().split("company", []) == ([], [])
