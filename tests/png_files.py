"""PNG files byte by byte, with what no library would write."""

import struct
import zlib
from collections.abc import Mapping
from types import MappingProxyType


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(
    width: int,
    height: int,
    depth: int = 8,
    kind: int = 0,
    rows: bytes = bytes(100),
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """A file with a header, other chunks, and rows of pixels, each after a zero; as it says of itself."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    others = b"".join(chunk(name.encode(), content) for name, content in more.items())
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", header, others, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    )
