#!/usr/bin/env python3
"""The golden rasters as numeric tests: every pixel of the peers' answers becomes a row of a temporary .ldnt file, which the runner checks.

usage: golden_rasters.py RUNNER. The rasters are other people's and not in this repository: they are looked for in
$AFTERMINE_TESTDATA/ldn-golden (see its README), and without them the test counts as skipped. gdal_translate reads them.
"""
import math
import os
import subprocess
import sys
import tempfile
from array import array
from fractions import Fraction

NODATA = -32768


class Raster:
    """Bands of a raster as lists of doubles."""

    def __init__(self, path):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "raw")
            subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-co", "INTERLEAVE=BSQ", "-ot", "Float64", path, out], check=True,
                           stderr=subprocess.DEVNULL)
            values = array("d")
            with open(out, "rb") as file:
                values.frombytes(file.read())
            with open(out + ".hdr", encoding="utf-8") as file:
                bands = next(int(line.split("=")[1]) for line in file if line.startswith("bands"))
        self.size = len(values) // bands
        self.bands = [values[b * self.size:(b + 1) * self.size] for b in range(bands)]

    def series(self, pixel):
        return [band[pixel] for band in self.bands]


def cell(value):
    if isinstance(value, (list, tuple)):
        return " ".join(cell(v) for v in value)
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "nan"
    return repr(int(value)) if value == int(value) else repr(value)


class Block:
    """One block of an .ldnt file."""

    def __init__(self, file, source, operation, settings, inputs, outputs, tolerances=()):
        self.file = file
        file.write(f"source {source}\noperation {operation}\n")
        for name, value in settings:
            file.write(f"set {name} {cell(value)}\n")
        for line in tolerances:
            file.write(f"tolerance {line}\n")
        file.write(f"columns {inputs} -> {outputs}\n")

    def row(self, inputs, outputs):
        self.file.write(f"row {'; '.join(cell(v) for v in inputs)} -> {'; '.join(cell(v) for v in outputs)}\n")


def clamp(value):
    """A value as the peer stores it: toward zero, inside int16."""
    return NODATA if math.isnan(value) else max(NODATA, min(32767, int(value)))


def trends(file, folder):
    ndvi, climate = Raster(folder + "ndvi_annual.tif"), Raster(folder + "climate_annual.tif")
    for method, name in (("plain", "ndvi_trend"), ("restrend", "p_restrend"), ("efficiency", "ue")):
        classes, floats = Raster(f"{folder}te_trajectory_{name}.tif"), Raster(f"{folder}te_trend_float_{name}.tif")
        block = Block(file, f"te_trajectory_{name}.tif, te_trend_float_{name}.tif", "trend",
                      [("profile", "te"), ("first_year", 2001), ("method", method)],
                      "values; climate", "slope; offset; s; level",
                      ["slope 1e-9 relative", "slope 1e-9 absolute", "offset 1e-9 relative", "offset 1e-6 absolute"])
        for i in range(ndvi.size):
            s = floats.bands[2][i]
            block.row([ndvi.series(i), climate.series(i)],
                      [floats.bands[0][i], floats.bands[1][i], NODATA if math.isnan(s) else s, classes.bands[1][i]])


def states(file, folder):
    ndvi = Raster(folder + "ndvi_annual.tif")
    for percentile in ("linear", "lower"):
        golden = Raster(f"{folder}te_state_pct_{percentile}.tif")
        block = Block(file, f"te_state_pct_{percentile}.tif", "state",
                      [("profile", "te"), ("percentile", percentile)], "values",
                      "change; class_baseline; class_recent; mean_baseline; mean_recent",
                      ["mean_baseline 1 absolute", "mean_recent 1 absolute"])
        for i in range(ndvi.size):
            change, base, recent, mean_base, mean_recent = golden.series(i)
            block.row([ndvi.series(i)], [change, base, recent, mean_base if mean_base != NODATA else math.nan,
                                         mean_recent if mean_recent != NODATA else math.nan])


def performances(file, folder):
    """Units with more than one pixel come as one list; the class of each member is asked with that member first."""
    ndvi, soil = Raster(folder + "ndvi_annual.tif"), Raster(folder + "soil_units.tif")
    cover, golden = Raster(folder + "landcover_esa_y0.tif"), Raster(folder + "te_performance_pct_linear.tif")
    block = Block(file, "te_performance_pct_linear.tif, third band", "unit", [], "soil; cover", "unit")
    for i in range(ndvi.size):
        block.row([soil.bands[0][i], cover.bands[0][i]], [golden.bands[2][i]])
    block = Block(file, "te_performance_pct_linear.tif", "performance-map",
                  [("profile", "te"), ("years", ndvi.bands.__len__())], "series; unit", "ratio_x10000; performance")
    block.row([[v for band in ndvi.bands for v in band], list(golden.bands[2])],
              [list(golden.bands[1]), list(golden.bands[0])])


