"""The dashboard."""

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.web.pages import PageRequest, member_page


@member_page()
def dashboard(request: PageRequest) -> HttpResponse:
    """The answer first: what changed, who needs attention."""
    return render(request, "dashboard/onboarding.html")
