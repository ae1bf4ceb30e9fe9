"""The Wayback Machine: captures of one address over years, fetched politely into a folder of dated files."""

from corpus.archives.wayback.captures import Every
from corpus.archives.wayback.download import Fetched, Progress, WaybackError, fetch
from corpus.archives.wayback.folder import MANIFEST, PROBLEMS

__all__ = ["MANIFEST", "PROBLEMS", "Every", "Fetched", "Progress", "WaybackError", "fetch"]
