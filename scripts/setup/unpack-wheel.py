"""Unpacks the files of a TensorFlow wheel that the binding needs: both shared libraries into lib/, the C headers into include/.

Usage: unpack-wheel.py WHEEL FOLDER. Prints the megabytes done and in all, as it goes; zipfile checks each file's CRC.
"""

import os
import sys
import zipfile

LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
HEADERS = ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/")
PREFIX = "tensorflow/"
PIECE = 16 << 20


def place(name):
    """Returns the path for a member of the wheel, or None if it is not needed."""
    if name.endswith("/") or not name.startswith(PREFIX):
        return None
    inner = name[len(PREFIX) :]
    if inner in LIBRARIES:
        return "lib/" + inner
    if inner.startswith(tuple("include/" + header for header in HEADERS)):
        return inner
    return None


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        members = [(info, place(info.filename)) for info in archive.infolist()]
        members = [(info, path) for info, path in members if path is not None]
        total = sum(info.file_size for info, _ in members)
        if not all(any(path == "lib/" + name for _, path in members) for name in LIBRARIES):
            sys.exit("the wheel does not hold " + " and ".join(LIBRARIES))
        done = 0
        for info, path in members:
            target = os.path.join(folder, *path.split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(info) as source, open(target, "wb") as out:
                while True:
                    piece = source.read(PIECE)
                    if not piece:
                        break
                    out.write(piece)
                    done += len(piece)
                    if len(piece) == PIECE:
                        print(done // 1000000, total // 1000000, flush=True)


main(sys.argv[1], sys.argv[2])
