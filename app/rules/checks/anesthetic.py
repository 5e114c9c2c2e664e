"""What was given to whom: emergency against status, subcategory against category."""

from collections.abc import Iterator

from app.rules.checks.places import METHODS
from app.rules.definition import Given, RecordFacts, Remark


def emergency_disagrees(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    """An E after the ASA class with a planned procedure, or none with an emergency."""
    asa_class, status = facts.case.asa_class, facts.case.procedure_status
    if asa_class in given.lists["class_with_any_status"]:
        return
    message = "with_e" if asa_class.endswith("E") else "without_e"
    if status not in given.lists[f"status_{message}"]:
        yield Remark("PreOp/ASAClass", {"status": status}, message)


def subcategory_disagrees(facts: RecordFacts, given: Given) -> Iterator[Remark]:
    for number, method in enumerate(facts.case.methods, start=1):
        if not method.subcategory or method.category in given.lists["with_any"]:
            continue
        categories = given.lists.get(method.subcategory, ())
        if categories and method.category not in categories:
            yield Remark(
                f"{METHODS}[{number}]/AnesthesiaCategory",
                {"subcategory": method.subcategory, "categories": " or ".join(categories)},
                expected=categories,
            )
