"""Read the note that the Princeton-Leuven corpus puts over every archived policy.

The corpus: Amos et al., "Privacy Policies over Time: Curation and Analysis of a Million-Document Dataset", WWW 2021.
"""

from __future__ import annotations

import re
from datetime import date

from corpus.inline import join
from corpus.tree import Node
from corpus.types import ArchiveRecord

# The note is the same sentence in every file of the corpus; only domain, date and address differ.
_NOTE = re.compile(r"extracted and transformed from the (\S+) privacy policy that was archived on (\d{4}-\d\d-\d\d)")


def archive_record(root: Node) -> ArchiveRecord | None:
    """Return where the document was archived, if it opens with the archivist's note."""
    if not root.children or root.children[0].type != "blockquote":
        return None
    note = join([node.line for node in root.children[0].walk() if node.type == "inline"], " ")
    found = _NOTE.search(note.text)
    if found is None:
        return None
    try:
        archived_on = date.fromisoformat(found[2])
    except ValueError:
        return None
    url = next((href for _, _, href in note.links if href.startswith(("http://", "https://"))), None)
    return ArchiveRecord(found[1], archived_on, url)
