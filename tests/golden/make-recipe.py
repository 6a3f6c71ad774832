"""Writes recipe.json: the input recipe (ADR 21) in NumPy and SciPy, on an artificial recording and on MIT-BIH's.

    MITDB=path/to/mitdb python make-recipe.py

Needs numpy, scipy, wfdb. The functions are those with which the recipe was developed, reduced to its 71 features.
"""

import json
import os
import pathlib

import numpy as np
import scipy
import scipy.signal as ss
import wfdb

FS = 360
RECORDS = ["100", "114", "208", "232"]
BEATS = "NLRejAaJSVEF/fQ"


def rolled(values, before, after, statistic):
    """Statistic over the beats i - before to i + after, as far as they exist."""
    n = len(values)
    table = np.full((n, before + after + 1), np.nan)
    for column, offset in enumerate(range(-before, after + 1)):
        low, high = max(0, -offset), min(n, n - offset)
        if low < high:
            table[low:high, column] = values[low + offset : high + offset]
    return statistic(table, axis=1)


def cut(x, peaks, before, after):
    return x[np.clip(peaks[:, None] + np.arange(-before, after)[None], 0, len(x) - 1)]


def corr(a, b):
    a = a - a.mean(1, keepdims=True)
    b = b - b.mean(-1, keepdims=True)
    return (a * b).sum(1) / np.sqrt((a**2).sum(1) * (b**2).sum(-1) + 1e-9)


def rms(z):
    return np.sqrt((z**2).mean(1))


def near(values, reach, statistic):
    return np.stack([statistic(values[max(0, i - reach) : i + reach + 1], 0) for i in range(len(values))])


def align(x, peaks):
    for _ in range(2):
        median = np.median(cut(x, peaks, 36, 36), 0)
        best, shift = np.full(len(peaks), -9.0), np.zeros(len(peaks), int)
        for s in range(-9, 10):
            w = cut(x, peaks + s, 36, 36)
            c = np.mean([corr(w[:, :, lead], median[:, lead]) for lead in range(x.shape[1])], 0) - 0.002 * abs(s)
            shift[c > best], best = s, np.maximum(best, c)
        peaks = peaks + np.where(best > 0.8, shift, 0)
    return np.clip(peaks, 1, len(x) - 2)


def features(x, peaks):
    peaks = align(x, peaks)
    leads = range(x.shape[1])
    f = {}
    rr = np.clip(np.diff(peaks / FS), 0.15, None)
    pre, post = np.r_[np.median(rr[:10]), rr], np.r_[rr, np.median(rr[-10:])]
    previous, following = np.r_[pre[:1], pre[:-1]], np.r_[post[1:], post[-1:]]
    local = rolled(pre, 10, 10, np.nanmean)
    f["rr_before_mean"], f["rr_after_mean"] = np.log(pre / rr.mean()), np.log(post / rr.mean())
    f["rr_before_last10"] = np.log(pre / rolled(previous, 9, 0, np.nanmean))
    f["rr_before_local"], f["rr_after_local"] = np.log(pre / local), np.log(post / local)
    f["rr_after_before"], f["rr_before_previous"] = np.log(post / pre), np.log(pre / previous)
    f["rr_next_after"] = np.log(following / post)
    logs = np.log(pre)
    d = np.abs(np.diff(logs, prepend=logs[0]))
    f["rr_change_rms10"] = np.sqrt(rolled(d**2, 10, 10, np.nanmean))
    f["rr_change_median30"] = rolled(d, 30, 30, np.nanmedian)
    f["rr_deviation30"] = rolled(np.abs(logs - rolled(logs, 30, 30, np.nanmedian)), 30, 30, np.nanmedian)
    f["rr_irregular30"] = rolled((d > 0.1) * 1.0, 30, 30, np.nanmean)
    f["rr_change_median100"] = rolled(d, 100, 100, np.nanmedian)

    w = cut(x, peaks, 216, 216)
    w = w - np.median(w, 1, keepdims=True)
    m = np.median(w, 0)
    good = corr(w[:, 180:252, 0], m[180:252, 0]) > 0.8
    if good.sum() > 50:
        m = np.median(w[good], 0)
    scale = np.abs(m[180:270]).max(0) + 0.05
    wn, mn = w / scale, m / scale
    q, wide, p = slice(180, 259), slice(162, 288), slice(126, 191)
    means = lambda z: np.clip(z.reshape(len(z), 144, 3, x.shape[1]).mean(2), -6, 6)
    beat, difference, template = means(wn), means(wn - mn), mn[1::3]
    per_lead = {name: [] for name in ("qrs_correlation qrs_width qrs_slope qrs_amplitude qrst_correlation "
        "qrst_difference t_projection difference_length qrst_nearby_difference p_correlation p_nearby_correlation "
        "p_projection p_difference p_consistency").split()}
    nearby = beat - near(beat, 10, np.median)
    for l in leads:
        add = lambda name, values: per_lead[name].append(values)
        add("qrs_correlation", corr(wn[:, q, l], mn[q, l]))
        a = np.abs(wn[:, wide, l])
        width = (a > 0.3 * a.max(1, keepdims=True)).sum(1) / FS
        add("qrs_width", width - np.median(width))
        slope = np.abs(np.diff(wn[:, wide, l], axis=1)).max(1) + 1e-3
        add("qrs_slope", np.log(slope / np.median(slope)))
        add("qrs_amplitude", np.log(np.abs(wn[:, q, l]).max(1) + 0.05))
        add("qrst_correlation", corr(beat[:, 66:122, l], template[66:122, l]))
        add("qrst_difference", rms(difference[:, 66:122, l]))
        tm = template[80:120, l] - template[80:120, l].mean()
        tb = beat[:, 80:120, l] - beat[:, 80:120, l].mean(1, keepdims=True)
        add("t_projection", np.clip((tb * tm).sum(1) / ((tm**2).sum() + 0.02), -4, 4))
        add("difference_length", (np.abs(difference[:, 54:96, l]) > 0.15).mean(1))
        add("qrst_nearby_difference", rms(nearby[:, 66:122, l]))
        wave = w[:, p, l] - w[:, p, l].mean(1, keepdims=True)
        pm = m[p, l] - m[p, l].mean()
        level = np.sqrt((pm**2).mean()) + 0.01
        add("p_correlation", corr(wave, pm))
        add("p_nearby_correlation", corr(wave, near(wave, 20, np.median)))
        add("p_projection", (wave * pm).mean(1) / level**2)
        add("p_difference", np.log(rms(wave - pm) / level + 0.05))
        add("p_consistency", rolled(per_lead["p_nearby_correlation"][l], 20, 20, np.nanmedian))
    put = lambda names: [f.update({f"{n}_{l + 1}": per_lead[n][l]}) for n in names.split() for l in leads]
    put("qrs_correlation qrs_width qrs_slope qrs_amplitude qrst_correlation qrst_difference t_projection difference_length")
    joined = lambda z, part: np.concatenate([z[..., part, l] for l in leads], -1)
    f["qrs_correlation"] = corr(joined(beat, slice(60, 87)), joined(template, slice(60, 87)))
    f["qrst_correlation"] = corr(joined(beat, slice(66, 122)), joined(template, slice(66, 122)))
    put("qrst_nearby_difference p_correlation p_nearby_correlation p_projection p_difference p_consistency")

    own = dict(f)
    index = np.arange(len(peaks))
    for name in ("rr_before_mean", "qrs_correlation", "p_nearby_correlation_1", "qrst_nearby_difference_1"):
        for offset in (-2, -1, 1, 2):
            f[f"{name}{offset:+d}"] = own[name][np.clip(index + offset, 0, len(index) - 1)]
    windows = {
        "early_local": (np.log(pre / rolled(pre, 30, 30, np.nanmean)) < -0.1) * 1.0,
        "early_mean": (own["rr_before_mean"] < -0.1) * 1.0,
        "other_qrs": (own["qrs_correlation"] < 0.8) * 1.0,
        "p_nearby_correlation": own["p_nearby_correlation_1"],
    }
    for name, values in windows.items():
        for reach in (3, 10, 40):
            f[f"{name}_w{reach}"] = rolled(values, reach, reach, np.nanmean)
    return peaks, f


