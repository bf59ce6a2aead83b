"""The installation's own key."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from levier.project.environment import WrongEnvironment
from levier.project.secret import secret_key_in


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = secret_key_in(tmp_path / "new")
    assert len(key) > 50
    assert secret_key_in(tmp_path / "new") == key
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def test_first_uses_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key_in(tmp_path), range(32)))
    assert len(keys) == 1


def test_a_closed_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WrongEnvironment, match="LEVIER_DATA"):
        secret_key_in(tmp_path / "file")
