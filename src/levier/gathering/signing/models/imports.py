from django.db import models
from django.db.models import Q

from levier.foundation.people.enums import ImportState
from levier.foundation.people.models.imports import FileImport
from levier.gathering.petitions.models.petition import Petition


class ImportBatch(FileImport):
    """A file of signatures collected elsewhere (P58). Its signatures have `import:<id>` as source
    code, and keep their numbers for ever, undone or not (P59)."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "sha256"],
                condition=Q(undone_at=None),
                name="importbatch_file_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="importbatch_state_known"
            ),
        ]
        indexes = [models.Index(fields=["petition", "-created_at"], name="importbatch_latest")]

    @property
    def source_code(self) -> str:
        """What its signatures bear."""
        return f"import:{self.pk}"
