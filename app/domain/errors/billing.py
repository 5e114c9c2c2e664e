"""Counts, orders, invoices, payment."""

from app.domain.errors import RegistryError


class CountNotFrozen(RegistryError):
    slug = "count-not-frozen"
    title = "The count of this period is not frozen"


class PriceMissing(RegistryError):
    slug = "price-missing"
    title = "No price is entered for this"


class OrderUnknown(RegistryError):
    slug = "order-unknown"
    title = "No such order"


class OrderConflict(RegistryError):
    """It does not fit the other orders of the year, its state or the roster."""

    slug = "order-conflict"
    title = "The order cannot be like that"


class InvoiceUnknown(RegistryError):
    slug = "invoice-unknown"
    title = "No such invoice"


class InvoiceConflict(RegistryError):
    """It is paid or credited, or is a credit."""

    slug = "invoice-conflict"
    title = "The invoice does not allow this any more"


class NotReconcilable(RegistryError):
    slug = "not-reconcilable"
    title = "The year cannot be reconciled yet"


class PaymentMissing(RegistryError):
    slug = "payment-missing"
    title = "The practice has not paid for its order"
