"""Rows for bench/run.sh: what, figure, goal, kept or missed. Ratios to a floor measured in the same run, the best of several turns taken by both sides in
alternation, so that what else the machine does falls on both."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

build = sys.argv[1]
ldn, make_stack = f"{build}/ldn/ldn", f"{build}/ldn/make_stack"
side, repeats, large = (int(os.environ.get(k, d)) for k, d in (("SIDE", 2000), ("REPEATS", 5), ("LARGE", 0)))
sides = [int(edge) for edge in os.environ.get("SIDES", "4000 6000").split()]
threads = len(os.sched_getaffinity(0))


def row(what, figure, goal="", kept=None):
    print(what, figure, goal, "" if kept is None else "kept" if kept else "missed", sep="\t", flush=True)


def once(command):
    for name in (out, copy):
        if os.path.exists(name):
            os.remove(name)
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        sys.exit(f"{' '.join(command)}: status {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def contest(ours, theirs):
    """Best seconds of each by the clock and of the processor, in turns; the first turn warms the page cache. And our most memory."""
    best = [[1e9, 1e9], [1e9, 1e9]]
    memory = 0
    for turn in range(repeats + 1):
        for which, command in enumerate((ours, theirs)):
            *seconds, peak = once(command)
            if turn:
                best[which] = [min(a, b) for a, b in zip(best[which], seconds)]
            if which == 0:
                memory = max(memory, peak)
    return best[0], best[1], memory


def indicator(maps, out):
    return [ldn, "indicator", "-q", "--legend", "unccd", "-o", out, "-t", out + ".tables.json"] + [
        word for name, band in (("lpd5", 1), ("cover-from", 2), ("cover-to", 3), ("stock-from", 4), ("stock-to", 5), ("period-lpd5", 6),
                                ("period-landcover", 7), ("period-carbon", 8), ("population", 9), ("population", 10), ("zones", 11))
        for word in (f"--{name}", f"{maps}:{band}")]


def stack(kind, edge, bands, storage):
    name = f"{folder}/{kind}.tif"
    subprocess.run([make_stack, kind, name, str(edge), str(edge), str(bands), *storage.split()], check=True)
    os.sync()  # else it is written to the disk while the clock runs
    return name


def copies():
    copy_plain = ["gdal_translate", "-q"]
    copy_cog = ["gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", f"NUM_THREADS={threads}", "--config", "GDAL_NUM_THREADS", str(threads)]
    for kind, bands, name in (("series", 20, "productivity"), ("maps", 11, "indicator")):
        for storage, how, floor in (("pixel none", "tiled, bands side by side", copy_plain), ("band none", "tiled, bands apart", copy_plain),
                                    ("pixel cog", "DEFLATE COG", copy_cog)):
            source = stack(kind, side, bands, storage)
            ours = [ldn, "productivity", "-q", source, "-o", out] if kind == "series" else indicator(source, out)
            mine, theirs, memory = contest(ours, floor + [source, copy])
            row(f"ldn {name}, {side} x {side} x {bands} int16, {how}", f"{mine[0]:.2f} s, {mine[0] / theirs[0]:.2f} x its copy ({theirs[0]:.2f} s)",
                "<= 1.5 x", mine[0] <= 1.5 * theirs[0])
            row("  processor time", f"{mine[1]:.2f} s, {mine[1] / theirs[1]:.2f} x its copy's ({theirs[1]:.2f} s)")
            row("  most memory", f"{memory:.0f} MB", "< 512 MB", memory < 512)
            os.remove(source)


def growth():
    """Processor time tells growth also where others use the machine."""
    first = None
    for edge in (1000, 2000, 4000, *[large] * (large > 4000)):
        cells = edge * edge / 1e6
        source = stack("series", edge, 20, "band none")
        runs = [once([ldn, "productivity", "-q", source, "-o", out]) for _ in range(3 if edge <= 4000 else 1)]
        clock, processor, peak = min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)
        first = first or processor / cells
        row(f"ldn productivity, {cells:.0f} million cells", f"{clock:.2f} s; processor {processor:.2f} s, {1000 * processor / cells:.0f} ns a cell",
            "<= 1.2 x those of 1 million", processor / cells <= 1.2 * first)
        row("  most memory", f"{peak:.0f} MB", "< 512 MB", peak < 512)
        os.remove(source)


def scaling():
    """Two threads against one, and two ranks of one thread each against one rank. Starting and leaving MPI takes a while whatever is run: it is timed with
    nothing to do, less what the tool takes for that without MPI."""
    mpirun = ["mpirun", "--allow-run-as-root"]
    with_ranks = shutil.which("mpirun") and "MPI" in subprocess.run([ldn, "--version"], capture_output=True, text=True).stdout
    nothing = [ldn, "--version"]
    start = max(0, min(once([*mpirun, "-np", "1", *nothing])[0] for _ in range(5)) - min(once(nothing)[0] for _ in range(5))) if with_ranks else 0
    for edge in sides:
        for kind, bands, name in (("series", 20, "productivity"), ("maps", 11, "indicator")):
            source = stack(kind, edge, bands, "band none")
            run = [ldn, "productivity", "-q", source, "-o", out] if kind == "series" else indicator(source, out)
            pairs = [("threads", [*run, "-j", "1"], [*run, "-j", "2"], 0)]
            if with_ranks:
                pairs.append((f"ranks, less MPI itself ({start:.2f} s)", [*mpirun, "-np", "1", *run, "-j", "1"], [*mpirun, "-np", "2", *run, "-j", "1"], start))
            for what, alone, both, less in pairs:
                one, two, _ = contest(alone, both)
                gain = (one[0] - less) / (two[0] - less)
                row(f"ldn {name}, {edge * edge / 1e6:.0f} million cells, two {what}", f"{gain:.2f} x one ({one[0]:.2f} s, {two[0]:.2f} s)",
                    ">= 1.8 x where two cores are free", gain >= 1.8)
                row("  processor time", f"{two[1] / one[1]:.2f} x that of one")
            os.remove(source)


with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
    out, copy = f"{folder}/out.tif", f"{folder}/copy.tif"
    for part in os.environ.get("ONLY", "copies growth scaling").split():
        {"copies": copies, "growth": growth, "scaling": scaling if threads >= 2 else lambda: None}[part]()
