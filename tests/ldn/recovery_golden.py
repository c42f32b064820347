#!/usr/bin/env python3
"""ldn recovery against other people's numbers: the rasters, summaries and targets of Spectral-Recovery, the raster of LandTrendr.

usage: recovery_golden.py (LDN in the environment). The data are not in this repository: they are looked for in $AFTERMINE_TESTDATA, and the tests count as
skipped without them. Tolerances are those of the data's own README: the rasters are float results, ours are computed in double.
"""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from array import array

DATA = os.environ.get("AFTERMINE_TESTDATA") or os.path.join(os.environ.get("AFTERMINE_SOURCE", "."), "..", "shared", "data")
LDN = os.environ.get("LDN", "ldn")
NODATA = -32768.0


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def say(self, good, name, wrong=()):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        for line in [] if good else list(wrong)[:10]:
            print("# " + line)

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def done(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


class Raster:
    """Bands by name, as lists of doubles with None for no data."""

    def __init__(self, path, folder):
        out = os.path.join(folder, "raw")
        subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-co", "INTERLEAVE=BSQ", "-ot", "Float64", path, out], check=True, stderr=subprocess.DEVNULL)
        info = json.loads(subprocess.run(["gdalinfo", "-json", path], check=True, capture_output=True, text=True).stdout)
        values = array("d")
        with open(out, "rb") as file:
            values.frombytes(file.read())
        self.width, self.height = info["size"]
        self.left, self.top = info["geoTransform"][0], info["geoTransform"][3]
        self.cell = info["geoTransform"][1]
        n = self.width * self.height
        self.bands = {}
        for k, band in enumerate(info["bands"]):
            cells = values[k * n:(k + 1) * n]
            self.bands[band.get("description", str(k))] = [None if v == NODATA or math.isnan(v) else v for v in cells]

    def at(self, name, x, y):
        return self.bands[name][y * self.width + x]


def run(*arguments):
    done = subprocess.run([LDN, "recovery", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ldn recovery {' '.join(arguments)}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def near(a, b, relative, absolute):
    if a is None or b is None:
        return a is None and b is None
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= max(absolute, relative * abs(b))


# Relative and absolute, from the README of the golden rasters.
TOLERANCES = {"dNBR": (0, 3e-7), "YrYr": (0, 3e-7), "R80P": (1e-5, 0), "RRI": (2e-3, 0), "Y2R": (0, 0), "target": (1e-5, 0)}
OURS = {"dNBR": "dIR"}
SCENARIOS = {
    "a": ["--disturbed", "2005", "--restored", "2006", "-k", "5", "--percent", "80", "--reference-years", "2002-2003"],
    "b": ["--disturbed", "2003", "--restored", "2004", "-k", "3", "--percent", "100", "--reference-years", "2002"],
    "c": ["--disturbed", "2002", "--restored", "2007", "-k", "4", "--percent", "60", "--reference-years", "2002-2005"],
}
TARGETS = {
    "historic-median-pixel": ["--target", "historic"],
    "historic-median-polygon": ["--target", "historic-polygon"],
    "historic-window3": ["--target", "window"],
    "historic-window5-narm": ["--target", "window", "--window", "5", "--skip-missing"],
}


def compare_raster(golden, ours, target, names):
    """Every band of the golden raster that has this target (or none), cell by cell. Infinity stands for a cell that the peer left NaN outside."""
    wrong, cells = [], 0
    x0, y0 = round((golden.left - ours.left) / ours.cell), round((ours.top - golden.top) / ours.cell)
    for band in names:
        metric, index, kind = (band.split("|") + [""])[:3]
        if metric == "target":
            index, kind = band.split("|")[1:3]
        tolerance = TOLERANCES[metric]
        name = f"{index}.{OURS.get(metric, metric)}"
        for y in range(golden.height):
            for x in range(golden.width):
                want = golden.at(band, x, y)
                have = ours.at(name, x0 + x, y0 + y)
                cells += want is not None
                if not near(have, want, *tolerance):
                    wrong.append(f"{band} at column {x}, row {y}: expected {want}, found {have}")
    return wrong, cells


def rasters(tap, stack, golden_folder, polygon, folder):
    for scenario, years in SCENARIOS.items():
        golden = Raster(os.path.join(golden_folder, f"single-{scenario}-poly0.tif"), folder)
        for target, how in TARGETS.items():
            names = [n for n in golden.bands if n.endswith("|" + target) or (n.endswith("|-") and target == "historic-median-pixel")]
            if not names:
                continue
            out = os.path.join(folder, "o.tif")
            run(*stack, "-i", "NDVI,NBR", "--polygons", polygon, "--peer", *years, *how, "-q", "-o", out, "--layers",
                ",".join(f"{i}.{n}" for i in ("NDVI", "NBR") for n in ("dIR", "YrYr", "R80P", "RRI", "Y2R", "target")))
            wrong, cells = compare_raster(golden, Raster(out, folder), target, names)
            tap.say(not wrong and cells > 0, f"scenario {scenario}, {target}: {len(names)} bands, {cells} values are the peer's", wrong)


def summaries(tap, stack, golden_folder, polygon, folder):
    with open(os.path.join(golden_folder, "polygon-summaries.csv"), encoding="utf-8") as file:
        golden = list(csv.DictReader(file))
    with open(os.path.join(golden_folder, "polygon-targets.csv"), encoding="utf-8") as file:
        numbers = list(csv.DictReader(file))
    wrong, rows, target_rows = [], 0, 0
    for scenario, years in SCENARIOS.items():
        for target, how in TARGETS.items():
            expected = [r for r in golden if r["scenario"] == "single-" + scenario and r["target"] in (target, "-")]
            if not any(r["target"] == target for r in expected):
                continue
            out = os.path.join(folder, "t.json")
            run(*stack, "-i", "NDVI,NBR", "--polygons", polygon, "--peer", *years, *how, "-q", "-t", out)
            with open(out, encoding="utf-8") as file:
                tables = {t["name"]: t for t in json.load(file)}
            columns = [c["name"] for c in tables["summary"]["columns"]]
            found = {(r[1], r[2]): dict(zip(columns, r)) for r in tables["summary"]["rows"]}
            for want in expected:
                have = found[(want["index"], OURS.get(want["metric"], want["metric"]))]
                rows += 1
                for key in ("n_pixels", "n_nan", "n_inf", "n_never", "n_used"):
                    number = int(want[key] or 0)
                    if have[key] != number:
                        wrong.append(f"{want['scenario']} {want['index']} {want['metric']} {key}: expected {want[key]}, found {have[key]}")
                for key in ("mean", "median", "min", "max", "std_pop"):
                    relative = 1e-5 if key == "median" or want["metric"] != "RRI" else 2e-3
                    if not near(have[key], float(want[key]), relative, 3e-7):
                        wrong.append(f"{want['scenario']} {want['target']} {want['index']} {want['metric']} {key}: expected {want[key]}, found {have[key]}")
            for want in numbers:
                if want["scenario"] == "single-" + scenario and want["target"] == target:
                    have = next(r[3] for r in tables["targets"]["rows"] if r[1] == want["index"])
                    target_rows += 1
                    if not near(have, float(want["value"]), 1e-6, 0):
                        wrong.append(f"target {want['scenario']} {want['index']}: expected {want['value']}, found {have}")
    tap.say(not wrong and rows >= len(golden), f"{rows} summaries and {target_rows} targets of the polygon are the peer's", wrong)


# Codes of the golden raster for how a fit came about, as ours: main, second try, flat, no vertex.
PATHS = {1: 5, 2: 4, 3: 3, 4: 2}


def landtrendr_pixel(golden, ours, x, y):
    """What differs in one pixel. Values of the golden raster are NBR x 1000, 0 where there is none."""
    path = PATHS[golden.at("path (1 main, 2 lsq, 3 flat, 4 no-vertex, 0 not run)", x, y)]
    if ours.at("path", x, y) != path:
        yield "path", path, ours.at("path", x, y)
    for k in range(1, 8):
        year, value = golden.at(f"vertex_year_{k}", x, y) or None, golden.at(f"vertex_value_{k}", x, y)
        if path != 2 and ours.at(f"vertex_year_{k}", x, y) != year:
            yield f"vertex_year_{k}", year, ours.at(f"vertex_year_{k}", x, y)
        elif path != 2 and year and abs(ours.at(f"vertex_value_{k}", x, y) * 1000 - value) > 1.01:
            yield f"vertex_value_{k}", value, ours.at(f"vertex_value_{k}", x, y) * 1000
    for theirs, name, scale, slack in (("dist_yod", "loss_year", 1, 0), ("dist_mag", "loss", 1000, 2.01), ("dist_dur", "loss_duration", 1, 0)):
        want, have = golden.at(theirs, x, y), (ours.at(name, x, y) or 0) * scale
        if abs(want - have) > slack:
            yield name, want, have
    if abs(golden.at("p_x10000", x, y) - ours.at("p", x, y) * 10000) > 1:
        yield "p x 10000", golden.at("p_x10000", x, y), ours.at("p", x, y) * 10000
    if golden.at("n_segments", x, y) != ours.at("segments", x, y):
        yield "segments", golden.at("n_segments", x, y), ours.at("segments", x, y)


def landtrendr(tap, stack, folder):
    golden, out = Raster(os.path.join(DATA, "landtrendr-golden", "bap-nbr-rows0-57.tif"), folder), os.path.join(folder, "o.tif")
    run(*stack, "--landtrendr", "original", "--min-years", "7", "-q", "-o", out, "--layers", "all")
    ours = Raster(out, folder)
    wrong, pixels = [], 0
    for y in range(golden.height):
        for x in range(golden.width):
            if golden.at("path (1 main, 2 lsq, 3 flat, 4 no-vertex, 0 not run)", x, y):
                pixels += 1
                differences = [f"{name} expected {want}, found {have}" for name, want, have in landtrendr_pixel(golden, ours, x, y)]
                if differences:
                    wrong.append(f"column {x}, row {y}: " + "; ".join(differences))
            elif ours.at("path", x, y) not in (0, 1):
                wrong.append(f"column {x}, row {y}: fitted, but has too few years")
    tap.say(not wrong and pixels > 0, f"LandTrendr's own arithmetic: vertices, loss and p of {pixels} pixels are the authors' ({len(wrong)} differ)", wrong)


def main():
    tap = Tap()
    images, golden = os.path.join(DATA, "landsat-bap-bc"), os.path.join(DATA, "recovery-golden")
    if not os.path.isdir(images) or not os.path.isdir(golden):
        tap.skip("golden rasters are reproduced", f"no {golden} (set AFTERMINE_TESTDATA)")
        return tap.done()
    stack = [os.path.join(images, f"{year}.tif") for year in range(2002, 2012)]
    with tempfile.TemporaryDirectory() as folder:
        polygon = os.path.join(images, "test_single_polygon.gpkg")
        rasters(tap, stack, golden, polygon, folder)
        summaries(tap, stack, golden, polygon, folder)
        landtrendr(tap, stack, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
