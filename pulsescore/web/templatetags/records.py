"""Filters of the pages of one customer and one company."""

from django import template

register = template.Library()


@register.filter
def signed_tenth(points: float) -> str:
    """Points with a sign, to one decimal where they are not whole: "−13.2", "+8"."""
    text = f"{abs(points):.1f}".removesuffix(".0")
    if text == "0":
        return "0"
    return f"{'+' if points > 0 else '−'}{text}"


@register.filter
def signed_aligned(points: float) -> str:
    """Points with a sign and one decimal, whole or not, for columns of them: "−18.0"."""
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{abs(points):.1f}"
