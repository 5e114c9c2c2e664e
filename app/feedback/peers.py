"""How an entity stands among its peers, as a report tells it."""

from app.feedback.report import PeerFigures, PeerStanding
from app.measures.peers.wire import PeerComparison, PeerCut


def standing_of(compared: PeerComparison) -> PeerStanding:
    return PeerStanding(
        as_of=compared.as_of,
        not_compared=compared.not_compared,
        cuts=tuple(map(_cut, compared.cuts)),
    )


def _cut(cut: PeerCut) -> PeerFigures:
    """Of the performance rate: completeness is held against its threshold."""
    figures = cut.performance_rate
    if figures is None:
        return PeerFigures(cut=cut.cut, withheld=cut.withheld)
    return PeerFigures(
        cut=cut.cut,
        withheld=None,
        peers=cut.peers,
        lower_quartile=figures.lower_quartile,
        median=figures.median,
        upper_quartile=figures.upper_quartile,
        better_than=figures.rank_percentile,
    )
