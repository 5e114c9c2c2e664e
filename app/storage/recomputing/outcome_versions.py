"""The catalogue versions that the outcomes of a practice and year stand under.

One as a rule; more from the moment when other rules are used until a backfill has ended.
"""

from collections.abc import Iterable

from psycopg import Connection

from app.domain.identifiers import PracticeId

YearVersion = tuple[int, str]
"""A performance year, and a version of its catalogue."""


class OutcomeVersions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, practice: PracticeId, performance_year: int) -> tuple[str, ...]:
        """In no order of time; none where nothing is stored."""
        rows = self._connection.execute(
            """SELECT version FROM outcome_versions
               WHERE practice_id = %s AND performance_year = %s ORDER BY version""",
            (practice, performance_year),
        )
        return tuple(row[0] for row in rows)

    def years_of(self, practice: PracticeId) -> tuple[int, ...]:
        rows = self._connection.execute(
            """SELECT DISTINCT performance_year FROM outcome_versions
               WHERE practice_id = %s ORDER BY performance_year""",
            (practice,),
        )
        return tuple(row[0] for row in rows)

    def in_use(self) -> list[YearVersion]:
        """Every version that outcomes of any practice stand under."""
        rows = self._connection.execute(
            "SELECT DISTINCT performance_year, version FROM outcome_versions ORDER BY 1, 2"
        )
        return [(row[0], row[1]) for row in rows]

    def practices_beside(self, performance_year: int, version: str) -> list[PracticeId]:
        """Practices with outcomes by another version, and no backfill to `version` under way."""
        rows = self._connection.execute(
            """SELECT DISTINCT practice_id FROM outcome_versions v
               WHERE performance_year = %(year)s AND version <> %(version)s
                 AND NOT EXISTS (SELECT FROM backfills b
                                 WHERE b.practice_id = v.practice_id
                                   AND b.performance_year = v.performance_year
                                   AND b.to_version = %(version)s AND b.ended_at IS NULL)
               ORDER BY practice_id""",
            {"year": performance_year, "version": version},
        )
        return [PracticeId(row[0]) for row in rows]

    def note(self, practice: PracticeId, used: Iterable[YearVersion]) -> None:
        note_versions(self._connection, practice, used)

    def begin_leaving(self, practice: PracticeId, performance_year: int, to_version: str) -> None:
        """From here on a version that is noted again is one that somebody still decides by."""
        self._connection.execute(
            """UPDATE outcome_versions SET being_left = true
               WHERE practice_id = %s AND performance_year = %s AND version <> %s""",
            (practice, performance_year, to_version),
        )
        self.note(practice, [(performance_year, to_version)])

    def leave(self, practice: PracticeId, performance_year: int) -> None:
        """Forget the versions that nothing stands under any more."""
        self._connection.execute(
            """DELETE FROM outcome_versions
               WHERE practice_id = %s AND performance_year = %s AND being_left""",
            (practice, performance_year),
        )


def note_versions(
    connection: Connection, practice: PracticeId, used: Iterable[YearVersion]
) -> None:
    """Note what outcomes of `practice` are stored under; the caller holds its lock.

    A row is written for the first outcomes by a version, and never again while there is one.
    """
    for performance_year, version in sorted(used):
        connection.execute(
            """INSERT INTO outcome_versions AS known (practice_id, performance_year, version)
               VALUES (%s, %s, %s)
               ON CONFLICT (practice_id, performance_year, version)
               DO UPDATE SET being_left = false WHERE known.being_left""",
            (practice, performance_year, version),
        )
