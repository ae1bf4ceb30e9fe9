"""Train the reranker on our own questions and on PolicyQA."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from corpus.policyqa import held_back, read_policyqa
from corpus.questions import Question, QuestionSet, read_bait
from nlp.encoder import Encoder
from nlp.finetune import parameter_groups
from nlp.lexical import LexicalIndex
from nlp.reranker import Pair, PairModel
from nlp.retrieve import LEXICAL_WEIGHT
from nlp.segment import segment
from nlp.sentences import sentence_spans
from nlp.steps import Progress, descend, linear_rate, padded
from nlp.word_pieces import load_tokenizer, pair_ids

_SEED = 0
_NEGATIVES = 6
_HARD = 40
_GROUPS_PER_STEP = 12
_TOKENS_PER_PASS = 4096
_WARM_UP = 0.1
DROPOUT = 0.1
# Half the time that it takes to read long clauses to their end.
_MAX_TOKENS = 160
_POLICYQA_WEIGHT = 0.5
# A group has one or two answers among some six other clauses.
_BEST_WEIGHT, _ALSO_WEIGHT = 3.0, 1.5
# A passage with as few words stands in others by chance.
_TELLING_WORDS = 4
# One group in ten meets a clause that tells the reader of the statement what to answer.
_BAIT = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """A question with clauses of one statement: those that answer it, best first, and those that do not.

    `near` are tempting clauses that a reader named, `negatives` all that do not answer, the nearest first (for our own
    questions). `polarity` is 1 for yes and 0 for no; None where the question is of another kind or not answered.
    """

    question: str
    positives: tuple[str, ...]
    negatives: tuple[str, ...]
    near: tuple[str, ...] = ()
    polarity: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast to train; in each epoch so many questions of PolicyQA are seen."""

    epochs: int = 4
    learning_rate: float = 2e-4
    policyqa: int = 200
    seed: int = _SEED


def own_groups(sets: Sequence[QuestionSet], encoder: Encoder) -> list[Group]:
    """Return a group for each of our own questions; negatives are the nearest clauses that do not answer."""
    groups = []
    for questions in sets:
        clauses = segment(questions.statement)
        contexts = [clause.context for clause in clauses]
        vectors, lexical = encoder.encode(contexts), LexicalIndex.from_texts(contexts)
        asked = encoder.encode([question.text for question in questions.questions])
        for question, vector in zip(questions.questions, asked, strict=True):
            order = np.argsort(-(vectors @ vector + LEXICAL_WEIGHT * lexical.scores(question.text)), kind="stable")
            hit = answering([clause.text for clause in clauses], question)
            # What limits the answer is half an answer: it is neither picked nor passed over.
            free = {i for i, clause in enumerate(clauses) if matches(clause.text, question.conditions)} | set(hit)
            negatives = tuple(contexts[i] for i in order if i not in free)[:_HARD]
            near = tuple(contexts[i] for i in order if i not in free and matches(clauses[i].text, question.near))
            polarity = {"yes": 1, "no": 0}.get(question.verdict)
            groups.append(Group(question.text, tuple(contexts[i] for i in hit), negatives, near, polarity))
    return groups


def answering(texts: Sequence[str], question: Question) -> list[int]:
    """Return the indices of the clauses that answer a question, those that an ideal answer cites first."""
    hit = [i for i, text in enumerate(texts) if answers(text, question)]
    return sorted(hit, key=lambda i: not matches(texts[i], question.must))


def answers(text: str, question: Question) -> bool:
    """Tell whether a clause is one of the passages that answer a question."""
    return matches(text, question.quotes)


def matches(text: str, passages: Sequence[str]) -> bool:
    """Tell whether a clause is one of several passages, holds one or is part of one."""
    return any(text == passage or _holds(text, passage) or _holds(passage, text) for passage in passages)


def _holds(text: str, part: str) -> bool:
    return part in text and len(part.split()) >= _TELLING_WORDS


def policyqa_groups(data: Path) -> list[Group]:
    """Return a group for each PolicyQA question: sentences of its passage, and of other passages of the policy.

    Policies that are held back for measuring are left out.
    """
    questions = read_policyqa(data)
    measured = set(held_back(question.policy for question in questions))
    questions = [question for question in questions if question.policy not in measured]
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
            negatives = tuple((miss + others)[:_HARD])
            groups.append(Group(question.question, tuple(hit), negatives, weight=_POLICYQA_WEIGHT))
    return groups


def _sentences(passage: str) -> Iterator[tuple[int, int, str]]:
    for start, end in sentence_spans(passage):
        yield start, end, passage[start:end].strip()