def faowocat(file, folder):
    ndvi = Raster(folder + "ndvi_annual.tif")
    for mode, mtid in (("mtid", 1), ("mk", 0)):
        for percentile in ("linear", "lower"):
            golden = Raster(f"{folder}te_faowocat_{mode}_pct_{percentile}.tif")
            block = Block(file, f"te_faowocat_{mode}_pct_{percentile}.tif", "faowocat",
                          [("profile", "te"), ("percentile", percentile), ("mtid", mtid), ("first_year", 2001)],
                          "values; greatest", "lpd")
            for i in range(1, ndvi.size):  # the first pixel reads 4 only because of a stand-in of the golden's driver
                block.row([ndvi.series(i), max(ndvi.series(i))], [golden.bands[0][i]])


def combinations(file, folder):
    trend, state = Raster(folder + "te_trajectory_ndvi_trend.tif"), Raster(folder + "te_state_pct_linear.tif")
    performance = Raster(folder + "te_performance_pct_linear.tif")
    lpd5, lpd3 = Raster(folder + "te_lpd5_ee.tif"), Raster(folder + "te_lpd3_ee.tif")
    block = Block(file, "te_lpd5_ee.tif, te_lpd3_ee.tif", "productivity", [("profile", "te")], "level; change; performance",
                  "lpd5; lpd3")
    for i in range(trend.size):
        block.row([trend.bands[1][i], state.bands[0][i], performance.bands[0][i]], [lpd5.bands[0][i], lpd3.bands[0][i]])


def sepal(file, folder):
    ndvi, golden = Raster(folder + "trends_earth/ndvi_annual.tif"), Raster(folder + "sepal/sepal_trend_state.tif")
    five = {0: NODATA, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5}
    three = {0: NODATA, 1: -1, 2: 0, 3: 1}
    block = Block(file, "sepal_trend_state.tif", "trend", [("profile", "gpg2"), ("first_year", 2001)], "values", "z; five; trend",
                  ["z 1e-6 absolute"])
    for i in range(ndvi.size):
        z, class5, class3 = (golden.bands[b][i] for b in range(3))
        # One valid year is "stable" there and no data here.
        if class3 and sum(v != NODATA for v in ndvi.series(i)) > 1:
            block.row([ndvi.series(i)], [z, five[class5], three[class3]])
    block = Block(file, "sepal_trend_state.tif", "state", [("profile", "gpg2"), ("flat_is_nodata", 1)], "values", "change; state")
    change5 = {0: NODATA, 1: -2, 2: -1, 3: 0, 4: 1, 5: 2}
    for i in range(ndvi.size):
        block.row([ndvi.series(i)], [change5[golden.bands[3][i]], three[golden.bands[4][i]]])


def slope_is_zero(values):
    """Exactly: the values as fractions against the years, centred."""
    known = [(k, Fraction(v)) for k, v in enumerate(values) if not math.isnan(v)]
    mean = Fraction(sum(k for k, _ in known), max(len(known), 1))
    return sum((k - mean) * v for k, v in known) == 0


def jrc(file, folder):
    for source, name in (("lpdynr/input_series.tif", "lpdynr_outputs"),
                         ("trends_earth/ndvi_annual.tif", "lpdynr_outputs_missing_years")):
        series, golden = Raster(folder + source), Raster(f"{folder}lpdynr/{name}.tif")
        values = [[math.nan if v in (NODATA,) or v < -1e38 else v for v in band] for band in series.bands]
        # Where the last years' mean is at or below 0 the peer's state change is a difference with a raw value, and where a slope is
        # exactly 0 its steadiness is the sign of a rounding error: those pixels are not compared.
        skip = [sum(band[i] for band in values[-3:]) <= 0 or slope_is_zero([band[i] for band in values]) for i in range(series.size)]
        bands = [["*" if skip[i] else v for i, v in enumerate(band)] for band in golden.bands]
        block = Block(file, f"{name}.tif", "jrc-map", [("years", len(values))], "series; eft",
                      "steadiness; level; change; scaling; long_term; lpd5; lpd5_change_only", ["scaling 1e-4 relative"])
        outputs = [bands[b] for b in (0, 1, 2, 5, 3, 6, 7)]
        block.row([[v for band in values for v in band], list(golden.bands[4])], outputs)


def main():
    data = os.environ.get("AFTERMINE_TESTDATA") or os.path.join(os.environ.get("AFTERMINE_SOURCE", "."), "..", "shared", "data")
    folder = os.path.join(data, "ldn-golden", "")
    if not os.path.isdir(folder):
        print("1..0 # SKIP no golden rasters: AFTERMINE_TESTDATA does not lead to ldn-golden")
        return 0
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "rasters.ldnt")
        with open(path, "w", encoding="utf-8") as file:
            te = folder + "trends_earth/"
            for part in (trends, states, performances, faowocat, combinations):
                part(file, te)
            sepal(file, folder)
            jrc(file, folder)
        return subprocess.run([sys.argv[1], path], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
