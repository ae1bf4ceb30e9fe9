"""Take the furniture off a web page: menus, banners, footers and the like, so that the document is left.

Every rule leans towards keeping. What a page's own markup calls furniture goes only when it holds little of the page's
prose, and what stands beside the main text goes only when it reads like furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import Tag
from bs4.element import Comment, NavigableString

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
"""Tags that begin a new line on the page. A custom element, with a hyphen in its name, is taken for one as well."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = sorted(BLOCKS)
_TEXT_BLOCKS = frozenset(("p", "ul", "ol", "dl", "table", "pre", "blockquote"))
_TABLE_PARTS = ["caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"]
_FURNITURE_TAGS = frozenset(("nav", "footer", "header", "aside", "dialog", "menu", "form"))
_FURNITURE_ROLES = frozenset([
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu",
    "menubar", "toolbar",
])  # fmt: skip
_MOST = {"nav": 0.9, "footer": 0.6, "menu": 0.6}  # largest part of a page's prose that goes with such an element
_LANDMARKS = frozenset(("html", "body", "main"))

# Names that a site gives to its furniture, whole words of a class or id.
_FURNITURE_NAMES = frozenset([
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumbs", "footer", "header",
    "masthead", "sidebar", "widget", "share", "sharing", "sharedaddy", "social", "related", "relatedposts",
    "comments", "newsletter", "subscribe", "signup", "popup", "modal", "promo", "pagination", "pager", "skip",
    "skiplink", "search", "toolbar", "topbar", "votes",
])  # fmt: skip
# The banner of a consent manager, by the names that the makers of these programs use. A plain "cookie" is not among
# them: sections of the policy are called so.
_CONSENT = re.compile(
    r"onetrust|cookiebot|cookie-?_?consent|consent-?_?(banner|manager|modal|popup)|cookie-?_?(banner|bar|law|modal|popup|"
    r"notification|notice-?bar)|cky-|didomi|usercentrics|truste|osano|qc-cmp|iubenda-cs|gdpr-?_?(banner|popup|bar)|cmplz|"
    r"ccpa-?_?(banner|popup)|trustarc|klaro|termsfeed-com",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"\b(btn|button)\b", re.IGNORECASE)
_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+")  # "site-footer", "article__footer" and "footerWrap" all name a footer

# Headings and openings of what follows a document on a page.
_FURNITURE_OPENING = re.compile(
    r"(related (articles|posts|content|pages|topics|reading|links)|recent(ly viewed)? (posts|articles)|"
    r"you (may|might) also|more from|read next|recommended( for you)?$|keep reading|share (this|on)|follow us|"
    r"subscribe|sign up|stay (in the loop|connected|up to date)|join (our|the) (newsletter|mailing)|"
    r"was this (article|page|information)|did this answer|have more questions|leave a (reply|comment)|comments?$|"
    r"skip to|back to top|get the app|download (the|our) app|articles in this section|in this section$|on this page$|"
    r"©|\(c\) ?\d|copyright\b|all rights reserved)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|(copyright|\(c\))\s*\d{4}", re.IGNORECASE)
_JUMP = re.compile(r"(skip|jump) to .{1,30}", re.IGNORECASE)
_ON_PRIVACY = re.compile(r"\b(privacy|personal|your (data|information)|e-?mail)\b|@", re.IGNORECASE)
_DATE_LINE = re.compile(
    r"\b(updated?|effective|modified|revised|revision|version|date[ds]?|(19|20)\d\d)\b", re.IGNORECASE
)

SENTENCE_WORDS = 9
"""A run of text with so many words that are not links is taken for a sentence."""

_LONG = 150
"""So many words of prose are never dropped for how they open or for a button among them."""


@dataclass(slots=True)
class Weight:
    """What an element holds: its words, those in links and buttons, those in sentences, and its links and controls."""

    words: int = 0
    linked: int = 0
    prose: int = 0
    links: int = 0
    controls: int = 0

    def add(self, other: Weight) -> None:
        """Add what a child holds."""
        self.words += other.words
        self.linked += other.linked
        self.prose += other.prose
        self.links += other.links
        self.controls += other.controls


@dataclass(slots=True)
class Weights:
    """The weight of every element under a root, by identity. An element that holds no text has none."""

    of: dict[int, Weight] = field(default_factory=dict)

    def __call__(self, element: Tag) -> Weight:
        """Return the weight of an element."""
        return self.of.get(id(element), Weight())


def is_block(element: Tag) -> bool:
    """Say whether an element begins a new line on the page."""
    return element.name in BLOCKS or "-" in element.name


