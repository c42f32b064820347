"""Holds the house in order: who may include whom, which calls are banned, what a source file must keep. Speaks TAP.

usage: house.py SOURCE-ROOT
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])

# A room may use itself and these rooms; data flows down and never turns back (docs/architecture.md draws it).
ROOMS = {
    "base": set(),
    "record": {"base"},
    "store": {"record", "base"},
    "rules": {"record", "base"},
    "log": {"record", "base"},
    "pack": {"log", "store", "record", "base"},
    "publish": {"record", "base", "rules"},
    "web": {"pack", "publish", "rules", "log", "store", "record", "base"},
    "cli": {"web", "pack", "publish", "rules", "log", "store", "record", "base"},
}

# Only these places know these libraries.
LIBRARIES = {
    r"sqlite3": {"src/store"},
    r"microhttpd": {"src/web"},
    r"gdal|ogr_|cpl_|mpi\.h": {"ldn"},
    r"cairo|pango": {"src/publish"},
    r"unicode/": {"src/base"},
}

BANNED = re.compile(
    r"(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|system|popen|alloca|strncpy|strncat|scanf)\s*\(")
PRODUCT_IN_ALLOCATION = re.compile(r"(?<!\w)(malloc|realloc|g_malloc0?|g_realloc|g_try_malloc0?)\s*\(([^;]*\*[^;]*)\)\s*;")
C_STANDARD = {
    "assert.h", "complex.h", "ctype.h", "errno.h", "fenv.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdbool.h",
    "stddef.h", "stdint.h", "stdalign.h", "string.h", "stdlib.h", "stdatomic.h", "tgmath.h",
    "immintrin.h",  # the compiler's own, for vector instructions
}

checks = []


def check(promise):
    def register(function):
        checks.append((promise, function))
        return function
    return register


def sources(*folders, endings=(".c", ".h")):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings and "node_modules" not in path.parts:
                yield path, path.relative_to(ROOT).as_posix()


def code(path):
    """The text without comments and string literals, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0)) if match.group(0).startswith(("/*", "//")) else '""'
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, blank, path.read_text(encoding="utf-8"), flags=re.S)


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


@check("a room of the platform includes only itself and the rooms below it")
def rooms():
    for path, name in sources("src"):
        room = name.split("/")[1]
        for number, mark, target in includes(path):
            other = target.split("/")[0]
            if mark == '"' and other in ROOMS and other != room and other not in ROOMS.get(room, set()):
                yield f"{name}:{number}: {room} must not know {target}"
            if target.startswith(("ldn/", "gdal")):
                yield f"{name}:{number}: the platform runs ldn as a child and never links it ({target})"


@check("only the store knows the database, only web knows HTTP, only ldn knows GDAL and MPI, only publish draws")
def libraries():
    for path, name in sources("src", "ldn", "libldn"):
        for number, _, target in includes(path):
            for pattern, places in LIBRARIES.items():
                if re.match(pattern, target, re.I) and not any(name.startswith(place + "/") for place in places):
                    yield f"{name}:{number}: {target} belongs to {', '.join(sorted(places))}"


@check("libldn knows nobody: its own headers and the C library without files, clock or threads")
def libldn_alone():
    for path, name in sources("libldn/src", "libldn/include"):
        for number, mark, target in includes(path):
            own = target.startswith("ldn/") or (mark == '"' and (path.parent / target).exists())
            if not own and target not in C_STANDARD:
                yield f"{name}:{number}: {target}"
        for number, line in enumerate(code(path).splitlines(), 1):
            if re.search(r"(?<!\w)(malloc|calloc|realloc|free|printf|fprintf|fopen|exit|abort|time)\s*\(", line):
                yield f"{name}:{number}: {line.strip()}"


@check("no banned call: each has a bounded or checked replacement")
def banned():
    for path, name in sources("src", "ldn", "libldn", "bench", "tests"):
        for number, line in enumerate(code(path).splitlines(), 1):
            if BANNED.search(line):
                yield f"{name}:{number}: {line.strip()}"


@check("no unchecked product in an allocation: g_new, calloc or reallocarray check it")
def products():
    for path, name in sources("src", "ldn", "bench"):
        for number, line in enumerate(code(path).splitlines(), 1):
            match = PRODUCT_IN_ALLOCATION.search(line)
            if match and not re.fullmatch(r"\s*[0-9]+\s*\*\s*sizeof.*", match.group(2)):
                yield f"{name}:{number}: {line.strip()}"


