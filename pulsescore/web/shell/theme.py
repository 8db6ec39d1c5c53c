"""The theme switch of the person's menu: light, dark, or as the device has it."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect

from pulsescore.accounts import actions
from pulsescore.core.errors import Invalid
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.going_back import way_back


@member_page("POST")
def choose(request: PageRequest) -> HttpResponse:
    """Remember the choice on the person; the page is shown anew where it was."""
    try:
        actions.update_profile(request.user, theme=request.POST.get("theme", ""))
    except Invalid as error:
        raise BadRequest from error
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(way_back(request))
