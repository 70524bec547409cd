"""Pages kept in memory up to a number of bytes; the one that was not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, Protocol, TypeVar


class Page(Protocol):
    """Whatever knows how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """In memory."""
        ...


K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Page)
_ENTRY_BYTES = 500  # what a page costs beside its arrays


class Shelf(Generic[K, P]):
    """For one thread at a time: whoever owns it holds a lock."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[K, P] = OrderedDict()
        self.nbytes = 0

    def __iter__(self) -> Iterator[K]:
        return iter(self._pages)

    def get(self, key: K) -> P | None:
        """A page, if it is there; it goes last from now on."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def peek(self, key: K) -> P | None:
        """A page, if it is there, in its place."""
        return self._pages.get(key)

    def put(self, key: K, page: P) -> None:
        """Keep a page, in place of the one of that name; it goes last."""
        self.drop(key)
        self._keep(key, page)

    def grow(self, key: K, page: P) -> None:
        """Another page in place of one that is there; when it goes stays as it was."""
        self.nbytes -= self._pages[key].nbytes + _ENTRY_BYTES
        self._keep(key, page)

    def _keep(self, key: K, page: P) -> None:
        self._pages[key] = page
        self.nbytes += page.nbytes + _ENTRY_BYTES
        while self.nbytes > self._most:
            self.drop(next(iter(self._pages)))

    def drop(self, key: K) -> None:
        """Let go of a page, if it is there."""
        page = self._pages.pop(key, None)
        if page is not None:
            self.nbytes -= page.nbytes + _ENTRY_BYTES

    def drop_where(self, unwanted: Callable[[K], bool]) -> None:
        """Let go of all pages of such names."""
        for key in [each for each in self._pages if unwanted(each)]:
            self.drop(key)