@check("only the store writes SQL, and no page writes HTML in C")
def languages():
    sql = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s', re.I)
    html = re.compile(r'"[^"\n]*<(a|p|div|span|table|tr|td|ul|li|h[1-6]|section|script|style)[ >][^"\n]*"')
    for path, name in sources("src", endings=(".c",)):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if sql.search(line) and not name.startswith("src/store/"):
                yield f"{name}:{number}: SQL: {line.strip()}"
            if html.search(line) and name.startswith(("src/web/", "src/cli/", "src/rules/", "src/record/")):
                yield f"{name}:{number}: HTML: {line.strip()}"


@check("no source file is longer than 700 lines")
def lengths():
    for path, name in sources("src", "ldn", "libldn"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 700:
            yield f"{name}: {lines} lines; it is two subjects"


@check("no test calls the skip of cmocka, which TAP counts as a failure; a program without its data skips whole, and says why")
def skips():
    for path, name in sources("tests", endings=(".c",)):
        for number, line in enumerate(code(path).splitlines(), 1):
            if re.search(r"(?<!\w)skip\s*\(\s*\)", line):
                yield f"{name}:{number}"


@check("a static file that a template names is there, ours or of a package")
def static_files():
    here = {path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static").rglob("*") if path.is_file()}
    here |= {line.split()[0] for line in (ROOT / "static" / "packages.txt").read_text().splitlines() if line.strip() and not line.startswith("#")}
    for path, name in sources("templates", endings=(".mustache",)):
        for file in re.findall(r"/static/([\w.@/-]+)", path.read_text(encoding="utf-8")):
            if file not in here:
                yield f"{name}: {file}"


@check("a class that a style sheet draws is written by a template, a script or a package")
def classes():
    words = lambda text: set(re.findall(r"[\w-]+", text))
    written, begun = set(), set()
    for path, _ in sources("templates", endings=(".mustache",)):
        for value in re.findall(r'\bclass="([^"]*)"', path.read_text(encoding="utf-8")):
            begun |= set(re.findall(r"([\w-]+-)\{\{", value))  # checklist-{{state}}: a word of the program follows
            written |= words(re.sub(r"\{\{[^}]*\}\}", " ", value))
    for path, _ in sources("static", endings=(".js",)):
        written |= words(path.read_text(encoding="utf-8"))
    said = {word for path, _ in sources("src") for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', path.read_text(encoding="utf-8")) for word in words(text)}
    for path, name in sources("static", endings=(".css",)):
        text = re.sub(r'/\*.*?\*/|"[^"]*"|url\([^)]*\)', "", path.read_text(encoding="utf-8"), flags=re.S)
        for drawn in sorted(set(re.findall(r"\.([A-Za-z_][\w-]*)", " ".join(re.findall(r"[^{};]*(?=\{)", text))))):
            if drawn not in written and not drawn.startswith("maplibregl-") and not any(drawn.startswith(first) and drawn[len(first):] in said for first in begun):
                yield f"{name}: {drawn}"


@check("what a header of the platform or of the tool offers is called from another file, or by a macro of its own")
def offered():
    texts = {name: code(path) for path, name in sources("src", "ldn", "bench", "tests")}
    words = {name: set(re.findall(r"\w+", text)) for name, text in texts.items()}
    defined = {function: name for name, text in texts.items() for function in re.findall(r"^[^\s#][^\n;]*?\b(\w+)\([^;{]*\)\n\{", text, re.M)}
    for name, text in texts.items():
        for function in re.findall(r"^(?!typedef|static)[a-z][^\n;{}()=]*?\b(\w+)\([^;{}]*\)(?: [A-Z_]+(?:\([^)]*\))?)?;", text, re.M) if name.startswith(("src/", "ldn/")) and name.endswith(".h") else []:
            if len(re.findall(rf"\b{function}\b", text)) == 1 and not any(function in used for file, used in words.items() if file not in (name, defined.get(function))):
                yield f"{name}: {function}"


@check("no file is named utils, helpers, manager, misc or common")
def names():
    for path, name in sources("src", "ldn", "libldn", "static", "tests", endings=(".c", ".h", ".js", ".mjs", ".css")):
        if re.search(r"(^|[_/-])(utils?|helpers?|manager|misc|common)([_.-]|$)", name):
            yield name


print(f"1..{len(checks)}")
for index, (promise, function) in enumerate(checks, 1):
    faults = list(function())
    print(f"{'not ' if faults else ''}ok {index} - {promise}")
    for fault in faults:
        print(f"# {fault}")
