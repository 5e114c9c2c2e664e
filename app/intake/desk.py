"""The intake as a request meets it: what its sender asks for stays within the sender's bounds."""

from dataclasses import dataclass, replace

from app.domain.identifiers import PracticeId
from app.domain.submissions import Submission
from app.intake.receiving import NewSubmission, Received
from app.intake.replacement_service import Replacements
from app.intake.replacement_undo_service import Undoing
from app.intake.service import Intake
from app.storage.blobs import BlobStore, BlobWriter
from app.storage.unit_of_work import OpenWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`open_work` opens the transactions of who asks. To take in is the registry's own work.

    That is the same for a file that waits for a worker: by then it is known by its submission,
    which names the practice, and by nothing that a request says.
    """

    intake: Intake
    open_work: OpenWork

    @property
    def blobs(self) -> BlobStore:
        return self.intake.blobs

    def check_room(self, practice: PracticeId) -> None:
        """Raises: ServiceBusy when too much waits already, of this practice or of all."""
        self.intake.check_room(practice)

    @property
    def requires_agreements(self) -> bool:
        return self.intake.require_agreements

    def check_agreements(self, practice: PracticeId) -> None:
        """Raises: AgreementsMissing, PracticeUnknown."""
        self.intake.check_agreements(practice, open_work=self.open_work)

    @property
    def requires_payment(self) -> bool:
        return self.intake.require_payment

    def check_payment(self, practice: PracticeId) -> None:
        """Raises: PaymentMissing."""
        self.intake.check_payment(practice, open_work=self.open_work)

    def receive(self, new: NewSubmission, file: BlobWriter) -> Received:
        """Raises: PracticeUnknown; IdempotencyConflict when the key came with another request."""
        return self.intake.receive(new, file, open_work=self.open_work)

    def process_at_once(self, submission: Submission) -> Submission:
        """Bring what was just received to its end state; where that fails, a job does it later."""
        return self.intake.process_at_once(submission)

    @property
    def replacements(self) -> Replacements:
        return replace(self.intake.replacements, open_work=self.open_work)

    @property
    def undoing(self) -> Undoing:
        return replace(self.intake.undoing, open_work=self.open_work)
