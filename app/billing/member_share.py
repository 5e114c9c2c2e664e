"""Cases at the rate of members and of non-members, by the share of members in the roster.

The source says that the share of ASA members among the clinicians is worked out at registration,
and that a case has either rate. Assumed: cases are split by that share, the members' part rounded
to the nearest case, a half up.
"""

from app.domain.billing import Item, MemberShare, Membership, Quantities, Unit

MEMBER_CASE = Item(Unit.CASE, Membership.MEMBER)
NON_MEMBER_CASE = Item(Unit.CASE, Membership.NON_MEMBER)


def split_cases(cases: int, share: MemberShare) -> Quantities:
    """With more cases neither part gets smaller. `share` has clinicians."""
    members = (2 * cases * share.members + share.clinicians) // (2 * share.clinicians)
    return {MEMBER_CASE: members, NON_MEMBER_CASE: cases - members}


def further_cases(before: int, further: int, share: MemberShare) -> Quantities:
    """What `further` cases behind `before` others add to each part."""
    return minus(split_cases(before + further, share), split_cases(before, share))


def minus(all_of_it: Quantities, part: Quantities) -> Quantities:
    return {item: number - part.get(item, 0) for item, number in all_of_it.items()}


def total(quantities: Quantities) -> int:
    return sum(quantities.values())


def added_up(parts: list[Quantities]) -> Quantities:
    items = sorted({item for part in parts for item in part})
    return {item: sum(part.get(item, 0) for part in parts) for item in items}
