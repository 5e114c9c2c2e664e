"""What a case file is held against: the schemas, and the rules beyond them."""

from dataclasses import dataclass
from pathlib import Path

from app.rules.loading import load_rule_book
from app.rules.rule_book import RuleBook
from app.xsd.catalogue import SchemaCatalogue, shipped_schemas


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    schemas: SchemaCatalogue
    rules: RuleBook


def load_standards(rules_file: Path | None = None) -> Standards:
    """Return what is shipped, with the rules as the deployment's `rules_file` grades them.

    Raises: RulesFileWrong, when the file cannot be followed.
    """
    return Standards(schemas=shipped_schemas(), rules=load_rule_book(rules_file))
