"""Writes src/pipeline/signal/daubechies-table.ts: PyWavelets' scaling filters db1 to db38.

    python make-pywavelets-table.py

Needs PyWavelets.
"""

import pathlib

import pywt

HEADER = """\
/**
 * Scaling filters of the Daubechies wavelets db1 to db38 (extremal phase), at index order − 1, 2 × order coefficients each.
 *
 * Daubechies 1992, Ten Lectures on Wavelets, section 6.4 (table 6.1 prints db2 to db10); the digits are those of PyWavelets
 * 1.8.0, written by tests/golden/make-pywavelets-table.py. A table, because factoring the polynomial in double precision
 * loses digits as the order grows.
 */
// prettier-ignore
export const SCALING_FILTERS: readonly (readonly number[])[] = [
"""

PER_LINE = 5

assert pywt.__version__ == "1.8.0"
lines = []
for order in range(1, 39):
    filter = pywt.Wavelet(f"db{order}").rec_lo
    assert len(filter) == 2 * order
    lines.append("  [")
    for at in range(0, len(filter), PER_LINE):
        lines.append("    " + ", ".join(map(repr, filter[at : at + PER_LINE])) + ",")
    lines.append("  ],")
target = pathlib.Path(__file__).parents[2] / "src/pipeline/signal/daubechies-table.ts"
target.write_text(HEADER + "\n".join(lines) + "\n];\n")
