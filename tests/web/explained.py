"""Walks the pages of the demo and of made-up measured land and looks for figures of land that do not explain themselves. Speaks TAP.

usage: explained.py PROGRAM SOURCE [all]   (all: every page of the sitemap)

A figure is a number with a unit of land (hectares, acres, square kilometres, per cent), a large number of a tally, a row or a hook, or a cell
of a column of hectares. Its explanation is the nearest one that belongs to it: in its own cell, item or row, or before the table or list it stands in,
or in its section. What a record says in its own words (titles, texts with their sources) quotes, and is explained by the sources there.
"""
import html.parser
import json
import pathlib
import re
import sys

from instance import Instance, keep_promises, promise

PROGRAM, SOURCE, ALL = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] == ["all"]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LAND = re.compile("\\d[\\d.,\u202f\u00a0\u2009 ]*(?:%|per cent|ha\\b|hectares?\\b|acres?\\b|km²|m²)")
TEXT = 60  # characters: a cell that is longer holds words of a record
NUMBER = re.compile("\\d")
BIG = {"tally-number", "row-figure", "hook-figure", "comparison-figure"}
# Words of records, of the method's page and of the log; what charts say is in their table.
QUOTED = {"prose", "kicker", "row-text", "row-title", "hook-title", "steps", "comparison", "standfirst", "citation", "breadcrumbs", "facts-note", "meanings", "marked", "fact-label", "row-tags",
	"browse-facets", "facets", "cell-note", "verbatim", "notice", "history", "proof-of", "finds", "choices", "chips"}
NOT_READ = {"script", "style", "svg", "head", "title", "a", "h1", "h2", "summary", "caption", "footer", "nav"}


class Node:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []
        self.classes = set((self.attributes.get("class") or "").split())

    def text(self):
        return "" if "explain" in self.classes else "".join(c if isinstance(c, str) else c.text() for c in self.children)

    def nodes(self):
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes()

    def way(self):
        return (self.parent.way() + ">" if self.parent else "") + self.tag + "".join("." + c for c in sorted(self.classes))

    def up(self, test):
        node = self
        while node and not test(node):
            node = node.parent
        return node


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.root = self.at = Node("root", [], None)
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        node = Node(tag, attributes, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag):
        node = self.at.up(lambda n: n.tag == tag)
        self.at = node.parent if node and node.parent else self.at

    def handle_data(self, data):
        self.at.children.append(data)


def has(node):
    return any("explain" in n.classes for n in node.nodes())


def own(children):
    """An explanation among these, not within a list, a table, a row or another figure's place."""
    return any(isinstance(c, Node) and (c.classes & {"explain", "explains"}) for c in children)


def explained(node):
    """Beside the figure, or before the table or list it stands in, or at the head of its section."""
    child = node
    while child.parent:
        parent = child.parent
        if child.tag in ("td", "li", "dd") and has(child):
            return True
        if "tally-row" in child.classes and has(child):
            return True
        if child.tag == "th" and has(parent):  # it names its row
            return True
        if own(parent.children):
            return True
        if parent.tag in ("section", "article", "aside", "main", "root") or "detail-body" in parent.classes:
            return parent.tag == "section" and own(parent.children)
        child = parent
    return False


def figures(root):
    def visit(node):
        if node.tag in NOT_READ or node.classes & (QUOTED | {"explain"}) or (node.tag in ("td", "th") and "numeric" not in node.classes and (len(node.text()) > TEXT or node.attributes.get("data-label") == "What")):
            for inner in node.nodes():
                if "comparison-figure" in inner.classes:
                    yield inner, inner.text()
            return
        if node.classes & BIG:
            if "row-figure" in node.classes and not any("row-unit" in n.classes for n in node.nodes()):
                return  # how many records name something
            if NUMBER.search(node.text()):
                yield node, node.text()
            return
        if node.tag == "td" and "numeric" in node.classes and re.search("hectares|gross|net|contested|promised|reported|measured|opening|closing|gained|lost|value", node.attributes.get("data-label", ""), re.I):
            if NUMBER.search(node.text()):
                yield node, node.text()
            return
        for child in node.children:
            if isinstance(child, Node):
                yield from visit(child)
        if LAND.search("".join(c for c in node.children if isinstance(c, str))):
            yield node, node.text()
    yield from visit(root)


