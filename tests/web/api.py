"""The JSON API: its description in OpenAPI 3.1 (made from the route table and the kinds), whether every address answers as described, paging, fields, ETag, problem documents.
Speaks TAP. usage: api.py PROGRAM SOURCE-ROOT"""
import functools
import json
import os
import re
import subprocess
import sys
import urllib.parse

from instance import Instance, keep_promises, promise
from places import records

ROOT = os.path.abspath(sys.argv[2])
with open(f"{ROOT}/tests/record/samples.json") as file:
    SAMPLES = json.load(file)
PLACES = records()


def led_home(value, schema, definitions):
    """A sample whose references lead to the other samples."""
    if not isinstance(schema, dict):
        return value
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        items = schema.get("items", {})
        new = [led_home(one, items, definitions) for one in value]
        return new[:1] if schema.get("uniqueItems") and "x-kind" in items else new
    if isinstance(value, dict) and "properties" in schema:
        return {name: led_home(one, schema["properties"].get(name, {}), definitions) for name, one in value.items()}
    return f"sample-{schema['x-kind']}" if "x-kind" in schema else value


def sample(kind):
    schema = json.loads(subprocess.run([sys.argv[1], "schema", kind], capture_output=True, text=True, check=True).stdout)
    return {"id": f"sample-{kind}", "body": led_home(SAMPLES[kind], schema, schema["$defs"])}


here = Instance(sys.argv[1], {kind: PLACES.get(kind, []) + [sample(kind)] for kind in SAMPLES})
here.serve()
_description = []


def description():
    if not _description:
        _description.append(here.get("/api/openapi.json").json())
    return _description[0]


