"""The arrays that fitting and judging work on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Rows = NDArray[np.float64]
type Indices = NDArray[np.intp]
type Features = NDArray[np.floating | np.integer]
