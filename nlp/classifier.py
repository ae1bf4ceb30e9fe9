"""Tag clauses with the thirteen categories, accurately or fast, through one interface.

A scorer gives a logit per category; Platt's scaling makes it a calibrated probability, and a threshold per category a
decision. Trained by `nlp.train_classifier`, kept in `models/classifier` and `models/classifier-fast`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from nlp import artefact
from nlp.encoder import encoder_folder
from nlp.paths import MODELS

Mode = Literal["accurate", "fast"]
MODES: tuple[Mode, ...] = get_args(Mode)

KIND, VERSION = "clause-classifier", 2
FOLDERS: dict[Mode, Path] = {"accurate": MODELS / "classifier", "fast": MODELS / "classifier-fast"}

Arrays = Mapping[str, NDArray[Any]]


class Scorer(Protocol):
    """Reads texts and gives a logit for each label."""

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return logits of shape (len(texts), labels); those of a text do not depend on the others."""
        ...


@dataclass(frozen=True)
class ClauseClassifier:
    """A multi-label classifier in the manner of scikit-learn.

    `calibration` of shape (labels, 2) holds slope and offset of Platt's scaling of the scorer's logits; `thresholds`
    of shape (labels,) the probability from which a label is given. `fingerprint` tells its tags from another's.
    """

    scorer: Scorer
    labels: list[str]
    calibration: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    fingerprint: str

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities of shape (len(texts), 13).

        A text is best given as it is read, "heading: lead-in: clause"; the probabilities of a text are the same
        whatever other texts come with it. Raises `TypeError` where one string is given for the list.
        """
        if isinstance(texts, str):
            raise TypeError("predict_proba takes a list of texts; put the single text into a list")
        if len(texts) == 0:
            return np.zeros((0, len(self.labels)))
        slope, offset = self.calibration.T.astype(np.float64)
        return np.asarray(expit(slope * self.scorer.score(texts) + offset))

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which labels hold: those over their threshold, or the likeliest one where none is."""
        chosen = probabilities >= self.thresholds
        bare = ~chosen.any(axis=1)
        chosen[bare, probabilities[bare].argmax(axis=1)] = True
        return np.asarray(chosen, np.bool_)

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which labels hold, shape (len(texts), 13); every text gets one at least."""
        return self.decide(self.predict_proba(texts))

    @classmethod
    def from_arrays(cls, mode: Mode, labels: Sequence[str], arrays: Arrays, folder: Path) -> ClauseClassifier:
        """Make a classifier of arrays as `save` writes them; raises `ArtefactError` where they do not fit together."""
        weights = {name: array for name, array in arrays.items() if name not in ("calibration", "thresholds")}
        try:
            calibration, thresholds = arrays["calibration"], arrays["thresholds"]
        except KeyError as e:
            raise artefact.ArtefactError(f"{folder} is damaged: {e.args[0]} is missing; train again") from e
        if calibration.shape != (len(labels), 2) or thresholds.shape != (len(labels),):
            raise artefact.ArtefactError(f"{folder} is damaged: labels and calibration differ in number; train again")
        scorer = _scorer(mode)(weights, len(labels), folder)
        return cls(scorer, list(labels), calibration, thresholds, _fingerprint(mode, labels, arrays))

    @classmethod
    def load(cls, folder: Path | None = None, *, mode: Mode = "accurate") -> ClauseClassifier:
        """Load a classifier: by default the one that `models/` keeps for the mode.

        Raises `ValueError` for an unknown mode and `ArtefactError` where the folder is torn, holds something else or
        was made for another encoder.
        """
        if mode not in MODES:
            raise ValueError(f"no such mode: {mode!r}; choose one of {', '.join(MODES)}")
        folder = folder or FOLDERS[mode]
        config, arrays = artefact.load(folder, KIND, VERSION)
        if config.get("mode") != mode:
            raise artefact.ArtefactError(f"{folder} holds a classifier of mode {config.get('mode')!r}, not {mode!r}")
        if config.get("encoder") != encoder_folder()[1]:
            made, given = config.get("encoder"), encoder_folder()[1]
            raise artefact.ArtefactError(f"{folder} was trained with the encoder {made}, not with {given}; train again")
        labels = config.get("labels")
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            raise artefact.ArtefactError(f"{folder} is damaged and cannot be read as a {KIND}; train again")
        made = cls.from_arrays(mode, labels, arrays, folder)
        if made.fingerprint != config.get("fingerprint"):
            raise artefact.ArtefactError(f"{folder} is not what was trained: its fingerprint differs; train again")
        return made


def save(folder: Path, mode: Mode, labels: Sequence[str], arrays: Arrays, about: Mapping[str, Any]) -> None:
    """Write a classifier's arrays to a folder, whole or not at all; `about` goes into its configuration."""
    config = {
        "kind": KIND,
        "version": VERSION,
        "mode": mode,
        "labels": list(labels),
        "encoder": encoder_folder()[1],
        "fingerprint": _fingerprint(mode, labels, arrays),
        **about,
    }
    artefact.save(folder, config, arrays)


def _scorer(mode: Mode) -> Callable[[Arrays, int, Path], Scorer]:
    """Return what makes a mode's scorer of its arrays."""
    # transformers takes a second to import, which the fast mode must not wait for.
    if mode == "accurate":
        from nlp.transformer_scorer import TransformerScorer

        return TransformerScorer.from_arrays
    from nlp.bag_scorer import BagScorer

    return BagScorer.from_arrays


def _fingerprint(mode: Mode, labels: Sequence[str], arrays: Arrays) -> str:
    return artefact.fingerprint(arrays, mode, list(labels), encoder_folder()[1])
