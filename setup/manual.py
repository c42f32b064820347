#!/usr/bin/env python3
"""Fills the manual page: what stands for @COMMANDS@ is written by the program itself.

usage: manual.py PROGRAM TEMPLATE OUT
"""
import os
import pathlib
import subprocess
import sys

program, template, out = sys.argv[1:4]
commands = subprocess.run([program, '--manual'], check=True, capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': ''}).stdout
pathlib.Path(out).write_text(pathlib.Path(template).read_text().replace('@COMMANDS@\n', commands))
