"""Keep what each stage of a long training made, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from nlp import artefact

KIND, VERSION = "training-stage", 1


@dataclass(frozen=True)
class Stages:
    """A folder with a stage in each of its folders; `key` tells this run's stages from those of another.

    Without a folder nothing is kept.
    """

    folder: Path | None
    key: str

    def get(self, name: str, make: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
        """Return what a stage made before, or make it and keep it."""
        path = self.folder / name if self.folder else None
        if path and path.is_dir():
            config, arrays = artefact.load(path, KIND, VERSION)
            if config.get("key") == self.key:
                return {part: torch.from_numpy(array) for part, array in arrays.items()}
        made = make()
        if path:
            arrays = {part: value.detach().numpy() for part, value in made.items()}
            artefact.save(path, {"kind": KIND, "version": VERSION, "key": self.key}, arrays)
        return made
