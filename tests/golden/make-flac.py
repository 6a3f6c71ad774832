"""Writes FLAC streams of all kinds of subframes, by libsndfile (soundfile 0.14.0), and their samples, to flac.json.

    python tests/golden/make-flac.py
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
import soundfile

rng = np.random.default_rng(5)
out = []


def add(name, data, subtype, level=None):
    buf = io.BytesIO()
    bits = {"PCM_S8": 8, "PCM_16": 16, "PCM_24": 24}[subtype]
    # soundfile reads the highest bits of an integer.
    width, kind = (16, np.int16) if bits <= 16 else (32, np.int32)
    options = {} if level is None else {"compression_level": level}
    channels = data.shape[1]
    with soundfile.SoundFile(
        buf, "w", samplerate=96000, channels=channels, subtype=subtype, format="FLAC", **options
    ) as file:
        file.write((data.astype(np.int64) << (width - bits)).astype(kind))
    flac = base64.b64encode(buf.getvalue()).decode()
    # STREAMINFO has the MD5 of all samples; the first ones and the sum are for people.
    out.append({"name": name, "flac": flac, "first": data[:5].T.tolist(), "sums": data.sum(axis=0).tolist()})


n = 700
walk = np.cumsum(rng.integers(-9, 10, size=(n, 1)), axis=0)
add("mono walk, 16 bits", walk, "PCM_16")
t = np.arange(n)
ecg = (300 * np.exp(-((t % 180 - 60) / 6.0) ** 2) + 20 * np.sin(t / 30)).round().astype(int)
add("stereo, alike", np.stack([ecg, ecg + rng.integers(-2, 3, n)], 1), "PCM_16")
add("stereo, extremes", np.stack([rng.integers(-32768, 32768, n), np.full(n, -32768)], 1), "PCM_16")
add("stereo, 24 bits of noise", rng.integers(-2**23, 2**23, size=(n, 2)), "PCM_24")
walks = np.cumsum(rng.integers(-99, 100, size=(n, 5)), axis=0)
add("five channels, 24 bits with wasted ones", walks * 16, "PCM_24", 1.0)
noisy = 40 * np.sin(t / 7)[:, None] + rng.integers(-1, 2, size=(n, 1))
add("8 bits, best compression", noisy.round().astype(int), "PCM_S8", 1.0)
waves = np.stack([50 * np.sin(t / 9), 20 * np.cos(t / 11), np.zeros(n)], 1)
add("8 bits, three channels, fast", waves.round().astype(int), "PCM_S8", 0.0)
add("a minute of a slow wave", (1000 * np.sin(np.arange(9000) / 200)[:, None]).round().astype(int), "PCM_16", 1.0)
Path(__file__).with_name("flac.json").write_text(json.dumps(out, indent=2) + "\n")