def train(
    own: Sequence[Group],
    policyqa: Sequence[Group],
    recipe: Recipe,
    *,
    start: PairModel | None = None,
    report: Progress = print,
) -> PairModel:
    """Train a model; `report` gets a line after each epoch.

    The loss is that of picking an answering clause out of its group (a softmax over the group), of saying for each
    clause whether it answers (so that a question without an answer counts), and of yes against no.
    """
    torch.manual_seed(recipe.seed)
    rng, tokenizer = random.Random(recipe.seed), load_tokenizer(_MAX_TOKENS)
    model = start or PairModel.untrained(DROPOUT)
    optimizer = torch.optim.AdamW(parameter_groups(model), lr=recipe.learning_rate, fused=True)
    extra = min(recipe.policyqa, len(policyqa))
    steps = recipe.epochs * ((len(own) + extra) // _GROUPS_PER_STEP)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: linear_rate(step, steps, _WARM_UP))
    sampler, started = Sampler(rng, read_bait()), time.monotonic()
    model.train()
    for epoch in range(recipe.epochs):
        groups, losses = [*own, *rng.sample(policyqa, extra)], []
        rng.shuffle(groups)
        for at in range(0, len(groups) - _GROUPS_PER_STEP + 1, _GROUPS_PER_STEP):
            loss = step_loss(model, tokenizer, [sampler.pick(group) for group in groups[at : at + _GROUPS_PER_STEP]])
            losses.append(descend(loss, optimizer, schedule))
        minutes = (time.monotonic() - started) / 60
        report(f"epoch {epoch + 1} of {recipe.epochs}, loss {np.mean(losses):.3f}, {minutes:.1f} min")
    return model.eval()


@dataclass(frozen=True, slots=True)
class Picked:
    """What one step sees of a group: the answer to pick, further answers, and clauses that do not answer."""

    group: Group
    best: list[str]
    also: list[str]
    others: list[str]


@dataclass(frozen=True)
class Sampler:
    """Picks clauses of groups at random; `bait` are lines that tell the reader of a statement what to answer."""

    rng: random.Random
    bait: Sequence[str] = ()

    def pick(self, group: Group) -> Picked:
        """Pick one or two answers and six other clauses, the nearest most often: those are what retrieval offers."""
        rng, negatives = self.rng, group.negatives
        # The best answer in half of the groups, any in the others.
        best = list(group.positives[:1]) if rng.random() < 0.5 else _some(group.positives, 1, rng)
        also = _some([text for text in group.positives if text not in best], 1, rng)
        others = list(dict.fromkeys([*_some(negatives[:5], 2, rng), *_some(group.near, 1, rng)]))
        others += _some([text for text in negatives[:12] if text not in others], 2, rng)
        others += _some([text for text in negatives if text not in others], _NEGATIVES - len(others), rng)
        if self.bait and rng.random() < _BAIT:
            others = [*others[:-1], rng.choice(self.bait)]
        return Picked(group, best, also, others)


def step_loss(model: PairModel, tokenizer: Tokenizer, picked: Sequence[Picked]) -> Tensor:
    """Return the loss of a few groups."""
    pairs: list[Pair] = []
    target, weight = [], []
    choices, polar = [], []
    for one in picked:
        start, answering = len(pairs), len(one.best) + len(one.also)
        texts = [*one.best, *one.also, *one.others]
        pairs += [(one.group.question, text) for text in texts]
        target += [1.0] * answering + [0.0] * len(one.others)
        kinds = [_BEST_WEIGHT] * len(one.best) + [_ALSO_WEIGHT] * len(one.also) + [1.0] * len(one.others)
        weight += [one.group.weight * w for w in kinds]
        if one.best:
            choices.append((start, range(start + answering, len(pairs)), one.group.weight))
        if one.group.polarity is not None:
            polar += [(start + i, float(one.group.polarity)) for i in range(answering)]
    logits = pair_logits(model, tokenizer, pairs)
    relevance, cross_entropy = logits[:, 0], nn.functional.binary_cross_entropy_with_logits
    loss = cross_entropy(relevance, torch.tensor(target), weight=torch.tensor(weight))
    listwise = [w * (relevance[[i, *others]].logsumexp(0) - relevance[i]) for i, others, w in choices]
    loss = loss + 0.5 * torch.stack(listwise).mean() if listwise else loss
    if polar:
        at, truth = torch.tensor([i for i, _ in polar]), torch.tensor([y for _, y in polar])
        loss = loss + 0.5 * cross_entropy(logits[at, 1], truth)
    return loss


def pair_logits(model: PairModel, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> Tensor:
    """Return the logits of pairs, shape (n, 2), computed in passes of like length: little is spent on padding."""
    rows = pair_ids(tokenizer, pairs)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    parts, at = [], 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end + 1 - at) * len(rows[order[end]]) <= _TOKENS_PER_PASS:
            end += 1
        # Half the time, where the processor multiplies bfloat16; the weights stay in single precision.
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(model(*padded([rows[i] for i in order[at:end]])))
        at = end
    return torch.cat(parts).float()[torch.tensor(order).argsort()]


def _some(texts: Sequence[str], count: int, rng: random.Random) -> list[str]:
    return rng.sample(texts, min(max(count, 0), len(texts)))
