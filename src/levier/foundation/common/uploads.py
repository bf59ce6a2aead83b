"""How much of a sent file is kept: enough to tell that it is too heavy, no more."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from levier.foundation.common.images import MAX_BYTES
from levier.foundation.common.tables.kinds import MOST_BYTES


class CappedUpload(FileUploadHandler):
    """Drops what goes past the limit, so that nobody fills the disk; the form sees the excess."""

    chunk_size = 65_536
    limit = MAX_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= self.limit else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None


class CappedTable(CappedUpload):
    """The same for a table, which may be heavier."""

    limit = MOST_BYTES
