/**
 * The input recipe in Python, for the example beside an exported model: from a WFDB record to beats and features, as
 * src/pipeline/recipe/ computes them. Equal to it on MIT-BIH (tests/interop/exported-recipe.test.ts).
 */
import { OTHER_SIGNAL } from "../../../contract/domain/leads.ts";
import { beatSymbols, isHeartbeat } from "../../../contract/domain/class-maps.ts";

/** Uses `CARD`, `key` and `lead_of` of the example, and NumPy, SciPy and wfdb. Defines `read_inputs(path)`. */
export const PYTHON_RECIPE = `RECIPE = CARD["input"]["recipe"]
CAUSAL = RECIPE["variant"] == "causal"
RATE = 360
HEARTBEATS = set(${JSON.stringify(beatSymbols.filter(isHeartbeat).join(""))})
OTHER_SIGNAL = re.compile(r"${OTHER_SIGNAL.source}", re.I)


def rolled(values, before, after, statistic):
    """Statistic over the beats i - before to i + after, as far as they exist."""
    return np.array([statistic(values[max(0, i - before) : i + after + 1]) for i in range(len(values))])


def around(values, reach, statistic):
    """The same over reach beats on each side; causal: over 2 reach beats before."""
    return rolled(values, 2 * reach, 0, statistic) if CAUSAL else rolled(values, reach, reach, statistic)


def median_row(rows):
    return np.median(rows, 0)


def cut(x, peaks, before, after):
    return x[np.clip(peaks[:, None] + np.arange(-before, after)[None], 0, len(x) - 1)]


def correlation(a, b, flat=1e-9):
    a = a - a.mean(-1, keepdims=True)
    b = b - b.mean(-1, keepdims=True)
    return (a * b).sum(-1) / np.sqrt((a**2).sum(-1) * (b**2).sum(-1) + flat)


def rms(values):
    return np.sqrt((values**2).mean(-1))


def aligned(x, peaks):
    """R-peaks shifted by at most 25 ms to the best correlation with the median beat."""
    for _ in range(2):
        median = np.median(cut(x, peaks, 36, 36), 0)
        best, shift = np.full(len(peaks), -np.inf), np.zeros(len(peaks), int)
        for s in range(-9, 10):
            w = cut(x, peaks + s, 36, 36)
            c = np.mean([correlation(w[..., l], median[:, l]) for l in range(x.shape[1])], 0) - 0.002 * abs(s)
            shift[c > best] = s
            best = np.maximum(best, c)
        peaks = peaks + np.where(best > 0.8, shift, 0)
    return np.clip(peaks, 1, len(x) - 2)


def reference_of(w):
    """Median of the beats that resemble the median of all, and the scale of each lead."""
    median = np.median(w, 0)
    good = correlation(w[:, 180:252, 0], median[180:252, 0]) > 0.8
    if good.sum() > 50:
        median = np.median(w[good], 0)
    return median, np.abs(median[180:270]).max(0) + 0.05


def references_of(w):
    """Reference and scale of each beat: those of the recording, or of up to 100 beats before, renewed after ten."""
    if not CAUSAL:
        median, scale = reference_of(w)
        return np.broadcast_to(median, w.shape), np.broadcast_to(scale, (len(w), w.shape[2]))
    made = [reference_of(w[max(0, to - 100) : max(1, to)]) for to in range(0, len(w), 10)]
    index = np.arange(len(w)) // 10
    return np.array([median for median, _ in made])[index], np.array([scale for _, scale in made])[index]


def rr_features(peaks, f):
    rr = np.clip(np.diff(peaks / RATE), 0.15, None)
    pre, post = np.r_[np.median(rr[:10]), rr], np.r_[rr, np.median(rr[-10:])]
    if CAUSAL:
        pre[0] = 0.8
    previous, following = np.r_[pre[:1], pre[:-1]], np.r_[post[1:], post[-1:]]
    overall = np.cumsum(pre) / np.arange(1, len(pre) + 1) if CAUSAL else rr.mean()
    local = around(pre, 10, np.mean)
    f["rr_before_mean"] = np.log(pre / overall)
    f["rr_before_last10"] = np.log(pre / rolled(previous, 9, 0, np.mean))
    f["rr_before_local"] = np.log(pre / local)
    f["rr_before_previous"] = np.log(pre / previous)
    if not CAUSAL:
        f["rr_after_mean"], f["rr_after_local"] = np.log(post / overall), np.log(post / local)
        f["rr_after_before"], f["rr_next_after"] = np.log(post / pre), np.log(following / post)
    logs = np.log(pre)
    d = np.abs(np.diff(logs, prepend=logs[0]))
    f["rr_change_rms10"] = np.sqrt(around(d**2, 10, np.mean))
    f["rr_change_median30"] = around(d, 30, np.median)
    f["rr_deviation30"] = around(np.abs(logs - around(logs, 30, np.median)), 30, np.median)
    f["rr_irregular30"] = around((d > 0.1) * 1.0, 30, np.mean)
    f["rr_change_median100"] = around(d, 100, np.median)
    return np.log(pre / around(pre, 30, np.mean))


def usual(values):
    return around(values, 100, np.median) if CAUSAL else np.median(values)


def shape_features(w, reference, scale, f):
    """Writes the features, and returns beats and differences from the reference at 120 Hz."""
    means = lambda z: np.clip(z.reshape(len(z), 144, 3, z.shape[2]).mean(2), -6, 6).astype("float32")
    wn, mn = w / scale[:, None], reference / scale[:, None]
    beat, difference, template = means(wn), means(wn - mn), mn[:, 1::3].astype("float32")
    b, t, z = (values.astype("float64") for values in (beat, template, difference))
    nearby = b - around(b, 10, median_row)
    for l in range(w.shape[2]):
        n = f"_{l + 1}"
        f["qrs_correlation" + n] = correlation(wn[:, 180:259, l], mn[:, 180:259, l])
        a = np.abs(wn[:, 162:288, l])
        width = (a > 0.3 * a.max(1, keepdims=True)).sum(1) / RATE
        f["qrs_width" + n] = width - usual(width)
        slope = np.abs(np.diff(wn[:, 162:288, l], axis=1)).max(1) + 1e-3
        f["qrs_slope" + n] = np.log(slope / usual(slope))
        f["qrs_amplitude" + n] = np.log(np.abs(wn[:, 180:259, l]).max(1) + 0.05)
        f["qrst_correlation" + n] = correlation(b[:, 66:122, l], t[:, 66:122, l])
        f["qrst_difference" + n] = rms(z[:, 66:122, l])
        tm = t[:, 80:120, l] - t[:, 80:120, l].mean(1, keepdims=True)
        tb = b[:, 80:120, l] - b[:, 80:120, l].mean(1, keepdims=True)
        f["t_projection" + n] = np.clip((tb * tm).sum(1) / ((tm**2).sum(1) + 0.02), -4, 4)
        f["difference_length" + n] = (np.abs(z[:, 54:96, l]) > 0.15).mean(1)
        f["qrst_nearby_difference" + n] = rms(nearby[:, 66:122, l])
        wave = w[:, 126:191, l] - w[:, 126:191, l].mean(1, keepdims=True)
        pm = reference[:, 126:191, l] - reference[:, 126:191, l].mean(1, keepdims=True)
        level = rms(pm) + 0.01
        f["p_correlation" + n] = correlation(wave, pm)
        f["p_nearby_correlation" + n] = correlation(wave, around(wave, 20, median_row))
        f["p_projection" + n] = (wave * pm).mean(1) / level**2
        f["p_difference" + n] = np.log(rms(wave - pm) / level + 0.05)
        f["p_consistency" + n] = around(f["p_nearby_correlation" + n], 20, np.median)
    joined = lambda values, part: values[:, part].transpose(0, 2, 1).reshape(len(values), -1)
    for name, part in (("qrs_correlation", slice(60, 87)), ("qrst_correlation", slice(66, 122))):
        f[name] = correlation(joined(b, part), joined(t, part))
    return beat, difference


def context_features(over_local_mean, f):
    index = np.arange(len(over_local_mean))
    for name in ("rr_before_mean", "qrs_correlation", "p_nearby_correlation_1", "qrst_nearby_difference_1"):
        for offset in (-2, -1) if CAUSAL else (-2, -1, 1, 2):
            f[f"{name}{offset:+d}"] = f[name][np.clip(index + offset, 0, len(index) - 1)]
    counted = {
        "early_local": (over_local_mean < -0.1) * 1.0,
        "early_mean": (f["rr_before_mean"] < -0.1) * 1.0,
        "other_qrs": (f["qrs_correlation"] < 0.8) * 1.0,
        "p_nearby_correlation": f["p_nearby_correlation_1"],
    }
    for name, values in counted.items():
        for reach in (3, 10, 40):
            f[f"{name}_w{reach}"] = around(values, reach, np.mean)


def filled(signal):
    """Missing samples have the value before them; 0 at the start."""
    index = np.where(np.isnan(signal), 0, np.arange(len(signal)))
    return np.nan_to_num(signal[np.maximum.accumulate(index)])


def leads_of(record):
    """Numbers of the record's leads: the model's lead, then the next ECG lead."""
    first = lead_of(record)
    names = [re.sub("[_-]", " ", name) for name in record.sig_name]
    others = [i for i, name in enumerate(names) if i != first and not OTHER_SIGNAL.search(name)]
    numbers = [first, *others[: RECIPE["leads"] - 1]]
    if len(numbers) < RECIPE["leads"]:
        sys.exit("The record has no second ECG lead, which the model needs.")
    return numbers


def inputs_of(signals, peaks, rows):
    """Inputs of the model by name. signals: mV at 360 Hz; rows: beats that have a class."""
    band = ss.butter(2, [0.5, 40], "bandpass", fs=RATE, output="sos")
    leads = [filled(signal) for signal in signals.T]
    if CAUSAL:
        x = np.stack([ss.sosfilt(band, lead, zi=ss.sosfilt_zi(band) * lead[0])[0] for lead in leads], 1)
    else:
        x = np.stack([ss.sosfiltfilt(band, lead) for lead in leads], 1)
        peaks = aligned(x, peaks)
    w = cut(x, peaks, 216, 216)
    w = w - np.median(w, 1, keepdims=True)
    reference, scale = references_of(w)
    f = {}
    over_local_mean = rr_features(peaks, f)
    beat, difference = shape_features(w, reference, scale, f)
    context_features(over_local_mean, f)
    channels = {"beat": beat, "difference": difference}
    images = np.stack([channels[c][..., l] for l in range(x.shape[1]) for c in RECIPE["channels"]], 2)
    table = np.nan_to_num(np.stack([f[name] for name in CARD["input"]["features"]], 1).astype("float32"), posinf=0, neginf=0)
    scaling = CARD["input"]["featureScaling"]
    scaled = np.clip((table - scaling["mean"]) / scaling["deviation"], -scaling["clip"], scaling["clip"])[rows]
    inputs = {"input": images[rows], "rhythm": scaled}
    if "sequence" in CARD["input"]:
        before, after = (CARD["input"]["sequence"][side] for side in ("before", "after"))
        padded = np.pad(scaled, ((before, after), (0, 0)))
        inputs["sequence"] = np.stack([padded[i : i + before + 1 + after] for i in range(len(rows))])
    return {name: values.astype("float32") for name, values in inputs.items()}


def read_inputs(path):
    """Sample and symbol of each beat that has a class, and the inputs of the model."""
    record = wfdb.rdrecord(path)
    if record.fs != RATE:
        sys.exit(f"The record has {record.fs} Hz; the features need {RATE} Hz: resample it first.")
    if record.sig_len >= 4 * 3600 * RATE:
        sys.exit("The record has four hours or more, which Ectopy divides into sections: cut it into shorter ones.")
    numbers = leads_of(record)
    units = [MILLIVOLTS.get(record.units[number].lower(), 1) for number in numbers]
    signals = record.p_signal[:, numbers] * units
    annotations = wfdb.rdann(path, "atr")
    beats = [
        (sample, symbol)
        for sample, symbol in zip(annotations.sample, annotations.symbol)
        if symbol in HEARTBEATS and 0 <= sample < record.sig_len
    ]
    samples, symbols = np.array([sample for sample, _ in beats]), [symbol for _, symbol in beats]
    known = {symbol for each in CARD["classes"] for symbol in each["symbols"]}
    missing = np.isnan(signals).any(1)
    rows = [
        i
        for i, (sample, symbol) in enumerate(beats)
        if symbol in known and not missing[max(0, sample - 216) : sample + 216].any()
    ]
    return samples[rows], [symbols[i] for i in rows], inputs_of(signals, samples, rows)`;
