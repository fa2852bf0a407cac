"""Which uploads a frame answers: short digests of their names and versions, kept in the frame's row.

One digest has 8 bytes. A blob that no frame answers is met by chance with a probability of 3n/2^64 for the n digests of
its camera: of a million, one in six million million.
"""

from __future__ import annotations

from hashlib import sha256

DIGEST = 8
# As many as one property of a row holds (64 KiB).
MOST = 8_192


def of(path: str, etag: str, size: int) -> bytes:
    """The digest of one version of a blob: by its ETag or, where the host tells none, by its size in bytes."""
    version = etag.strip('"')
    return _digest(f"{path}\0{version}") if version else _digest(f"{path}\0\0{size}")


def old(path: str, etag: str, size: int) -> bytes:
    """What a row answers for that was written before digests were kept: its name, with its ETag and with its size."""
    return united(of(path, etag, size), of(path, "", size), size)


def united(one: bytes, other: bytes, size: int) -> bytes:
    """The digests of both, each once, in order; beyond MOST some are dropped, and any blob of this size is answered.

    So many copies of one image that a row cannot name them would else be announced again for ever: empty files, say.
    """
    both = {*split(one), *split(other)}
    if len(both) > MOST:
        both = {*sorted(both)[: MOST - 1], _any(size)}
    return b"".join(sorted(both))


def answering(path: str, etag: str, size: int) -> tuple[bytes, bytes, bytes]:
    """The digests of which any one, in a frame of its camera, answers a blob that was listed."""
    return of(path, etag, size), of(path, "", size), _any(size)


def split(digests: bytes) -> list[bytes]:
    """The digests in a row, one by one."""
    return [digests[start : start + DIGEST] for start in range(0, len(digests), DIGEST)]


def _any(size: int) -> bytes:
    return of("", "", size)


def _digest(said: str) -> bytes:
    return sha256(said.encode("utf-8", "surrogatepass")).digest()[:DIGEST]
