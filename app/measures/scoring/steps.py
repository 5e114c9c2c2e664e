"""How a score came about, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from app.measures.catalogue.terms import Confidence
from app.measures.scoring.year_scoring import Category, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`rule` is a published word; `figures` went in, `result` came out, both unrounded.

    `category` None: the final score. `result` None: the step decides without a number.
    """

    rule: str
    label: str
    category: Category | None
    result: Decimal | None
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    confidence: Confidence
    source: str

    @classmethod
    def by(
        cls,
        mark: Mark,
        rule: str,
        label: str,
        *,
        category: Category | None = None,
        result: Decimal | None = None,
        **figures: Decimal | int,
    ) -> Self:
        """Return a step whose rule is known as well as `mark` says."""
        return cls(
            rule=rule,
            label=label,
            category=category,
            result=result,
            figures={name: Decimal(figure) for name, figure in figures.items()},
            confidence=mark.confidence,
            source=mark.source,
        )
