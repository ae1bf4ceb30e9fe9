"""Train the reranker on our own questions and on PolicyQA."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from corpus.policyqa import read_policyqa
from corpus.questions import Question, QuestionSet
from nlp.encoder import Encoder
from nlp.reranker import Pair, Reranker
from nlp.segment import segment
from nlp.sentences import sentence_spans
from nlp.steps import Progress, linear_rate

_SEED = 0
_NEGATIVES = 6
_HARD = 24
_POLICYQA_PER_EPOCH = 800
_GROUPS_PER_STEP = 8
_CHUNK = 14
_LEARNING_RATE = 7e-5
_WARM_UP = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """A question with clauses of one statement: those that answer it and tempting ones that do not, best first.

    `polarity` is 1 for yes and 0 for no; None where the question is of another kind or not answered.
    """

    question: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...]
    polarity: int | None = None


def own_groups(sets: Sequence[QuestionSet], encoder: Encoder) -> list[Group]:
    """Return a group for each of our own questions; negatives are the nearest clauses that do not answer."""
    groups = []
    for questions in sets:
        clauses = segment(questions.statement)
        vectors = encoder.encode([clause.context for clause in clauses])
        asked = encoder.encode([question.text for question in questions.questions])
        for question, vector in zip(questions.questions, asked, strict=True):
            order = np.argsort(-(vectors @ vector))
            hit = {i for i, clause in enumerate(clauses) if answers(clause.text, question)}
            negatives = tuple(clauses[i].context for i in order if i not in hit)[:_HARD]
            polarity = {"yes": 1, "no": 0}.get(question.verdict)
            groups.append(Group(question.text, tuple(clauses[i].context for i in hit), negatives, polarity))
    return groups


def answers(text: str, question: Question) -> bool:
    """Tell whether a clause is one of the passages that answer a question."""
    return any(quote in text or text in quote for quote in question.quotes)


def policyqa_groups(data: Path) -> list[Group]:
    """Return a group for each PolicyQA question: sentences of its passage, and of other passages of the policy."""
    questions = read_policyqa(data)
    elsewhere: dict[str, list[str]] = defaultdict(list)
    cut = {question.passage: list(_sentences(question.passage)) for question in questions}
    for question in questions:
        if not elsewhere[question.policy] or elsewhere[question.policy][-1] != cut[question.passage][-1][2]:
            elsewhere[question.policy] += [text for _, _, text in cut[question.passage]]
    rng, groups = random.Random(_SEED), []
    for question in questions:
        hit: list[str] = []
        miss: list[str] = []
        for start, end, text in cut[question.passage]:
            (hit if any(a < end and b > start for a, b in question.answers) else miss).append(text)
        others = [text for text in _some(elsewhere[question.policy], 8, rng) if text not in hit]
        if hit:
            groups.append(Group(question.question, tuple(hit), tuple((miss + others)[:_HARD])))
    return groups


def _sentences(passage: str) -> Iterator[tuple[int, int, str]]:
    for start, end in sentence_spans(passage):
        yield start, end, passage[start:end].strip()


def train(own: Sequence[Group], policyqa: Sequence[Group], *, epochs: int, report: Progress = print) -> Reranker:
    """Train a reranker; `report` gets a line now and then.

    The loss is that of picking an answering clause out of its group (a softmax over the group), of saying for each
    clause whether it answers (so that a question without an answer counts), and of yes against no.
    """
    torch.manual_seed(_SEED)
    rng, reranker = random.Random(_SEED), Reranker.untrained()
    model = reranker.model
    for parameter in model.body.embeddings.parameters():  # type: ignore[union-attr]
        parameter.requires_grad_(False)
    steps = epochs * ((len(own) + min(_POLICYQA_PER_EPOCH, len(policyqa))) // _GROUPS_PER_STEP)
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=_LEARNING_RATE, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: linear_rate(step, steps, _WARM_UP))
    model.train()
    step, running = 0, 0.0
    for epoch in range(epochs):
        groups = [*own, *rng.sample(policyqa, min(_POLICYQA_PER_EPOCH, len(policyqa)))]
        rng.shuffle(groups)
        for at in range(0, len(groups) - _GROUPS_PER_STEP + 1, _GROUPS_PER_STEP):
            loss = _loss(reranker, groups[at : at + _GROUPS_PER_STEP], rng)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step, running = step + 1, running + loss.item()
            if step % 20 == 0:
                report(f"epoch {epoch + 1} of {epochs}, step {step} of {steps}, loss {running / 20:.3f}")
                running = 0.0
    model.eval()
    return reranker


def _loss(reranker: Reranker, groups: Sequence[Group], rng: random.Random) -> Tensor:
    pairs: list[Pair] = []
    spans, polar = [], []
    for group in groups:
        start = len(pairs)
        pairs += [(group.question, text) for text in _some(group.positives, 1, rng)]
        positives = len(pairs) - start
        pairs += [(group.question, text) for text in _pick(group.negatives, rng)]
        spans.append((start, positives, len(pairs)))
        if positives and group.polarity is not None:
            polar.append((start, float(group.polarity)))
    logits = _logits(reranker, pairs)
    relevance, target = logits[:, 0], torch.zeros(len(pairs))
    listwise = []
    for start, positives, end in spans:
        target[start : start + positives] = 1
        if positives:
            listwise.append(torch.logsumexp(relevance[start:end], 0) - relevance[start])
    weight = torch.where(target > 0, 3.0, 1.0)
    loss = nn.functional.binary_cross_entropy_with_logits(relevance, target, weight=weight)
    loss = loss + 0.5 * torch.stack(listwise).mean() if listwise else loss
    if polar:
        at, truth = torch.tensor([i for i, _ in polar]), torch.tensor([y for _, y in polar])
        loss = loss + 0.5 * nn.functional.binary_cross_entropy_with_logits(logits[at, 1], truth)
    return loss


def _logits(reranker: Reranker, pairs: Sequence[Pair]) -> Tensor:
    """Return the logits of pairs, computed in chunks of like length so that little is spent on padding."""
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
    parts = []
    for at in range(0, len(order), _CHUNK):
        # Half the time, where the processor multiplies bfloat16; the weights stay in single precision.
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(reranker.model(reranker.batch([pairs[i] for i in order[at : at + _CHUNK]])))
    places = torch.tensor(order).argsort()
    return torch.cat(parts).float()[places]


def _pick(negatives: Sequence[str], rng: random.Random) -> list[str]:
    """Pick negatives, the nearest most often: those are what retrieval will offer."""
    near = _some(negatives[:6], 3, rng)
    return near + _some([text for text in negatives if text not in near], _NEGATIVES - len(near), rng)


def _some(texts: Sequence[str], count: int, rng: random.Random) -> list[str]:
    return rng.sample(texts, min(count, len(texts)))
