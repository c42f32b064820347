"""Follows the recipe "Add a command" of CONTRIBUTING.md literally, and looks whether the command stands in the list, explains itself and answers. Speaks TAP.

usage: recipe.py SOURCE-ROOT BUILD-ROOT
"""
import json
import pathlib
import sys

from promises import keep_promises, promise
from recipes import blocks, with_command

source, build = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
program = with_command(source, build, pathlib.Path("src/cli"), "src/cli/aftermine", "cmd_count", *blocks(source, "Add a command"))


@promise
def the_command_stands_in_the_list_and_explains_itself():
    assert "count how many records are published" in program.do("--help").stdout
    told = program.do("count", "--help").stdout
    assert "--json" in told and "aftermine count instance" in told


@promise
def it_answers_people_and_programs():
    program.do("init", "here")
    body = {"name": "Acme", "kind": "research", "sources": [{"n": 1, "title": "Acme", "kind": "company"}]}
    (program.folder / "records.json").write_text(json.dumps([{"kind": "organisation", "id": "acme", "body": body}]))
    program.do("import", "here", "records.json", "--publish")
    assert program.do("count", "here").stdout == "1 record is published.\n"
    assert json.loads(program.do("count", "here", "--json").stdout) == {"ok": True, "records": 1}


@promise
def it_refuses_what_it_cannot_do():
    assert "count --help" in program.do("count", status=2).stderr
    assert "aftermine init nowhere" in program.do("count", "nowhere", status=3).stderr


keep_promises()