def complaints(text):
    page = Page(text)
    found = list(figures(page.root))
    return len(found), sorted({f"{node.way().split('main', 1)[-1]}: {' '.join(said.split())[:60]}" for node, said in found if not explained(node)})


@promise("the walk sees figures: one that is bare, one in its cell, one that only its table explains, one that only another row explains")
def sees():
    cell = '<td class="numeric" data-label="Net">12{}</td>'
    fold = '<details class="explain"><summary>Explain</summary>1 ha</details>'
    table = "<section>{}<table><tr>{}</tr><tr>{}</tr></table></section>"
    assert complaints(table.format("", cell.format(fold), "<td>x</td>")) == (1, [])
    assert len(complaints(table.format("", cell.format(fold), cell.format("")))[1]) == 1
    assert complaints(table.format(f'<div class="explains">{fold}</div>', cell.format(""), cell.format(""))) == (2, [])
    assert len(complaints(table.format("", "<td><p>40 per cent</p></td>", "<td>7&#160;ha</td>"))[1]) == 2
    assert complaints("<p>the year 2016, 7 sites</p>") == (0, [])


land = json.loads((SOURCE / "tests" / "e2e" / "land.json").read_text())
made_up = {}
for one in land:
    made_up.setdefault(one["kind"], []).append({"id": one["id"], "body": one["body"]})
site = Instance(PROGRAM, made_up, "--demo")
site.serve()


def families():
    """The page families of the browser tests, and every kind's records of the made-up land; or all that the site has."""
    if ALL:
        maps = re.findall(r"<loc>https?://[^/<]*([^<]*)</loc>", site.get("/sitemap.xml").body.decode())
        return [page for one in maps for page in (re.findall(r"<loc>https?://[^/<]*([^<]*)</loc>", site.get(one).body.decode()) if one.endswith(".xml") else [one])]
    listed = re.findall(r"^\t\['[^']*', '(/[^']*)'\],", (SOURCE / "tests" / "e2e" / "families.mjs").read_text(), re.M)  # not those that are refused
    plural = {"case": "cases", "pledge": "pledges", "site": "sites", "organisation": "organisations", "measurement": "measurements", "progress": "progress", "review": "reviews", "target": "targets",
        "policy": "policies", "project": "projects", "offer": "offers", "finance": "finance"}
    return list(dict.fromkeys(listed + [f"/{plural[one['kind']]}/{one['id']}" for one in land if one["kind"] in plural] + ["/pledges/chevron-mckinley-reclamation", "/cases/mckinley-mine-reseeding"]))


@promise("every figure of land on every page explains itself")
def walk():
    seen, wrong = 0, []
    for path in families():
        answer = site.get(path)
        assert answer.status == 200, (path, answer.status)
        if "html" not in answer.type:
            continue
        n, bare = complaints(answer.body.decode())
        seen += n
        wrong += [f"{path} {one}" for one in bare]
    assert seen > 300, seen
    assert not wrong, f"{len(wrong)} without an explanation:\n" + "\n".join(wrong)


@promise("an explanation says what the figure is, how and how well it is known, where it comes from and of when")
def whole():
    for path in ("/", "/pledges/example-steppe", "/sites/north-pit", "/organisations/example-mining", "/countries/MNG", "/cases/sudbury-regreening", "/sites/overlaps"):
        folds = [n for n in Page(site.get(path).body.decode()).root.nodes() if n.tag == "details" and "explain" in n.classes]
        assert folds, path
        if path.startswith("/pledges"):  # its verdict
            assert any(n.classes & {"page-head"} and has(n) for n in Page(site.get(path).body.decode()).root.nodes()), path
        for fold in folds:
            words = {n.text() for n in fold.nodes() if n.tag == "dt"}
            assert {"What it is", "Source", "Method", "Uncertainty", "Date"} == words or (words == {"What it is", "Source", "Method", "Uncertainty"} and "completeness" in "".join(fold.children[0].text()).lower()), (path, words, fold.children[0].text())


keep_promises(site)
