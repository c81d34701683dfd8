"""Loops as machine code: numba compiles them once on a machine, later runs load the code without numba.

Importing numba and preparing its compiler take most of a second in every process; loading the finished object takes a few
milliseconds. A loop is a function over contiguous arrays and numbers that writes its results into arrays it is given: it allocates
nothing, raises nothing, and so its machine code needs nothing of numba's. The objects lie in the user's cache folder, by the digest
of the source, the versions of the compiler and the processor. Where that cannot be done (another operating system, a folder that
cannot be written) numba compiles in the process.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import sys
import types
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from corpora.kept import keep, kept_file

if TYPE_CHECKING:
    from collections.abc import Callable

_TYPES = {"f4": "float32", "f8": "float64", "i8": "int64", "i4": "int32", "i1": "int8", "u1": "uint8"}
_NUMBERS = {"f4": ctypes.c_float, "f8": ctypes.c_double, "i8": ctypes.c_int64}
_SCRAP = ctypes.create_string_buffer(64)  # where the code leaves a return value and an exception, of which it has neither
_FOREIGN = "NRT_MemInfo_call_dtor"  # would free an array of numba's own; there is none
_KNOWN = re.compile(r"llvm\.[\w.]+|(?:exp|log|log1p|sqrt)f?|memset|memcpy|memmove")
_loops: dict[str, list[Loop]] = {}


class Loop:
    """A function that is compiled when it is first called.

    Attributes:
        function: what is compiled.
        kinds: of each argument the type and the number of dimensions, 0 for a number.
        loose: sums may be taken in any order, so that the processor's vectors are used.
    """

    def __init__(self, function: Callable[..., None], signature: str, *, loose: bool) -> None:
        self.function = function
        self.kinds = [(np.dtype(part[:2]), part.count(":")) for part in re.findall(r"\w\d(?:\[[:,]*\])?", signature)]
        self.loose = loose
        self.run: Callable[..., Any] | None = None
        _loops.setdefault(function.__module__, []).append(self)

    @property
    def name(self) -> str:
        """Of the function."""
        return self.function.__name__

    def __call__(self, *arguments: Any) -> None:
        """Run it; arrays must have the declared types and be contiguous."""
        for argument, (dtype, dimensions) in zip(arguments, self.kinds, strict=True):
            if dimensions and not (
                (argument.dtype is dtype or argument.dtype == dtype) and argument.ndim == dimensions and argument.flags.c_contiguous
            ):
                raise TypeError(f"{self.name}: {argument.dtype} {argument.shape} where contiguous {dtype} is wanted")
        if self.run is None:
            _prepare(self.function.__module__)
        self.run(*arguments)  # type: ignore[misc]


def compiled(signature: str, *, loose: bool = False) -> Callable[[Callable[..., None]], Loop]:
    """Make a function a loop. The signature lists its arguments: `f4[:,:], i8[:], f8`."""
    return lambda function: Loop(function, signature, loose=loose)


def is_warm() -> bool:
    """Whether this machine has compiled the loops before, so that the first call does not wait for it."""
    import align.emissions
    import align.hmm
    import align.recursions
    import align.repeats
    import align.rowwise
    import align.turning  # noqa: F401 - their loops are meant

    return _is_native() and all(_kept(module).exists() for module in _loops)


def _prepare(module: str) -> None:
    """Give the loops of a module something to run."""
    if _is_native():
        objects = _load(module)
        if objects is None:
            objects = _compile(module)
            _keep(module, objects)
        for loop in _loops[module]:
            loop.run = _linked(loop, *objects[loop.name])
    else:
        for loop in _loops[module]:
            loop.run = _with_parts(loop.function, loose=loop.loose)


def _is_native() -> bool:
    return sys.platform == "linux"


def _load(module: str) -> dict[str, tuple[str, bytes]] | None:
    """Symbol and object of each loop of a module, as they were kept; None where they were not or not whole."""
    try:
        with _kept(module).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {loop.name: (str(stored[f"{loop.name} symbol"]), stored[loop.name].tobytes()) for loop in _loops[module]}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _keep(module: str, objects: dict[str, tuple[str, bytes]]) -> None:
    """Write what was compiled."""
    rows: dict[str, Any] = {name: np.frombuffer(code, dtype=np.uint8) for name, (_, code) in objects.items()}
    rows |= {f"{name} symbol": np.array(symbol) for name, (symbol, _) in objects.items()}
    keep(_kept(module), lambda file: np.savez(file, **rows))


@cache
def _kept(module: str) -> Path:
    seen = hashlib.sha256(_made_for())
    seen.update(Path(str(sys.modules[module].__file__)).read_bytes())
    return kept_file(f"{module}-{seen.hexdigest()[:16]}.npz")


@cache
def _made_for() -> bytes:
    """This compiler and this machine."""
    llvm = _llvm()
    versions = version("numba"), version("llvmlite"), version("numpy"), llvm.get_host_cpu_name()
    return b"\n".join(
        [Path(__file__).read_bytes(), *(part.encode() for part in (*versions, llvm.get_host_cpu_features().flatten()))]
    )


def _compile(module: str) -> dict[str, tuple[str, bytes]]:
    """Symbol and object of each loop of a module."""
    llvm = _llvm()
    options = {"cpu": llvm.get_host_cpu_name(), "features": llvm.get_host_cpu_features().flatten(), "opt": 3}
    machine = llvm.Target.from_default_triple().create_target_machine(**options, codemodel="jitdefault", jit=True)
    out = {}
    for loop in _loops[module]:
        symbol, text = _assembly(loop)
        out[loop.name] = symbol, machine.emit_object(llvm.parse_assembly(text))
    return out


def _assembly(loop: Loop) -> tuple[str, str]:
    """A loop over pointers and sizes as LLVM assembly, and its symbol."""
    import numba
    from numba import carray  # type: ignore[attr-defined]

    inner = _with_parts(loop.function, loose=loop.loose)
    names, arrays, kinds = [], [], []
    for at, (dtype, dimensions) in enumerate(loop.kinds):
        of = getattr(numba.types, _TYPES[f"{dtype.kind}{dtype.itemsize}"])
        sizes = [f"n{at}_{k}" for k in range(dimensions)]
        names += [f"a{at}", *sizes]
        arrays.append(f"carray(a{at}, ({', '.join(sizes)},))" if dimensions else f"a{at}")
        kinds += (
            [
                numba.types.CPointer(of),  # type: ignore[no-untyped-call]
                *[numba.types.int64] * dimensions,
            ]
            if dimensions
            else [of]
        )
    space: dict[str, Any] = {"inner": inner, "carray": carray}
    exec(f"def over_pointers({', '.join(names)}):\n    inner({', '.join(arrays)})", space)  # noqa: S102 - our own text
    made = numba.cfunc(numba.types.void(*kinds), error_model="numpy", fastmath=loop.loose)(space["over_pointers"])
    # beside the function itself numba makes one that reports exceptions to Python: it is not needed, nor what it calls
    text = _without(made.inspect_llvm(), made.native_name)
    called = set(re.findall(r"@([\w.]+)\(", re.sub(r"(?m)^declare.*$", "", text)))
    defined = set(re.findall(r"(?m)^define.*?@([\w.]+)\(", text))
    strange = {name for name in called - defined - {_FOREIGN} if not _KNOWN.fullmatch(name)}
    if strange:
        raise RuntimeError(f"{loop.name} calls {sorted(strange)}")
    return made.native_name.removeprefix("cfunc."), text


def _without(text: str, name: str) -> str:
    """LLVM assembly without the definition of a function."""
    parts = re.split(r"(?m)^(?=define )", text)
    return "".join(part.split("\n}\n", 1)[1] if f"@{name}(" in part.split("\n", 1)[0] else part for part in parts)


def _linked(loop: Loop, symbol: str, code: bytes) -> Callable[..., None]:
    """The loop from its object."""
    llvm, engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    address = engine.get_function_address(symbol)
    kinds: list[Any] = [ctypes.c_void_p, ctypes.c_void_p]
    for dtype, dimensions in loop.kinds:
        number = _NUMBERS.get(f"{dtype.kind}{dtype.itemsize}")
        kinds += [ctypes.c_void_p, *[ctypes.c_int64] * dimensions] if dimensions else [number]
    native = ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(address)
    scrap = ctypes.addressof(_SCRAP)

    def run(*arguments: Any) -> None:
        flat: list[Any] = [scrap, scrap + 32]
        for argument, (_, dimensions) in zip(arguments, loop.kinds, strict=True):
            flat += [_address(argument), *argument.shape] if dimensions else [argument]
        if native(*flat):
            raise RuntimeError(f"{loop.name} failed")

    return run


def _address(array: Any) -> int:
    """Where an array's numbers lie. Asked for this way it takes a microsecond; numpy's own answer takes five."""
    try:
        return ctypes.addressof(ctypes.c_char.from_buffer(array))
    except (TypeError, ValueError):  # it may not be written to, or is empty
        return int(array.ctypes.data)


def _with_parts(function: Callable[..., None], *, loose: bool = False) -> Any:
    """A function as numba's own. Those of its module that it calls become part of it: one compilation instead of one a function."""
    import numba

    space = function.__globals__
    parts = {name: space[name] for name in function.__code__.co_names if isinstance(space.get(name), types.FunctionType)}
    known = {**space, **{name: _with_parts(part) for name, part in parts.items()}}
    return numba.njit(error_model="numpy", fastmath=loose, inline="always")(
        types.FunctionType(function.__code__, known, function.__name__)
    )


@cache
def _engine() -> tuple[Any, Any]:
    """The linker of this process."""
    llvm = _llvm()
    nothing = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None)
    llvm.add_symbol(_FOREIGN, ctypes.cast(nothing, ctypes.c_void_p).value)
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.nothing = nothing  # lives as long as the engine
    return llvm, engine


@cache
def _llvm() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm
