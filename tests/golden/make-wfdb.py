"""Writes wfdb.json: records and annotations that wfdb-python 4.3 writes and reads.

Run in this folder, with Python and its package wfdb: python make-wfdb.py
"""

import base64
import json
import pathlib
import tempfile

import numpy as np
import wfdb

rng = np.random.default_rng(20030315)
folder = pathlib.Path(tempfile.mkdtemp())


def base64_of(path):
    return base64.b64encode(path.read_bytes()).decode()


def record(name, fmt, lowest, highest, signals, length, missing):
    digital = rng.integers(lowest, highest + 1, size=(length, signals))
    digital[0] = highest
    digital[1] = lowest
    digital[2] = [0, -1, 1][:signals]
    for at in missing:
        digital[at, 0] = lowest - 1
    wfdb.wrsamp(
        name,
        fs=360,
        units=["mV", "uV", "mmHg"][:signals],
        sig_name=["MLII", "V1", "arterial blood pressure"][:signals],
        d_signal=digital,
        fmt=[fmt] * signals,
        adc_gain=[200.0, 12.5, 0.1][:signals],
        baseline=[1024, -7, 0][:signals],
        comments=["69 M", "Aldomet, Inderal"],
        write_dir=str(folder),
    )
    read = wfdb.rdrecord(str(folder / name), physical=False)
    assert np.array_equal(read.d_signal, digital)
    return {
        "name": name,
        "header": (folder / f"{name}.hea").read_text(),
        "signalFile": base64_of(folder / f"{name}.dat"),
        "samples": digital.T.tolist(),
        "lowest": lowest - 1,
        "checksums": read.checksum,
    }


def annotations():
    sample = [5, 300, 1323, 2347, 2347, 900000, 900001, 70000000, 70000500]
    fields = {
        "symbol": ["+", "N", "V", "A", "~", "f", '"', "/", "x"],
        "subtype": [0, 0, -128, 127, 1, 0, 0, 0, 0],
        "chan": [0, 0, 1, 1, 255, 0, 0, 0, 0],
        "num": [0, 0, 0, 3, 3, 127, 0, 0, 0],
        "aux_note": ["(AFIB", "", "", "odd", "", "", "a comment \u00b5 in Latin-1", "", ""],
    }
    wfdb.wrann(
        "notes",
        "atr",
        np.array(sample),
        symbol=fields["symbol"],
        subtype=np.array(fields["subtype"]),
        chan=np.array(fields["chan"]),
        num=np.array(fields["num"]),
        aux_note=fields["aux_note"],
        fs=360,
        write_dir=str(folder),
    )
    read = wfdb.rdann(str(folder / "notes"), "atr")
    assert read.sample.tolist() == sample and read.fs == 360
    rows = zip(sample, read.symbol, read.subtype.tolist(), read.chan.tolist(), read.num.tolist(), read.aux_note)
    keys = ["sample", "symbol", "subtype", "channel", "num", "aux"]
    return {"file": base64_of(folder / "notes.atr"), "annotations": [dict(zip(keys, row)) for row in rows]}


def custom_symbols():
    wfdb.wrann(
        "own",
        "atr",
        np.array([100, 200, 300]),
        symbol=["N", "Z", "Y"],
        fs=250.5,
        custom_labels=[(42, "Z", "zigzag beat"), (43, "Y", "yawn")],
        write_dir=str(folder),
    )
    read = wfdb.rdann(str(folder / "own"), "atr")
    assert read.symbol == ["N", "Z", "Y"]
    return {"file": base64_of(folder / "own.atr"), "samples": read.sample.tolist(), "symbols": read.symbol, "fs": read.fs}


golden = {
    "wfdb": wfdb.__version__,
    "records": [
        record("r212", "212", -2047, 2047, 2, 51, [7, 50]),
        record("odd212", "212", -2047, 2047, 3, 51, [7]),
        record("one212", "212", -2047, 2047, 1, 37, [36]),
        record("r16", "16", -32767, 32767, 3, 40, [3]),
    ],
    "annotations": annotations(),
    "ownSymbols": custom_symbols(),
}
pathlib.Path(__file__).with_name("wfdb.json").write_text(json.dumps(golden) + "\n")
