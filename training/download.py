"""Downloads of published weights that may break off: what was received is kept, and what is wrong is never used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from shared.errors import UnciaError

CHUNK = 1 << 18
LOCAL = ("127.0.0.1", "localhost")
HUB = "https://huggingface.co/onnxmodelzoo"


class DownloadFailed(UnciaError):
    """No address gave the file."""


@dataclass(frozen=True, slots=True)
class Published:
    """A file that others publish: its size in bytes, its digest, and where it has been seen."""

    file: str
    size: int
    sha256: str
    urls: tuple[str, ...]


RESNET50 = Published(
    file="resnet50_Opset18.onnx",
    size=102146338,
    sha256="34156683e6bcc6d8b6796b40e4f24d5bde65c1589e7848828cf6df1aaa63c999",
    urls=(
        f"{HUB}/resnet50_Opset18_torch_hub/resolve/main/resnet50_Opset18.onnx",
        f"{HUB}/resnet50_Opset18/resolve/main/resnet50_Opset18.onnx",
    ),
)


def fetch(
    urls: Sequence[str],
    to: Path,
    *,
    size: int,
    sha256: str,
    progress: Callable[[int, int], None],
    timeout: float = 15,
) -> Path:
    """The file of this size and digest, from the first address that gives it; one that is already there is kept.

    `progress` hears bytes received and `size`; an exception of its own leaves `<to>.part`, from which the next call
    goes on. Raises DownloadFailed, which tells what each address answered.
    """
    if is_right(to, size, sha256):
        return to
    to.parent.mkdir(parents=True, exist_ok=True)
    part, answers = to.with_name(f"{to.name}.part"), dict[str, str]()
    for url in (*urls, *urls) if part.exists() else urls:  # a part may prove wrong and is then gone the second time
        try:
            receive(url, part, size=size, progress=progress, timeout=timeout)
        except (requests.RequestException, DownloadFailed) as error:
            answers[url] = reason(error)
            continue
        if is_right(part, size, sha256):
            return part.replace(to)
        part.unlink()
        answers[url] = "another file: its sha256 is wrong"
    told = "; ".join(f"{url} ({answer})" for url, answer in answers.items())
    raise DownloadFailed(f"{to.name} could not be downloaded: {told or 'no address is known'}")


def is_right(file: Path, size: int, sha256: str) -> bool:
    """Whether a file is there, of this size and this digest."""
    if not file.is_file() or file.stat().st_size != size:
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def receive(url: str, part: Path, *, size: int, progress: Callable[[int, int], None], timeout: float) -> None:
    """Completes a part to its size from one address, by Range (RFC 9110, 14.2) where the server knows it.

    Never writes more than `size` bytes. A connection that breaks leaves the part, an answer of another length does not;
    raises DownloadFailed or requests' own exceptions.
    """
    have = part.stat().st_size if part.exists() else 0
    with answered(url, have if have < size else 0, timeout) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            part.unlink()
        response.raise_for_status()
        have = have if continues(response, have) else 0
        with part.open("ab" if have else "wb") as file:
            for chunk in response.iter_content(CHUNK):
                file.write(chunk[: max(size - have, 0)])
                have += len(chunk)
                if have > size:
                    break
                progress(have, size)
    if have != size:
        part.unlink()
        raise DownloadFailed(f"another file: not of {size} bytes")


def answered(url: str, have: int, timeout: float) -> requests.Response:
    """An address's answer when asked for what lies behind the first `have` bytes."""
    refuse_plain_http(url)
    asked = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    response = requests.get(url, headers=asked, stream=True, timeout=timeout)
    refuse_plain_http(response.url)
    return response


def refuse_plain_http(url: str) -> None:
    """Raises DownloadFailed for an address that is neither https nor this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise DownloadFailed("only https is followed")


def continues(response: requests.Response, have: int) -> bool:
    """Whether a server goes on where the part ends, rather than starting anew."""
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    return have > 0 and response.status_code == requests.codes.partial_content and begins


def reason(error: Exception) -> str:
    """What went wrong at an address, in a few words."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP {error.response.status_code}"
    broken = requests.exceptions.ChunkedEncodingError
    known = {requests.Timeout: "no answer in time", requests.ConnectionError: "no connection", broken: "broke off"}
    return next((words for kind, words in known.items() if isinstance(error, kind)), str(error))