def weigh(root: Tag) -> Weights:
    """Weigh every element under a root."""
    weights = Weights()
    for block, run in _runs(root):
        words = sum(len(text.split()) for text, _ in run)
        linked = sum(len(text.split()) for text, linked in run if linked)
        prose = words - linked if words - linked >= SENTENCE_WORDS else 0
        weights.of.setdefault(id(block), Weight()).add(Weight(words, linked, prose))
    order = [root, *root.find_all(True)]
    for element in order:
        if element.name == "a" and element.get("href"):
            weights.of.setdefault(id(element), Weight()).links += 1
        if element.name in ("button", "input", "select", "textarea") or _BUTTON.search(
            " ".join(element.get("class") or [])
        ):
            weights.of.setdefault(id(element), Weight()).controls += 1
    for element in reversed(order[1:]):
        if id(element) in weights.of and element.parent is not None:
            weights.of.setdefault(id(element.parent), Weight()).add(weights.of[id(element)])
    return weights


def _runs(root: Tag) -> Iterator[tuple[Tag, list[tuple[str, bool]]]]:
    """Yield each run of text on one line of the page with its block: pieces, and whether each is in a link."""
    run: list[tuple[str, bool]] = []
    block: Tag = root
    for node in root.descendants:
        if isinstance(node, Tag):
            if (is_block(node) or node.name == "br") and run:
                yield block, run
                run = []
            continue
        if isinstance(node, Comment) or not isinstance(node, NavigableString) or not node.strip():
            continue
        owner, linked = _block_of(node, root)
        if owner is not block and run:
            yield block, run
            run = []
        block = owner
        run.append((str(node), linked))
    if run:
        yield block, run


def _block_of(node: NavigableString, root: Tag) -> tuple[Tag, bool]:
    linked = False
    for parent in node.parents:
        if parent.name in ("a", "button"):
            linked = True
        if parent is root or is_block(parent):
            return parent, linked
    return root, linked


def drop_furniture(root: Tag) -> None:
    """Remove the furniture under a root."""
    _unwrap_layout_tables(root)
    _drop_consent(root)
    _drop_marked(root)
    _drop_beside(root)


def _unwrap_layout_tables(root: Tag) -> None:
    """Turn tables that only lay out the page into plain blocks."""
    for table in root.find_all("table"):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        cells = [row.find_all(["td", "th"], recursive=False) for row in rows]
        sizes = [len(cell.get_text()) for row in cells for cell in row]
        one_cell = max(sizes, default=0) > max(1000, 0.6 * sum(sizes))
        nested = table.find(["table", "h1", "h2", "h3"]) is not None
        plain = not any(cell.name == "th" for row in cells for cell in row) and (nested or one_cell)
        if plain or max(map(len, cells), default=0) < 2 or table.get("role") == "presentation":
            for part in [table, *(e for e in table.find_all(_TABLE_PARTS) if e.find_parent("table") is table)]:
                part.name = "div"


def _drop_consent(root: Tag) -> None:
    weights = weigh(root)
    most = 0.6 * weights(root).words
    for element in root.find_all(True):
        if element.decomposed or element.name in _LANDMARKS or not _CONSENT.search(_names(element)):
            continue
        if weights(element).words < most:
            element.decompose()


def _drop_marked(root: Tag) -> None:
    """Remove what the page's own markup calls furniture, unless it holds a good part of the page's prose."""
    weights = weigh(root)
    total = weights(root).prose
    for element in root.find_all(True):
        if element.decomposed or element.name in _LANDMARKS or element.name in HEADINGS:
            continue
        if element.name == "a" and _JUMP.fullmatch(element.get_text(strip=True)):
            element.decompose()
            continue
        if not is_block(element):
            continue
        weight = weights(element)
        if _is_marked(element) and weight.prose <= total * _MOST.get(element.name, 0.25):
            if element.find("h1"):
                _keep_title(element, weights)
            elif not _belongs(element, weight):
                element.decompose()
        elif _is_named(element) and _is_menu(weight) and not element.find("h1"):
            element.decompose()


def _is_marked(element: Tag) -> bool:
    return (
        element.name in _FURNITURE_TAGS
        or str(element.get("role", "")).lower() in _FURNITURE_ROLES
        or element.get("aria-modal") == "true"
    )


def _is_named(element: Tag) -> bool:
    return any(word.lower() in _FURNITURE_NAMES for word in _NAME_WORDS.findall(_names(element)))


