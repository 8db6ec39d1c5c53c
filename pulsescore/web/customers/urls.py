"""The list of customers and the page of one."""

from django.urls import path

from pulsescore.web.customers import (
    bulk,
    comparing,
    export,
    intercom_acts,
    notes,
    overriding,
    privacy,
    saved,
)
from pulsescore.web.customers import one as customer
from pulsescore.web.customers import views as customers

urlpatterns = [
    path("customers/<int:customer_id>/refresh", intercom_acts.refresh, name="customer_refresh"),
    path("customers/<int:customer_id>/send", intercom_acts.send, name="customer_send"),
    path("customers/<int:customer_id>/tag", intercom_acts.tag, name="customer_tag"),
    path("customers", customers.customers, name="customers"),
    path("customers.csv", export.export, name="customers_csv"),
    path("customers/count", customers.count, name="customers_count"),
    path("customers/columns", customers.columns, name="customers_columns"),
    path("customers/companies", customers.companies, name="customers_companies"),
    path("customers/views", saved.saved, name="customers_views"),
    path("customers/views/new", saved.new, name="customers_view_new"),
    path("customers/views/<int:view_id>/open", saved.open_view, name="customers_view_open"),
    path("customers/views/<int:view_id>/change", saved.change, name="customers_view_change"),
    path("customers/views/<int:view_id>/default", saved.default, name="customers_view_default"),
    path("customers/views/<int:view_id>/delete", saved.delete, name="customers_view_delete"),
    path("customers/bulk", bulk.bulk, name="customers_bulk"),
    path("customers/<int:customer_id>", customer.customer, name="customer"),
    path(
        "customers/<int:customer_id>/recalculate",
        customers.recalculate,
        name="customer_recalculate",
    ),
    path("customers/<int:customer_id>/notes", notes.add_note, name="customer_note"),
    path(
        "customers/<int:customer_id>/notes/<int:note_id>",
        notes.edit_note,
        name="customer_note_edit",
    ),
    path(
        "customers/<int:customer_id>/notes/<int:note_id>/delete",
        notes.delete_note,
        name="customer_note_delete",
    ),
    path("customers/<int:customer_id>/override", overriding.override, name="customer_override"),
    path(
        "customers/<int:customer_id>/override/end",
        overriding.end_override,
        name="customer_override_end",
    ),
    path("customers/<int:customer_id>/compare", comparing.compare, name="customer_compare"),
    path("customers/<int:customer_id>/export", privacy.export, name="customer_export"),
    path("customers/<int:customer_id>/erase", privacy.erase, name="customer_erase"),
]
