"""What a letter of confirmation says: words of closed lists, numbers and links.

Nothing of a patient, no TIN, no NPI, and nothing that somebody typed: whoever places an order
chooses who gets the letter, and could put words into the registry's mouth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.billing.member_share import total
from app.billing.pricing import described_items
from app.billing.program_years import name_of
from app.domain.billing import Invoice, Order, OrderKind, Quantities
from app.domain.identifiers import PracticeId
from app.domain.money import money
from app.domain.reporting import Registration, ReportingOption

_KINDS: Final = {
    OrderKind.NEW: "new",
    OrderKind.REPLACES: "replaces what was ordered before",
    OrderKind.ADDS: "adds to what was ordered before",
}
OPTIONS: Final = {
    ReportingOption.GROUP_QR: "Group, by a qualified registry (QR)",
    ReportingOption.GROUP_QCDR: "Group, by a qualified clinical data registry (QCDR)",
    ReportingOption.INDIVIDUAL_QR: "Individual, by a qualified registry (QR)",
    ReportingOption.INDIVIDUAL_QCDR: "Individual, by a qualified clinical data registry (QCDR)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a letter is about; what is None it is not about."""

    practice_id: PracticeId
    performance_year: int
    order: Order | None
    registration: Registration | None
    invoice: Invoice | None


def confirmation_text(confirmed: Confirmed, *, service_url: str) -> tuple[str, str]:
    """Return the subject and the text. `service_url` empty: links are paths."""
    headline = _headline(confirmed)
    where = f"(practice {confirmed.practice_id}, {confirmed.performance_year})"
    paragraphs = [
        f"{headline} {where}.",
        *_of_order(confirmed.order),
        *_of_registration(confirmed.registration),
        *_of_invoice(confirmed.invoice),
        _links(confirmed, service_url),
        "To read them takes signing in, as somebody of the practice.",
        "You get this mail because the practice names your address as a contact.",
    ]
    return f"{headline} {where}", "\n\n".join(paragraphs) + "\n"


def _headline(confirmed: Confirmed) -> str:
    if confirmed.invoice is not None:
        return "Invoice issued"
    if confirmed.order is None:
        return "Registration for reporting received"
    return "Order received" if confirmed.registration is None else "Order and registration received"


def _of_order(order: Order | None) -> Iterator[str]:
    if order is None:
        return
    lines = [
        f"Product:    {name_of(order.product)}",
        f"Order:      {_KINDS[order.kind]}",
        *([] if order.is_renewal is None else [f"Customer:   {_customer(order.is_renewal)}"]),
        f"Ordered:    {total(order.quantities):,} in all",
        *_items(order.quantities),
    ]
    if order.providers:
        lines += ["Clinicians: as you told us", *_items(order.providers)]
    yield "\n".join(lines)


def _of_registration(registration: Registration | None) -> Iterator[str]:
    if registration is None:
        return
    lines = [f"Reporting:  {OPTIONS[registration.option]}"]
    if registration.mvp is not None:
        subgroups = len(registration.subgroup_ids)
        told = f", subgroups: {subgroups}" if subgroups else ""
        lines.append(f"MVP:        {registration.mvp}{told}; register it with CMS too")
    if registration.virtual_group_id is not None:
        lines.append("Group:      in a virtual group")
    if registration.low_volume is not None:
        standing = registration.low_volume.standing.replace("_", " ")
        lines.append(f"MIPS:       {standing}{', opts in' if registration.opts_in else ''}")
    if registration.withdrawn_on is not None:
        lines.append(f"Withdrawn:  from {registration.withdrawn_on} on")
    yield "\n".join(lines)
    if registration.option.is_individual:
        yield (
            "Each clinician whose results are to be sent to CMS signs a consent of their own for"
            " the year.\nKeep the consents for seven years, in case of an audit by CMS."
        )
    else:
        yield (
            "This registration is the consent to send the results of the group to CMS.\n"
            "Keep it for seven years, in case of an audit by CMS."
        )


def _of_invoice(invoice: Invoice | None) -> Iterator[str]:
    if invoice is None:
        return
    yield (
        f"Invoice:    {invoice.number}, {invoice.kind}\n"
        f"Total:      {money(invoice.total)} {invoice.currency}\n"
        f"Due on:     {invoice.due_on}"
    )


def _links(confirmed: Confirmed, service_url: str) -> str:
    root, year = f"{service_url}/practices/{confirmed.practice_id}", confirmed.performance_year
    invoices = f"{root}/invoices?year={year}"
    if confirmed.invoice is not None:
        number = confirmed.invoice.number
        return f"Invoice:    {root}/invoices/{number}\nAll:        {invoices}"
    links = [f"All of it:  {root}/registration?year={year}"]
    if confirmed.order is not None:
        links.append(f"Invoices:   {invoices}")
    return "\n".join(links)


def _items(quantities: Quantities) -> Iterator[str]:
    for what, quantity in described_items(quantities):
        yield f"            {quantity:,} {what}"


def _customer(is_renewal: bool) -> str:
    return "renewal" if is_renewal else "new to the registry"
