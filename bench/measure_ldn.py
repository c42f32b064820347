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


def once(*commands):
    """Side by side: seconds until the last has ended, processor time of all, most memory of one."""
    for name in os.listdir(folder):
        if name.startswith(("out", "copy")):
            os.remove(f"{folder}/{name}")
    begin = time.perf_counter()
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    ended = [os.wait4(process.pid, 0) for process in processes]
    seconds = time.perf_counter() - begin
    for command, (_, status, _) in zip(commands, ended):
        if status:
            sys.exit(f"{' '.join(command)}: status {status}")
    return seconds, sum(usage.ru_utime + usage.ru_stime for _, _, usage in ended), max(usage.ru_maxrss for _, _, usage in ended) / 1024


def contest(*runners):
    """Best seconds of each runner's commands, side by side, by the clock and of the processor, in turns; the first turn warms the page cache. And the
    most memory of the first."""
    best = [[1e9, 1e9] for _ in runners]
    memory = 0
    for turn in range(repeats + 1):
        for which, commands in enumerate(runners):
            *seconds, peak = once(*commands)
            if turn:
                best[which] = [min(a, b) for a, b in zip(best[which], seconds)]
            if which == 0:
                memory = max(memory, peak)
    return *best, memory


def indicator(maps, out):
    return [ldn, "indicator", "-q", "--legend", "unccd", "-o", out, "-t", out + ".tables.json"] + [
        word for name, band in (("lpd5", 1), ("cover-from", 2), ("cover-to", 3), ("stock-from", 4), ("stock-to", 5), ("period-lpd5", 6),
                                ("period-landcover", 7), ("period-carbon", 8), ("population", 9), ("population", 10), ("zones", 11))
        for word in (f"--{name}", f"{maps}:{band}")]


def job(kind, source, name="out.tif"):
    """The command over a stack, into a file of this name."""
    return [ldn, "productivity", "-q", source, "-o", f"{folder}/{name}"] if kind == "series" else indicator(source, f"{folder}/{name}")


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
            mine, theirs, memory = contest([job(kind, source)], [[*floor, source, f"{folder}/copy.tif"]])
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
        runs = [once(job("series", source)) for _ in range(3 if edge <= 4000 else 1)]
        clock, processor, peak = min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)
        first = first or processor / cells
        row(f"ldn productivity, {cells:.0f} million cells", f"{clock:.2f} s; processor {processor:.2f} s, {1000 * processor / cells:.0f} ns a cell",
            "<= 1.2 x those of 1 million", processor / cells <= 1.2 * first)
        row("  most memory", f"{peak:.0f} MB", "< 512 MB", peak < 512)
        os.remove(source)


def scaling():
    """Two threads against one, and two ranks of one thread each against one rank. The floor is what the two cores give in the same minutes: two runs of one
    thread side by side, each all of the work, gain 2 where both cores are free and share nothing. Starting and leaving MPI takes a while whatever is run: it is
    timed with nothing to do, less what the tool takes for that without MPI."""
    mpirun = ["mpirun", "--allow-run-as-root"]
    with_ranks = shutil.which("mpirun") and "MPI" in subprocess.run([ldn, "--version"], capture_output=True, text=True).stdout
    nothing = [ldn, "--version"]
    start = max(0, min(once([*mpirun, "-np", "1", *nothing])[0] for _ in range(5)) - min(once(nothing)[0] for _ in range(5))) if with_ranks else 0
    for edge in sides:
        for kind, bands, name in (("series", 20, "productivity"), ("maps", 11, "indicator")):
            source = stack(kind, edge, bands, "band none")
            alone, beside = ([*job(kind, source, file), "-j", "1"] for file in ("out.tif", "out-2.tif"))
            ranks = [[[*mpirun, "-np", count, *alone]] for count in "12"] if with_ranks else []
            one, both, two, *by_ranks, _ = contest([alone], [alone, beside], [[*job(kind, source), "-j", "2"]], *ranks)
            given = 2 * one[0] / both[0]
            what = f"ldn {name}, {edge * edge / 1e6:.0f} million cells, two"
            row(f"{what} runs of one thread side by side", f"{given:.2f} x one: what two cores give")
            for how, first, second, less in [("threads", one, two, 0)] + [(f"ranks, less MPI itself ({start:.2f} s)", *by_ranks, start)] * bool(ranks):
                gain = (first[0] - less) / (second[0] - less)
                row(f"{what} {how}", f"{gain:.2f} x one ({first[0]:.2f} s, {second[0]:.2f} s); processor time {second[1] / first[1]:.2f} x",
                    ">= 1.8 x where two cores give 2", gain >= 0.9 * min(given, 2))
            os.remove(source)


with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
    for part in os.environ.get("ONLY", "copies growth scaling").split():
        {"copies": copies, "growth": growth, "scaling": scaling if threads >= 2 else lambda: None}[part]()
