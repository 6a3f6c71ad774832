"""Detects R-peaks on MIT-BIH with NeuroKit2 and wfdb's XQRS, each with its defaults on the first lead.

    python bench/peers/detect.py MITDB_FOLDER RECORD...

Prints one JSON line for each record and peer: {"record", "peer", "beats", "seconds"}; beats are sample numbers.
"""

import json
import sys
import time
import warnings

import neurokit2
import wfdb
from wfdb import processing

warnings.filterwarnings("ignore")


def neurokit(signal, rate):
    cleaned = neurokit2.ecg_clean(signal, sampling_rate=rate)
    return neurokit2.ecg_peaks(cleaned, sampling_rate=rate)[1]["ECG_R_Peaks"]


def xqrs(signal, rate):
    detector = processing.XQRS(sig=signal, fs=rate)
    detector.detect(verbose=False)
    return detector.qrs_inds


PEERS = {"NeuroKit2": neurokit, "XQRS": xqrs}

folder, *records = sys.argv[1:]
for record in records:
    signals, fields = wfdb.rdsamp(f"{folder}/{record}")
    for peer, detect in PEERS.items():
        began = time.process_time()
        beats = [int(beat) for beat in detect(signals[:, 0], fields["fs"])]
        seconds = time.process_time() - began
        print(json.dumps({"record": record, "peer": peer, "beats": beats, "seconds": seconds}), flush=True)
