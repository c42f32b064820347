"""Follows the recipe "Add an indicator" of CONTRIBUTING.md literally, and looks whether the command, its options and its raster follow. Speaks TAP.

usage: recipe.py SOURCE-ROOT BUILD-ROOT
"""
import array
import json
import pathlib
import subprocess
import sys

from promises import keep_promises, promise
from recipes import blocks, with_command

source, build = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
tool = with_command(source, build, pathlib.Path("ldn"), "ldn/ldn", "drought", *blocks(source, "Add an indicator"))


def envi(name, values):
    (tool.folder / name).write_bytes(array.array("h", values).tobytes())
    (tool.folder / f"{name}.hdr").write_text(f"ENVI\nsamples = {len(values)}\nlines = 1\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 2\ninterleave = bsq\nbyte order = 0\n"
                                             "map info = {UTM, 1, 1, 500000, 5000000, 30, 30, 10, North, WGS-84}\n")


@promise
def the_command_stands_in_the_list_and_explains_itself():
    assert "drought" in tool.do("--help").stdout
    assert "--years" in tool.do("drought", "--help").stdout and "--threads" in tool.do("drought", "--help").stdout


@promise
def it_gives_a_raster_of_classes_with_its_manifest():
    envi("spi_2016", [100, -500, -1200, -1700, -2500])
    envi("spi_2017", [200, 500, -100, -100, -100])
    tool.do("drought", "spi_2016", "spi_2017", "--years", "2016-2017", "-o", "drought.tif", "--manifest", "drought.json")
    told = subprocess.run(["gdal_translate", "-q", "-of", "XYZ", "drought.tif", "/vsistdout/"], cwd=tool.folder, capture_output=True, text=True, check=True).stdout
    assert [row.split()[2] for row in told.splitlines()] == ["0", "1", "2", "3", "4"], told
    assert json.loads((tool.folder / "drought.json").read_text())["citations"]


keep_promises()
