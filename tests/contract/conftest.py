"""One Azurite for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from devhost.azurite import PROGRAM, Azurite
from shared import connect


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The connection of an account with the two containers, empty."""
    if not PROGRAM.exists() and "CI" not in os.environ:
        pytest.skip("Azurite is missing: run `make setup`")
    azurite = Azurite(tmp_path_factory.mktemp("azurite"), (0, 0, 0))
    azurite.start()
    for name in ("images", "models"):
        connect.blobs({"connection": azurite.connection_string}).create_container(name)
    yield {"connection": azurite.connection_string}
    azurite.stop()
