"""Functions compiled by numba once on a machine and cached on disk, beside the modules or in the user's cache folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

_seen: list[Any] = []


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it is first called; later runs load it from the cache."""
    return _kept(function, fastmath=False)


def compiled_loosely(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same where sums may be taken in any order, so that the processor's vectors are used."""
    return _kept(function, fastmath=True)


def is_warm() -> bool:
    """Whether this machine has compiled the functions before, so that the first call does not wait for it."""
    return all(_is_cached(function) for function in _seen)


def _kept(function: Callable[..., Any], *, fastmath: bool) -> Callable[..., Any]:
    try:
        made = numba.njit(cache=True, nogil=True, fastmath=fastmath)(function)
    except RuntimeError:  # no folder for the cache can be written: compile in every process
        made = numba.njit(nogil=True, fastmath=fastmath)(function)
    _seen.append(made)
    return made


def _is_cached(function: Any) -> bool:
    folder = function.stats.cache_path
    if folder is None:
        return False
    code = function.py_func.__code__
    module = function.py_func.__module__.rsplit(".", 1)[-1]
    return any(Path(folder).glob(f"{module}.{function.py_func.__qualname__}-{code.co_firstlineno}.*.nbi"))