def operations():
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def lint(text):
    return subprocess.run(["node", f"{ROOT}/tests/web/lint.mjs", ROOT], input=text, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()


@promise("the description is OpenAPI 3.1 and passes Redocly's lint without a word; so do those of /ogc and /stac")
def linted():
    assert description()["openapi"] == "3.1.0"
    for path in ("/api/openapi.json", "/ogc/api", "/stac/api"):
        assert lint(here.get(path).body.decode()) == [], path


@promise("the lint finds what is wrong: a reference to nowhere, an operation without a summary, a parameter that is not described")
def lint_bites():
    good = here.get("/stac/api").body
    for change in (lambda one: one["paths"]["/search"]["get"].pop("summary"), lambda one: one["paths"]["/search"]["get"]["responses"].update({"200": {"$ref": "#/components/responses/None"}}),
                   lambda one: one["paths"].update({"/x/{y}": one["paths"]["/search"]})):
        copy = json.loads(good)
        change(copy)
        assert lint(json.dumps(copy)), change


def example(path):
    """The address with its parts filled in, from what the instance holds."""
    match = re.match(r"/(?:api/records/)?([a-z]+)/\{id\}", path)
    kind = match and (match[1] if match[1] in SAMPLES else plurals().get(match[1]))
    identifier = f"sample-{kind}" if kind else "MNG" if path.startswith("/countries") else ""
    return (path.replace("{plural}/{id}", "sites/erdenet").replace("{kind}/{id}", "site/sample-site").replace("{id}", identifier).replace("{kind}/", "site/").replace("{kind}", "site").replace("{n}", "1").replace("{name}", "0/000").replace("{sha256}", "0" * 64).replace("{part}", "1")
            .replace("{address}", "sites/erdenet"))


@functools.cache
def plurals():
    return {one["kind"] + "s": one["kind"] for one in here.get("/api/records").json()} | {"policies": "policy", "finance": "finance", "progress": "progress", "forum": "forum", "practices": "practice"}


@functools.cache
def asked(path):
    return here.get(example(path))


@promise("every address of the description answers, with the status and the media type that it describes")
def answered():
    n = 0
    for path, method, operation in operations():
        address, answer = example(path), asked(path)
        described = operation["responses"]
        assert str(answer.status) in described, (path, address, answer.status, answer.body[:200])
        if answer.status in (404, 503):
            assert answer.type.split(";")[0] in ("application/problem+json", "text/html"), (path, answer.type)
            continue
        media = answer.type.split(";")[0]
        assert media in described["200"]["content"] or "*/*" in described["200"]["content"], (path, address, answer.type)
        n += 1
    assert n > 180, n


@promise("what answers as JSON has the members that its schema requires, of the types that it names")
def shaped():
    schemas, checked = description()["components"]["schemas"], 0

    def fits(value, schema, where):
        nonlocal checked
        if not isinstance(schema, dict):
            return None
        if "$ref" in schema:
            return fits(value, schemas[schema["$ref"].rsplit("/", 1)[1]], where)
        checked += 1
        for part in schema.get("allOf", []):
            fits(value, part, where)
        kind = schema.get("type")
        python = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
        assert not kind or isinstance(value, python[kind]), (where, kind, value)
        assert "const" not in schema or value == schema["const"], (where, value)
        assert "enum" not in schema or value in schema["enum"], (where, value)
        for name in schema.get("required", []):
            assert name in value, (where, name)
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in schema.get("properties", {}):
                    fits(inner, schema["properties"][name], f"{where}/{name}")
        if isinstance(value, list) and "items" in schema:
            for inner in value:
                fits(inner, schema["items"], f"{where}[]")

    for path, method, operation in operations():
        schema = operation["responses"]["200"]["content"].get("application/json", {}).get("schema")
        if schema:
            answer = asked(path)
            if answer.status == 200:
                fits(answer.json(), schema, path)
    assert checked > 5000, checked


@promise("every kind has its list, its record, its revisions and each revision in the description, with its own schema")
def every_kind():
    paths = description()["paths"]
    for kind in SAMPLES:
        for rest, schema in (("", f"list-{kind}"), ("/{id}", f"record-{kind}"), ("/{id}/revisions", f"revisions-{kind}"), ("/{id}/revisions/{n}", "envelope")):
            operation = paths[f"/api/records/{kind}{rest}"]["get"]
            assert operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/" + schema)


@promise("every parameter of a list that the description names is understood: a value it allows is not refused")
def parameters():
    for kind in ("case", "site", "pledge"):
        for one in description()["paths"][f"/api/records/{kind}"]["get"]["parameters"]:
            schema = one["schema"]
            inner = schema.get("items", schema)
            if "$ref" in inner:
                inner = description()["components"]["schemas"][inner["$ref"].rsplit("/", 1)[1]]
            value = inner["enum"][0] if "enum" in inner else {"bbox": "1,2,3,4", "fields": "sources", "as-of": "2020-01-01", "q": "copper"}.get(one["name"], "1990" if inner.get("type") == "integer" else "sample")
            answer = here.get(f"/api/records/{kind}", {one["name"]: value if one["name"] not in ("page", "per-page") else "2"})
            assert answer.status == 200, (kind, one["name"], value, answer.body)


@promise("a parameter that an address does not know is refused, in words that name it and all that the description has")
def unknown_parameter():
    for path, described in (("", ""), ("/site", "/site"), ("/case", "/case"), ("/site/erdenet", "/site/{id}"), ("/site/erdenet/revisions", "/site/{id}/revisions"), ("/site/erdenet/revisions/1", "/site/{id}/revisions/{n}")):
        answer, operation = here.get(f"/api/records{path}", {"countri": "MNG"}), description()["paths"][f"/api/records{described}"]["get"]
        assert answer.status == 400 and answer.type == "application/problem+json" and "400" in operation["responses"], (path, answer.status)
        says = answer.json()["detail"]
        known = says.split(": ")[1].rstrip(".").split(", ")
        named = [one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"]
        assert "“countri”" in says and set(named) <= set(known) <= set(named) | {"lang", "as-of"}, (path, says, named)


@promise("fields choose members of the body, also within groups, in lists and in one record")
def fields():
    page = here.get("/api/records/site", {"fields": "name,country"}).json()
    assert page["total"] == 31 and all(set(one["body"]) == {"name", "country"} for one in page["items"] if one["id"] != "sample-site")
    whole = here.get("/api/records/pledge/pledge-1").json()
    part = here.get("/api/records/pledge/pledge-1", {"fields": "title,targets.value"}).json()
    assert part["body"] == {"title": "Pledge 1", "targets": [{"value": 100}]} and part["hash"] == whole["hash"] and here.get("/pledges/pledge-1.json", {"fields": "title"}).json()["body"] == {"title": "Pledge 1"}
    assert here.get("/api/records/pledge", {"fields": "targets.value"}).json()["items"][-1]["body"].keys() == {"targets"}
    for path in ("/api/records/site", "/api/records/site/erdenet", "/sites.json"):
        answer = here.get(path, {"fields": "name,nonsense"})
        assert answer.status == 400 and answer.type == "application/problem+json" and "nonsense" in answer.json()["detail"]


@promise("pages are linked in the header and hold every record once")
def paging():
    seen, path = [], "/api/records/site?per-page=7"
    while path:
        answer = here.get(path)
        seen += [one["id"] for one in answer.json()["items"]]
        links = dict(reversed(link) for link in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["Link"]))
        path = links.get("next")
    assert len(seen) == len(set(seen)) == 31


@promise("every value that a list counts leads to as many records as it says, in every kind's list")
def counted():
    values = 0
    for kind in SAMPLES:
        for path, facet in here.get(f"/api/records/{kind}?facets=1&per-page=1").json()["facets"].items():
            for one in facet["values"]:
                found = here.get(f"/api/records/{kind}?per-page=1&{urllib.parse.urlencode({path: one['value']})}")
                assert found.status == 200 and found.json()["total"] == one["count"], (kind, path, one, found.body[:200])
                values += 1
    assert values > 60, values


@promise("a search can be kept to each kind, as data and as a page, though organisations and meetings have a field of the name kind")
def searched():
    for kind in SAMPLES:
        found = here.get(f"/search.json?kind={kind}")
        assert found.status == 200 and f"sample-{kind}" in [one["id"] for one in found.json()["items"]], (kind, found.body[:200])
        page = here.get(f"/search?q=e*&kind={kind}", headers={"Accept": "text/html"})
        assert page.status == 200, (kind, page.body[:200])


@promise("an answer is not sent again to who has it: ETag and If-None-Match")
def etag():
    for path in ("/api/records/site/erdenet", "/api/records/site?fields=name", "/api/openapi.json"):
        tag = here.get(path).headers["ETag"]
        assert tag and here.get(path, headers={"If-None-Match": tag}).status == 304 and here.get(path, headers={"If-None-Match": '"other"'}).status == 200


@promise("refusals are problem documents: no such kind, record, revision, a wrong page, a wrong term")
def problems():
    for path, status in (("/api/records/mine", 404), ("/api/records/site/nowhere", 404), ("/api/records/site/erdenet/revisions/9", 404), ("/api/records/site?page=x", 400), ("/api/records/site?country=XXX", 400),
                         ("/api/records/site?bbox=1", 400), ("/api/records/site?sort=colour", 400), ("/api/nothing", 404)):
        answer = here.get(path)
        assert answer.status == status and answer.type == "application/problem+json", (path, answer.status, answer.type)
        assert answer.json()["status"] == status and answer.json()["title"] and answer.json()["detail"]


@promise("the page for people names every address and parameter")
def page():
    text = here.get("/api").body.decode()
    assert all(address in text for address in ("/api/records/{kind}/{id}/revisions/{n}", "/sites/{id}", ".geojson", "/log/checkpoint", "per-page", "/ogc", "/stac", "/api/openapi.json"))
    assert here.get("/api/").status == 200


keep_promises(here)
