"""Clone a git bundle: a whole history in one file."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from corpus.types import DocumentError


def clone_bundle(bundle: Path, folder: Path, *, bare: bool = True) -> None:
    """Clone a bundle into a new folder, without the newest files where `bare`.

    Raises `DocumentError` where it is no whole bundle, or there is no git command.
    """
    options = ["--quiet", "--template=", *(["--bare"] if bare else [])]
    command = ["git", "clone", *options, "--", str(bundle.absolute()), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, env=os.environ | {"LC_ALL": "C"})
    except OSError as e:
        raise DocumentError(f"the bundle {str(bundle)!r} needs the git command to be read: {e}; install git") from e
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        # The first line says what is wrong with the bundle; later ones only say that git gave up.
        reason = lines[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(":")
        if "prerequisite" in reason:
            raise DocumentError(
                f"{str(bundle)!r} is a part of a history and lacks the commits before it; make one of all of it with: "
                "git bundle create FILE --all"
            )
        raise DocumentError(
            f"{str(bundle)!r} cannot be read as a git bundle: {reason}; copy it again, and try: git bundle verify FILE"
        )
