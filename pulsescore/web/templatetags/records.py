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
