"""The list of companies and the page of one."""

from django.urls import path

from pulsescore.web.companies import views as companies

urlpatterns = [
    path("companies", companies.companies, name="companies"),
    path("companies/<int:company_id>", companies.company, name="company"),
]
