"""Real permits, bonds and mines as site records: the kind holds what public registers hold, and refuses what they use for "unknown".
Data: AFTERMINE_TESTDATA (coal-permits-appalachia, mine-sites-global); skipped when it is not there. Speaks TAP.

usage: test_sites.py JUDGE
"""
import csv
import json
import os
import pathlib
import subprocess
import sys

judge = sys.argv[1]
data = pathlib.Path(os.environ.get("AFTERMINE_TESTDATA", pathlib.Path(os.environ.get("AFTERMINE_SOURCE", "."), "..", "shared", "data")))
if not (data / "coal-permits-appalachia").is_dir():
    print(f"1..0 # SKIP no test data in {data}")
    sys.exit(0)

BONDS = {"Bonded": "bonded", "Not Bonded": "not-bonded", "Released": "released", "Forfeited": "forfeited"}
SOURCE = [{"n": 1, "title": "State permit records", "publisher": "SkyTruth", "url": "https://github.com/SkyTruth/mtm", "kind": "government"}]

VOCABULARY = json.loads(pathlib.Path(os.environ.get("AFTERMINE_SOURCE", "."), "content", "vocabularies", "countries.json").read_text())
COUNTRIES = {name.lower(): term["id"] for term in VOCABULARY["terms"] for name in (term["label"], *term.get("aliases", ()))}


def judged(bodies):
    lines = "".join(json.dumps({"kind": "site", "body": body}) + "\n" for body in bodies)
    done = subprocess.run([judge], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def known(**members):
    return {name: value for name, value in members.items() if value not in (None, "", "-")}


def permit(properties, unknown_as_given):
    acres = {f"area_{theirs}": properties.get(ours) for ours, theirs in (("acres", "permitted"), ("acres_disturbed", "disturbed"), ("acres_reclaimed", "reclaimed"))}
    if not unknown_as_given:
        acres = {name: value for name, value in acres.items() if value is not None and value >= 0}
    bond = known(bond_full=properties.get("full_bond"), bond_available=properties.get("avail_bond"))
    return known(number=properties["id"], holder=properties.get("permittee"), status_as_stated=properties.get("status"), issued=properties.get("issue_date"),
                 bond_status=BONDS.get(properties.get("bond_status")), source=1, **known(**acres), **bond,
                 **({"area_unit": "acre"} if known(**acres) else {}), **({"bond_currency": "USD"} if bond else {}))


def permits(unknown_as_given):
    for feature in json.loads((data / "coal-permits-appalachia" / "permits.geojson").read_text())["features"]:
        p = feature["properties"]
        use = p.get("post_mining_land_use")
        yield known(name=p["id"], country=p["country"], admin_area=p["state"], commodities=[p["commodity"]], geometry=feature["geometry"], permits=[permit(p, unknown_as_given)],
                    identifiers=[{"scheme": "State permit", "value": p["id"]}], post_mining_land_uses=[{"as_stated": use}] if use else None, sources=SOURCE)


def mines():
    path = data / "mine-sites-global" / "gem-coal-mines-2022-07.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            year = row["Opening Year"].strip()
            if not row["Latitude"] or not row["Longitude"]:
                continue  # a site without a place is no site
            yield known(name=" ".join(row["Mine Name"].split()), country=COUNTRIES[row["Country"].lower()], latitude=float(row["Latitude"]), longitude=float(row["Longitude"]), location_precision="site" if row["Location Accuracy"] == "Exact" else "region",
                        commodities=["coal"], admin_area=" ".join(row["State, Province"].split()), opening_year=int(float(year)) if year.replace(".0", "").isdigit() else None,
                        identifiers=[{"scheme": "Global Coal Mine Tracker", "value": row["Mine IDs"]}])


def report(number, good, sentence, details=()):
    print(f"{'ok' if good else 'not ok'} {number} - {sentence}")
    for line in list(details)[:10]:
        print(f"# {line}")
    return good


print("1..3")
clean = list(permits(False))
found = judged(clean)
wrong = [f"{body['name']}{fault['pointer']}: {fault['message']}" for body, faults in zip(clean, found) for fault in faults]
good = report(1, len(clean) > 100 and not wrong, f"{len(clean)} permits with acres, bonds and polygons are sites", wrong)
raw = list(permits(True))
refused = [body["name"] for body, faults in zip(raw, judged(raw)) if any("/permits/0/area_" in fault["pointer"] for fault in faults)]
expected = [body["name"] for body in raw if any(value == -999 for value in body["permits"][0].values())]
good &= report(2, bool(expected) and refused == expected, f"-999 acres are refused, not counted ({len(refused)} permits)", refused)
points = list(mines())
found = judged(points)
wrong = [f"{body['name']}{fault['pointer']}: {fault['message']}" for body, faults in zip(points, found) for fault in faults]
good &= report(3, len(points) > 100 and not wrong, f"{len(points)} mines with an approximate point are sites", wrong)
sys.exit(not good)
