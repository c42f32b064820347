"""What tests that follow a recipe of CONTRIBUTING.md for a command share: the program with the command, made as the recipe says."""
import json
import pathlib
import re
import shlex
import shutil
import subprocess

from promises import Program


def blocks(source, heading):
    """The pieces of code of a recipe, in order."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", (source / "CONTRIBUTING.md").read_text(), re.M | re.S)
    assert section, f"CONTRIBUTING.md has no section {heading}"
    return re.findall(r"```c\n(.*?)```", section[1], re.S)


def with_command(source, build, room, program, name, code, line):
    """A program that has one command more: its file, and main.c made anew for its line in commands.def."""
    made = Program(build / program)
    folder, includes = made.folder, made.folder / pathlib.Path(*room.parts[1:])  # src/cli is included as cli/, ldn by its bare names
    includes.mkdir(exist_ok=True)
    for file in "main.c", "command.h", "commands.def":
        shutil.copy(source / room / file, includes)
    (includes / "commands.def").write_text((includes / "commands.def").read_text() + line)
    (includes / f"{name}.c").write_text(code)
    like = (source / room / "main.c").resolve()
    row = next(c for c in json.loads((build / "compile_commands.json").read_text()) if pathlib.Path(c["directory"], c["file"]).resolve() == like)
    words = shlex.split(row["command"])
    words = words[words[0].endswith("ccache"):]
    kept = [word for before, word in zip([""] + words, words) if word not in ("-o", "-MF", "-MQ", "-MD", "-c") and before not in ("-o", "-MF", "-MQ", "-c")]
    objects = [folder / f"{file}.o" for file in ("main", name)]
    for made_here in objects:  # headers beside it go before the house's
        subprocess.run([kept[0], f"-I{folder}", *kept[1:], "-c", includes / f"{made_here.stem}.c", "-o", made_here], cwd=row["directory"], check=True)
    last = subprocess.run(["ninja", "-C", build, "-t", "commands", program], check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    words = shlex.split(last)
    made.path = str(folder / pathlib.Path(program).name)
    words[words.index("-o") + 1] = made.path
    at = next(i for i, word in enumerate(words) if word.endswith("main.c.o"))
    subprocess.run([*words[:at], *objects, *words[at + 1:]], cwd=build, check=True)
    return made
