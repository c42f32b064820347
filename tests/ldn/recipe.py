"""Follows the recipe "Add an indicator" of CONTRIBUTING.md literally, and looks whether the command, its options and its raster follow. Speaks TAP.

usage: recipe.py SOURCE-ROOT BUILD-ROOT
"""
import array
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from promises import Program, keep_promises, promise

source, build = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
section = re.search(r"^## Add an indicator$(.*?)(?=^## |\Z)", (source / "CONTRIBUTING.md").read_text(), re.M | re.S)[1]
command, line = re.findall(r"```c\n(.*?)```", section, re.S)
plain = Program(build / "ldn" / "ldn")
folder = plain.folder


def compiled(name):
    """An object of a file in the folder, compiled as main.c is; headers beside it go before the house's."""
    like = (source / "ldn" / "main.c").resolve()
    row = next(c for c in json.loads((build / "compile_commands.json").read_text()) if pathlib.Path(c["directory"], c["file"]).resolve() == like)
    words = shlex.split(row["command"])
    words = words[words[0].endswith("ccache"):]
    kept = [word for before, word in zip([""] + words, words) if word not in ("-o", "-MF", "-MQ", "-MD", "-c") and before not in ("-o", "-MF", "-MQ", "-c")]
    made = folder / f"{name}.o"
    subprocess.run([kept[0], f"-I{folder}", *kept[1:], "-c", folder / f"{name}.c", "-o", made], cwd=row["directory"], check=True)
    return made


def made():
    """The tool with the command: its file, and main.c made anew for the line."""
    for name in "main.c", "command.h", "commands.def":
        shutil.copy(source / "ldn" / name, folder)
    (folder / "commands.def").write_text((folder / "commands.def").read_text() + line)
    (folder / "drought.c").write_text(command)
    objects = [compiled("main"), compiled("drought")]
    last = subprocess.run(["ninja", "-C", build, "-t", "commands", "ldn/ldn"], check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    words = shlex.split(last)
    words[words.index("-o") + 1] = str(folder / "ldn")
    at = next(i for i, word in enumerate(words) if word.endswith("main.c.o"))
    subprocess.run([*words[:at], *objects, *words[at + 1:]], cwd=build, check=True)
    return Program(folder / "ldn")


tool = made()


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
