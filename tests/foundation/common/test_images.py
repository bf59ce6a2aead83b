"""Pictures come out smaller, upright and with nothing hidden in them."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.test import override_settings
from PIL import Image

from levier.foundation.common.images import MAX_SIDE, NotAnImage, reencode, store_image


def picture(
    kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **save: object
) -> BytesIO:
    out = BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **save)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK")],
)
def test_a_picture_is_written_again_as_jpeg(kind: str, mode: str) -> None:
    with Image.open(BytesIO(reencode(picture(kind, mode=mode)))) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))


def test_a_large_picture_is_made_smaller() -> None:
    with Image.open(BytesIO(reencode(picture("JPEG", (4000, 2000))))) as image:
        assert image.size == (MAX_SIDE, MAX_SIDE // 2)


def test_place_and_device_are_removed_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Téléphone de Paul"
    exif.get_ifd(0x8825)[1] = "N"
    sent = picture("JPEG", exif=exif)
    assert b"phone de Paul" in sent.getvalue()
    written = reencode(sent)
    assert b"phone de Paul" not in written
    with Image.open(BytesIO(written)) as image:
        assert image.size == (40, 60)
        assert dict(image.getexif()) == {}


def png_bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not an image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\xff\xd8\xff\xe0" + b"\x00" * 200,
        png_bomb(),
        picture("PNG", (300, 300)).getvalue()[:80],
    ],
    ids=["empty", "text", "svg", "gif", "broken jpeg", "bomb", "cut"],
)
def test_what_is_not_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAnImage):
        reencode(BytesIO(content))


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=tmp_path):
        first = store_image(picture("PNG"))
        second = store_image(picture("PNG"))
    assert first == second
    assert [path.name for path in (tmp_path / "images").iterdir()] == [first.split("/")[1]]