def _names(element: Tag) -> str:
    return " ".join([str(element.get("id") or ""), *(element.get("class") or [])])


def _in_document(element: Tag) -> bool:
    if element.find_parent(["article", "main", "section"]) is not None:
        return True
    return element.find_parent(attrs={"role": "main"}) is not None


def _belongs(element: Tag, weight: Weight) -> bool:
    """Say whether a header, footer or aside within the document is a part of it: a section's heading, a note."""
    if element.name not in ("header", "footer", "aside") or _FURNITURE_OPENING.match(_opening(element)):
        return False
    if not _in_document(element):
        return element.name == "aside" and _is_prose(weight) and weight.links == 0
    return _is_prose(weight) or weight.links + weight.controls <= 1


def _is_prose(weight: Weight) -> bool:
    return weight.prose >= SENTENCE_WORDS and weight.linked < weight.words / 3 and weight.controls == 0


def _is_menu(weight: Weight) -> bool:
    """Say whether an element is mostly links or controls."""
    targets = weight.links + weight.controls
    return (targets >= 2 and weight.linked >= 0.4 * weight.words) or (
        targets >= 6 and weight.linked >= 0.2 * weight.words
    )


def _opening(element: Tag) -> str:
    """Return an element's first heading, or its text if it has none."""
    heading = element.find(HEADINGS)
    return (heading or element).get_text(" ", strip=True)


def _keep_title(element: Tag, weights: Weights) -> None:
    """Remove from a header all but its title, its sentences and its dates."""
    for child in element.find_all(True):
        if child.decomposed or not is_block(child) or child.name == "h1" or child.find("h1") or child.find_parent("h1"):
            continue
        if not _is_prose(weights(child)) and not _DATE_LINE.search(child.get_text(" ")[:200]):
            child.decompose()


def _drop_beside(root: Tag) -> None:
    """Walk down to where the prose divides, and drop what reads like furniture on either side of the way."""
    weights = weigh(root)
    title = root.find("h1")
    node: Tag | None = root
    while node is not None:
        children = [child for child in node.find_all(True, recursive=False) if is_block(child) or child.find(_BLOCKS)]
        prose = [_prose_of_document(child, weights(child)) for child in children]
        heavy = _way_down(children, prose, title)
        said = [index for index, amount in enumerate(prose) if amount]
        for index, child in enumerate(children):
            beside = child is not heavy if heavy else not said or not said[0] <= index <= said[-1]
            if beside and _reads_as_furniture(child, weights(child), title):
                child.decompose()
        node = heavy


def _prose_of_document(element: Tag, weight: Weight) -> int:
    """Return how much prose of the document an element may hold."""
    if _is_menu(weight) and weight.prose < _LONG and element.find("h1") is None:
        return 0
    opens_as_furniture = weight.prose < _LONG and _FURNITURE_OPENING.match(_opening(element))
    return 0 if opens_as_furniture else weight.prose


def _way_down(children: list[Tag], prose: list[int], title: Tag | None) -> Tag | None:
    """Return the child that holds most of the prose, or the title with a good part of it, or None at a fork."""
    total = sum(prose)
    for child, amount in zip(children, prose, strict=True):
        if not total or child.name in _TEXT_BLOCKS:
            continue
        if amount >= 0.5 * total or (amount >= 0.3 * total and title is not None and title in child.find_all("h1")):
            return child
    return None


def _reads_as_furniture(element: Tag, weight: Weight, title: Tag | None) -> bool:
    """Say whether an element beside the main text is furniture."""
    if weight.words == 0:
        return True
    if element.name in HEADINGS or element.find("h1"):
        return False
    text = element.get_text(" ", strip=True)
    if _FURNITURE_OPENING.match(text) or _FURNITURE_OPENING.match(_opening(element)):
        return weight.prose < _LONG
    if _is_menu(weight) or (_COPYRIGHT.search(text) and weight.prose < _LONG):
        return True
    if weight.prose:
        asks = weight.controls > 0 and weight.prose < _LONG
        return asks and ("cookie" in text.lower() or not _ON_PRIVACY.search(text))
    if _DATE_LINE.search(text[:200]):
        return False
    if element.find(HEADINGS) and weight.links + weight.controls < 2:
        return False
    if _is_named(element) or any(map(_is_named, element.find_all(True, recursive=False))):
        return True
    return weight.links + weight.controls > 1 or _stands_before(element, title)


def _stands_before(element: Tag, title: Tag | None) -> bool:
    return title is not None and not title.decomposed and any(title is h1 for h1 in element.find_all_next("h1"))
