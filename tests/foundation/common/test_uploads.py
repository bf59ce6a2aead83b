"""A file too heavy is cut before it fills anything."""

from levier.foundation.common.images import MAX_BYTES
from levier.foundation.common.uploads import CappedUpload


def test_a_file_is_kept_until_just_past_the_limit() -> None:
    handler = CappedUpload()
    piece = b"x" * handler.chunk_size
    kept = 0
    for start in range(0, 3 * MAX_BYTES, handler.chunk_size):
        if handler.receive_data_chunk(piece, start) is not None:
            kept += len(piece)
    assert MAX_BYTES < kept <= MAX_BYTES + handler.chunk_size
    assert handler.file_complete(kept) is None
