"""Rows held as columns: arrays of one length, one a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Columns:
    """What every such class can do; its fields are the arrays."""

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.__dataclass_fields__))))

    def arrays(self) -> list[NDArray[Any]]:
        """The fields in their order."""
        return [getattr(self, name) for name in self.__dataclass_fields__]  # asked often: ``fields`` takes its time

    @property
    def nbytes(self) -> int:
        """What they take in memory."""
        return sum(each.nbytes for each in self.arrays())

    def take(self, which: NDArray[Any]) -> Self:
        """The rows of a mask or of indices."""
        return type(self)(*(each[which] for each in self.arrays()))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All rows of one part or more, part after part."""
        return cls(*(np.concatenate(each) for each in zip(*(part.arrays() for part in parts), strict=True)))
