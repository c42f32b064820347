"""Records with places and times for tests of interfaces: sites with boundaries (one across the antimeridian, one with a hole, one that is a point), cases, pledges,
projects; some without a place, some without a date."""


def square(west, south, size=1.0):
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


SOURCE = {"n": 1, "title": "Register", "kind": "government"}


def site(identifier, geometry, **more):
    body = {"name": identifier.replace("-", " ").title(), "country": "MNG", **more}
    if geometry and geometry["type"] == "Point":
        body["longitude"], body["latitude"] = geometry["coordinates"]
    else:
        body["geometry"] = geometry
    return {"id": identifier, "body": body}


def case(number):
    body = {"title": f"Case {number:02}", "summary": "Rock was covered and seeded.", "themes": ["land-rehabilitation"], "country": "PER" if number % 2 else "CHL", "challenge": "Bare rock.",
            "practices": [{"name": "Cover"}], "limits": ["Slow."], "evidence_grade": "C", "sources": [SOURCE]}
    if number % 5:
        body.update(longitude=-75 + number * 0.5, latitude=-12 + number * 0.25)
    if number % 3:
        body.update(start_year=1980 + number)
        if number % 2:
            body.update(end_year=1990 + number)
    return {"id": f"case-{number:02}", "body": body}


def records():
    sites = [
        site("erdenet", {"type": "Polygon", "coordinates": [square(104, 49)]}, commodities=["copper", "molybdenum"], opening_year=1978),
        site("ring", {"type": "Polygon", "coordinates": [square(100, 45, 3), square(101, 46)[::-1]]}, restored_from=2001, restored_until=2010),
        site("slant", {"type": "Polygon", "coordinates": [[[10, 50], [20, 60], [10, 60], [10, 50]]]}, country="SWE"),
        site("fiji", {"type": "MultiPolygon", "coordinates": [[[[179, -17], [180, -17], [180, -16], [179, -16], [179, -17]]], [[[-180, -17], [-179, -17], [-179, -16], [-180, -16], [-180, -17]]]]}, country="FJI"),
        site("point", {"type": "Point", "coordinates": [105.0, 50.0]}, disturbed_from=1990),
    ]
    sites += [site(f"grid-{i:02}", {"type": "Polygon", "coordinates": [square(-70 + 2 * (i % 10), -30 + 2 * (i // 10))]}, country="ARG") for i in range(25)]
    pledges = [{"id": f"pledge-{i}", "body": {"title": f"Pledge {i}", "statement": "Land will be restored.", "organisations": ["miner"], "made_on": f"20{10 + i}-06", "sources": [SOURCE],
                                             "targets": [{"metric": "area-restored", "value": 100 * i, "unit": "ha", "target_year": 2030 + i}],
                                             **({"sites": ["erdenet", "fiji"] if i == 1 else ["point"]} if i < 3 else {})}} for i in range(1, 6)]
    projects = [{"id": f"project-{i}", "body": {"title": f"Project {i}", "summary": "Seeks money.", "organisations": [{"as_stated": "Miner"}], "country": "ZAF", "longitude": 20.0 + i, "latitude": -25.0, "stage": "idea",
                                               "area": 10.5 * i, "start_year": 2020 + i}} for i in range(1, 4)]
    return {"organisation": [{"id": "miner", "body": {"name": "Miner", "kind": "mining-company"}}], "site": sites, "case": [case(i) for i in range(1, 24)], "pledge": pledges, "project": projects}

