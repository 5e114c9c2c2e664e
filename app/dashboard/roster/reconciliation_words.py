"""What the reconciliation page says of each kind of row."""

from dataclasses import dataclass
from typing import Final

from app.domain.reconciliation import RowKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """`confirm` says what confirming does; `corrected` are the fields that a correction may name.

    `has_npi`: its rows are about an NPI.
    """

    heading: str
    about: str
    confirm: str
    corrected: tuple[str, ...] = ()
    has_npi: bool = True


_DAYS: Final = ("starts_on", "ends_on")
WORDS: Final = {
    RowKind.UNKNOWN_TIN: KindWords(
        heading="Unknown TINs",
        about="Cases name a TIN that is not registered, or not for these days. They are held: they"
        " count as soon as the TIN is confirmed.",
        confirm="It is ours: register it",
        corrected=_DAYS,
        has_npi=False,
    ),
    RowKind.NOT_ON_LIST: KindWords(
        heading="In cases, not on the list",
        about="The cases count. Who is confirmed joins the provider list, from the first case on.",
        confirm="They work here: add them to the list",
        corrected=("name", "credentials", *_DAYS),
    ),
    RowKind.OUTSIDE_EMPLOYMENT: KindWords(
        heading="Outside the employment",
        about="Cases before the first day of the employment, or after its last.",
        confirm="It is right as it is",
        corrected=_DAYS,
    ),
    RowKind.WITHOUT_CASES: KindWords(
        heading="On the list, without cases",
        about="Somebody works under the TIN in this year, and no case names them.",
        confirm="It is right as it is",
        corrected=_DAYS,
    ),
    RowKind.SEVERAL_TINS: KindWords(
        heading="Under several TINs",
        about="Cases name the NPI under more than one TIN, as is usual for a locum.",
        confirm="It is right as it is",
    ),
    RowKind.INVALID_NPI: KindWords(
        heading="No valid NPI",
        about="The check digit does not match, so a digit is wrong. Only the sender of the cases"
        " can mend that.",
        confirm="It is right as it is",
    ),
}
