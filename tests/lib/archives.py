"""Archives made by hand, for what no honest program writes."""
import ctypes
import io
import json
import os
import struct
import subprocess
import tarfile

HEAD_SIZE = 262144
PART_SIZE = 16 << 20
TABLE_MAGIC = 0x184D2A5E
FOOTER_MAGIC = 0x8F92EAB1
FACTS = ".kslurm/venv.json"
CHECKSUM = 201

_zstd = ctypes.CDLL("libzstd.so.1")
_zstd.ZSTD_createCCtx.restype = ctypes.c_void_p
_zstd.ZSTD_CCtx_setParameter.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
_zstd.ZSTD_compress2.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
_zstd.ZSTD_compress2.restype = ctypes.c_size_t
_zstd.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
_zstd.ZSTD_compressBound.restype = ctypes.c_size_t
_zstd.ZSTD_freeCCtx.argtypes = [ctypes.c_void_p]


def frame(data):
    """One zstd frame with content size and checksum."""
    context = _zstd.ZSTD_createCCtx()
    _zstd.ZSTD_CCtx_setParameter(context, CHECKSUM, 1)
    room = _zstd.ZSTD_compressBound(len(data))
    to = ctypes.create_string_buffer(room)
    size = _zstd.ZSTD_compress2(context, to, room, bytes(data), len(data))
    _zstd.ZSTD_freeCCtx(context)
    assert size <= room
    return to.raw[:size]


def member(name, data=b"", **fields):
    """A tar member as (TarInfo, content)."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mtime = 1_500_000_000
    for key, value in fields.items():
        setattr(info, key, value)
    return info, data


def tar(members, form=tarfile.PAX_FORMAT, end=True):
    """The bytes of a tar with these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data) if info.size else None)
        members_end = archive.offset
    return out.getvalue() if end else out.getvalue()[:members_end]


def head():
    """The first bytes of an archive: the facts, and what fills them up."""
    text = json.dumps({"version": 1, "name": "x", "python": "3.11.2", "machine": "x86_64", "base": None, "places": ["/x"],
                       "packages": [], "hits": [], "bytes": 1, "files": 1, "created": 1}).encode()
    content = tar([member(FACTS, text, mode=0o644)], form=tarfile.USTAR_FORMAT, end=False)
    first = frame(content)
    fill = HEAD_SIZE - len(first) - 8
    return first + struct.pack("<II", 0x184D2A50, fill) + bytes(fill), len(content)


def table(entries):
    """The seek table of frames, (compressed size, decompressed size) each."""
    rows = b"".join(struct.pack("<II", *entry) for entry in entries)
    body = rows + struct.pack("<IBI", len(entries), 0, FOOTER_MAGIC)
    return struct.pack("<II", TABLE_MAGIC, len(body)) + body


def parts(data, part=PART_SIZE):
    """The frames of a tar."""
    return [(frame(data[i:i + part]), len(data[i:i + part])) for i in range(0, len(data), part)]


def ours(data, part=PART_SIZE):
    """An archive in our own format that holds this tar."""
    first, size = head()
    frames = parts(data, part)
    entries = [(len(first), size)] + [(len(packed), length) for packed, length in frames]
    return first + b"".join(packed for packed, _ in frames) + table(entries)


def tar_of(tree, *options):
    """GNU tar's, sorted."""
    return subprocess.run(["tar", "--sort=name", "--format=pax", *options, "-cf", "-", "-C", tree, "."],
                          stdout=subprocess.PIPE, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
