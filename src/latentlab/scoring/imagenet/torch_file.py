"""Reads tensors from the files that PyTorch wrote before its version 1.6, without PyTorch.

Such a file is five pickles, namely a magic number, the format's version, facts of the machine that wrote it,
the tensors without their numbers, and the keys of their storages; then, for each key, the storage's length as
int64 and its numbers (``_legacy_save`` in PyTorch's ``torch/serialization.py``). A pickle may call whatever
it names, so a file that names more than the four things which tensors are made of is refused.
"""

import math
import pickle
from collections import OrderedDict
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.errors import EvaluationError
from latentlab.scoring.imagenet.weights_file import unfit

HEADER = [0x1950A86A20F9469CFC6C, 1001]
LENGTH_BYTES = 8

Array = npt.NDArray[Any]


class Storage(NamedTuple):
    """Numbers in a row, by the key under which they follow."""

    dtype: str
    key: str
    length: int


class View(NamedTuple):
    """A tensor's place in its storage; offset and strides count numbers, not bytes."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Unpickler(pickle.Unpickler):
    """Makes views of storages, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """One of the four things that tensors are made of.

        Raises:
            EvaluationError: it is another.
        """
        known = {
            "collections.OrderedDict": OrderedDict,
            "torch._utils._rebuild_tensor_v2": lambda *arguments: View(*arguments[:4]),
            "torch.FloatStorage": "<f4",
            "torch.LongStorage": "<i8",
        }
        if f"{module}.{name}" not in known:
            raise unfit(f"a file that asks for {module}.{name}")
        return known[f"{module}.{name}"]

    def persistent_load(self, pid: Any) -> Storage:
        """A storage from how the file describes it."""
        _, dtype, key, _, length, _ = pid
        return Storage(dtype, key, length)


def read(content: bytes) -> dict[str, Array]:
    """The tensors of a file's content by their names, read-only.

    Raises:
        EvaluationError: it is no such file, asks for what tensors do not need, is cut short, or has a tensor
            that reaches beyond its storage.
    """
    try:
        return _tensors(BytesIO(content))
    except EvaluationError:
        raise
    except Exception as error:  # of nearly any kind, where a pickle is broken
        raise unfit(f"no file of tensors: {error}") from error


def _tensors(file: BytesIO) -> dict[str, Array]:
    header = [Unpickler(file).load() for _ in HEADER]
    if header != HEADER or not Unpickler(file).load()["little_endian"]:
        raise unfit(f"a file that begins with {header}")
    views = Unpickler(file).load()
    described = {view.storage.key: view.storage for view in views.values()}
    storages = {key: _storage(file, described[key]) for key in Unpickler(file).load()}
    return {name: _tensor(name, view, storages[view.storage.key]) for name, view in views.items()}


def _storage(file: BytesIO, storage: Storage) -> Array:
    length = int.from_bytes(file.read(LENGTH_BYTES), "little")
    if length != storage.length:
        raise unfit(
            f"a file whose storage {storage.key} has {length} numbers and should have {storage.length}"
        )
    numbers = file.read(length * np.dtype(storage.dtype).itemsize)
    if len(numbers) < length * np.dtype(storage.dtype).itemsize:
        raise unfit(f"a file that is cut short in its storage {storage.key}")
    return np.frombuffer(numbers, storage.dtype)


def _tensor(name: str, view: View, storage: Array) -> Array:
    """A view of a storage, which NumPy would also make of memory beyond it."""
    steps = zip(view.shape, view.strides, strict=True)
    last = view.offset + sum((size - 1) * stride for size, stride in steps)
    smallest = min(view.offset, *view.shape, *view.strides, 0)
    if smallest < 0 or last >= len(storage) or math.prod(view.shape) > len(storage):
        raise unfit(f"a file whose tensor {name} reaches beyond the {len(storage)} numbers of its storage")
    strides = [stride * storage.itemsize for stride in view.strides]
    return np.lib.stride_tricks.as_strided(storage[view.offset :], view.shape, strides, writeable=False)
