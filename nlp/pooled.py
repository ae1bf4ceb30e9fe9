"""MiniLM with the mean of its token vectors, which the reranker and the accurate classifier put their heads on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class PooledModel(nn.Module):
    """A body whose word embeddings are those of the installed encoder: only what lies above them is kept."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def pooled(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return the mean of the token vectors of each text, shape (n, width), padding left out."""
        states = self.body(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(states.dtype)
        return (states * mask).sum(1) / mask.sum(1)  # type: ignore[no-any-return]

    def own_state(self) -> dict[str, Tensor]:
        """Return the parameters that training changes: all but the embeddings."""
        return {name: value for name, value in self.state_dict().items() if not name.startswith("body.embeddings.")}

    def arrays(self) -> dict[str, NDArray[np.float16]]:
        """Return these parameters in half precision, as they are kept."""
        return {name: value.detach().float().numpy().astype(np.float16) for name, value in self.own_state().items()}

    def take_arrays(self, arrays: Mapping[str, NDArray[np.float16]]) -> None:
        """Take over parameters as `arrays` gives them; raises `ValueError` where they are not all of this model's."""
        state = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
        own = self.own_state()
        if state.keys() != own.keys() or any(state[name].shape != own[name].shape for name in own):
            raise ValueError("the arrays are not those of this model")
        self.load_state_dict(state, strict=False)