def filtered(x):
    return ss.sosfiltfilt(ss.butter(2, [0.5, 40], "bandpass", fs=FS, output="sos"), x, axis=0)


def artificial():
    """Beats of Gaussians with P wave and T wave; every ninth is early, wide and without P wave."""
    rr = [292 + 4 * ((37 * i) % 11 - 5) for i in range(72)]
    for i in range(8, 71, 9):
        rr[i], rr[i + 1] = 190, 380
    peaks = np.cumsum(rr)
    t = np.arange(peaks[-1] + 300)[:, None]
    wave = lambda height, at, width: height * np.exp(-(((t - at) / width) ** 2))
    x = 0.2 * np.sin(t / 500) + np.zeros((len(t), 2))
    for i, r in enumerate(peaks):
        if i % 9 == 8 and i < 71:
            x += wave(1.3, r + 2, 16) * [1, -0.6] + wave(-0.5, r + 100, 30) * [1, 0.4]
        else:
            x += wave(0.15, r - 58, 10) * [1, 0.5] + wave(1.0 + 0.02 * (i % 5), r, 5) * [1, 0.7]
            x += wave(-0.2, r + 9, 5) * [1, -0.3] + wave(0.3, r + 95, 22) * [1, 0.6]
    return x, peaks + np.arange(72) % 3 - 1


def recording(name):
    record = wfdb.rdrecord(os.path.join(os.environ["MITDB"], name))
    annotation = wfdb.rdann(os.path.join(os.environ["MITDB"], name), "atr")
    first = record.sig_name.index("MLII")
    x = np.nan_to_num(record.p_signal[:, [first, 1 - first]])
    return x, np.array([s for s, symbol in zip(annotation.sample, annotation.symbol) if symbol in BEATS])


def excerpt(x, peaks, step):
    aligned, f = features(filtered(x), peaks)
    beats = list(range(0, len(peaks), step)) + [len(peaks) - 1]
    rows = [[float(f"{f[name][beat]:.7g}") for name in f] for beat in beats]
    return list(f), {"beats": len(peaks), "shift": int(np.abs(aligned - peaks).sum()), "rows": dict(zip(beats, rows))}


rng = np.random.default_rng(19)
noise = np.cumsum(rng.normal(0, 1, 60)).round(3)
sos = ss.butter(2, [0.5, 40], "bandpass", fs=FS, output="sos")
names, made = excerpt(*artificial(), 5)
golden = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "wfdb": wfdb.__version__},
    "filter": {
        "input": noise.tolist(),
        "bothWays": ss.sosfiltfilt(sos, noise).tolist(),
        "forwards": ss.sosfilt(sos, noise, zi=ss.sosfilt_zi(sos) * noise[0])[0].tolist(),
    },
    "names": names,
    "artificial": made,
    "records": {name: excerpt(*recording(name), 401)[1] for name in RECORDS},
}
path = pathlib.Path(__file__).with_name("recipe.json")
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
