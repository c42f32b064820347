"""Follows the recipes "Add a field" and "Add a record kind" of CONTRIBUTING.md literally, and looks whether everything follows. Speaks TAP.

usage: test_recipes.py SOURCE-ROOT BUILD-ROOT
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

source, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
text = (source / "CONTRIBUTING.md").read_text()
commands = {pathlib.Path(row["directory"], row["file"]).resolve(): row for row in json.loads((build / "compile_commands.json").read_text())}
kinds = source / "src" / "record" / "kinds"


def blocks(heading):
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert section, f"CONTRIBUTING.md has no section {heading}"
    return re.findall(r"```c\n(.*?)```", section[1], re.S)


def compiled(folder, original, name, code):
    """Object file of changed code, compiled as the original is."""
    row = commands[original.resolve()]
    words = shlex.split(row["command"])
    file, made = folder / f"{name}.c", folder / f"{name}.o"
    file.write_text(code)
    keep, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ"):
            skip = True
        elif word not in ("-c", "-MD") and pathlib.Path(row["directory"], word).resolve() != original.resolve():
            keep.append(word)
    subprocess.run([*keep, "-c", file, "-o", made], cwd=row["directory"], check=True)
    return made


def linked(folder, program, changed):
    """A test program with some objects of the room replaced."""
    replaced = {name for name, _ in changed}
    room = [path for path in (build / "src" / "record" / "librecord.a.p").rglob("*.o") if path.name not in replaced]
    last = subprocess.run(["ninja", "-C", build, "-t", "commands", f"tests/record/{program}"], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    words = shlex.split(last)
    words[words.index("-o") + 1] = folder / program
    at = next(i for i, word in enumerate(words) if str(word).endswith("librecord.a"))
    subprocess.run([*words[:at], *room, *(made for _, made in changed), *words[at + 1:]], cwd=build, check=True)
    return folder / program


def field(folder):
    (line,) = blocks("Add a field")
    code = (kinds / "case.c").read_text().replace("\tFIELD_SOURCES(", line + "\tFIELD_SOURCES(", 1)
    changed = [("kinds_case.c.o", compiled(folder, kinds / "case.c", "case", code))]
    said = subprocess.run([linked(folder, "describe", changed), "case"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert ",altitude," in said[0], "no CSV column"
    assert any(row.startswith("| `altitude` | Altitude | number | m |") for row in said), "no row in the dictionary"
    schema = json.loads(said[-1])
    assert schema["properties"]["altitude"] == {"type": "number", "minimum": -500, "maximum": 6000, "title": "Altitude",
                                                 "description": "Metres above sea level.", "x-unit": "m"}, schema["properties"]["altitude"]
    body = json.loads((source / "tests" / "record" / "samples.json").read_text())["case"]
    lines = "".join(json.dumps({"kind": "case", "body": {**body, "altitude": metres}}) + "\n" for metres in (1200, 9000))
    low, high = subprocess.run([linked(folder, "judge", changed)], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    assert json.loads(low) == [] and json.loads(high)[0]["pointer"] == "/altitude", (low, high)


def kind(folder):
    whole, line = blocks("Add a record kind")
    code = (kinds / "kinds.c").read_text().replace("\t_(organisation) \\\n", "\t_(organisation) \\\n" + line, 1)
    changed = [("", compiled(folder, kinds / "practice.c", "nursery", whole)), ("kinds_kinds.c.o", compiled(folder, kinds / "kinds.c", "kinds", code))]
    said = subprocess.run([linked(folder, "describe", changed), "nursery"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0].startswith("id,name,country,sources.1.n,"), said[0]
    assert json.loads(said[-1])["required"] == ["name", "sources"], said[-1]


print("1..2")
failed = 0
for number, (sentence, recipe) in enumerate((("the recipe \"Add a field\" gives a field its column, schema, dictionary and validation", field),
                                             ("the recipe \"Add a record kind\" gives a kind everything that follows from its declaration", kind)), 1):
    try:
        with tempfile.TemporaryDirectory() as folder:
            recipe(pathlib.Path(folder))
        print(f"ok {number} - {sentence}")
    except (AssertionError, subprocess.CalledProcessError, ValueError) as error:
        failed += 1
        print(f"not ok {number} - {sentence}\n# {error}")
sys.exit(failed != 0)
