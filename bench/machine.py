"""What a bench ran on: figures mean little without it."""

from __future__ import annotations

import os
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

KINDS = ("VNNI", "AVX2")
LIBRARIES = ("onnxruntime", "numpy", "pillow", "scikit-learn")
_CPUINFO = Path("/proc/cpuinfo")


def lines() -> dict[str, str]:
    """The processor, its cores and how busy they are as the run begins, and the versions of what is measured."""
    load = os.getloadavg()[0]
    own = {"processor": processor(), "cores": str(cores())}
    own |= {"busy with, as it began": f"{load:.1f} processes", "system": platform.platform(terse=True)}
    return own | {"Python": sys.version.split()[0]} | {name: version(name) for name in LIBRARIES}


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """The processor as the system names it; on Linux with those of its instructions that networks are computed with."""
    about = _CPUINFO.read_text("utf-8") if _CPUINFO.exists() else ""
    return named(about) or platform.processor() or platform.machine()


def kind() -> str:
    """What the processor has for int8 networks: `VNNI`, which multiplies bytes, or `AVX2`, or its name."""
    named_here = processor()
    return next((one for one in KINDS if one in named_here), platform.machine())


def named(cpuinfo: str) -> str:
    """The processor in what Linux tells of it; nothing where it tells nothing."""
    said = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", cpuinfo, re.MULTILINE))
    if not said:
        return ""
    flags = set(said.get("flags", "").split())
    known = {"avx2": "AVX2", "avx512f": "AVX-512", "avx512_vnni": "VNNI", "avx_vnni": "AVX-VNNI", "amx_int8": "AMX"}
    numbers = f"family {said.get('cpu family', '?')} model {said.get('model', '?')}"
    return (
        f"{said.get('model name', '?')}, {numbers}, {', '.join(name for flag, name in known.items() if flag in flags)}"
    )
