"""How much of a sent file is kept: enough to tell that it is too heavy, no more."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from levier.foundation.common.images import MAX_BYTES


class CappedUpload(FileUploadHandler):
    """Drops what goes past the limit, so that nobody fills the disk; the form sees the excess."""

    chunk_size = 65_536

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None
