"""Secrets at rest open only with their key, in their context, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.core.crypto import CannotOpen, KeyRing, new_secret_key

OLD, NEW = "old-key", "new-key"


@given(st.text())
def test_what_is_sealed_opens_in_its_context(text: str) -> None:
    ring = KeyRing(NEW)
    assert ring.open(ring.seal(text, context="a"), context="a") == text


def test_a_sealed_value_does_not_open_in_another_context() -> None:
    ring = KeyRing(NEW)
    with pytest.raises(CannotOpen):
        ring.open(ring.seal("token", context="connection:1"), context="connection:2")


def test_a_changed_value_does_not_open() -> None:
    ring = KeyRing(NEW)
    sealed = bytearray(ring.seal("token", context="a"))
    sealed[-1] ^= 1
    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), context="a")


def test_after_a_rotation_old_values_still_open_and_are_recognized() -> None:
    sealed = KeyRing(OLD).seal("token", context="a")
    ring = KeyRing(f"{NEW}, {OLD}")
    assert ring.open(sealed, context="a") == "token"
    assert ring.needs_rotation(sealed)
    assert not ring.needs_rotation(ring.seal("token", context="a"))


def test_a_value_of_a_removed_key_does_not_open() -> None:
    sealed = KeyRing(OLD).seal("token", context="a")
    with pytest.raises(CannotOpen, match="no longer configured"):
        KeyRing(NEW).open(sealed, context="a")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    ring = KeyRing(NEW)
    assert ring.seal("token", context="a") != ring.seal("token", context="a")


def test_an_empty_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        KeyRing(" , ")


def test_new_keys_differ_and_are_long() -> None:
    assert new_secret_key() != new_secret_key()
    assert len(new_secret_key()) >= 43
