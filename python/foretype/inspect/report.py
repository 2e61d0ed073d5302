"""From a model, a profile and replay reports to the sections of the page, and to the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foretype import Profile
from foretype.inspect.background_words import background_words
from foretype.inspect.calibration import calibration
from foretype.inspect.coverage import coverage
from foretype.inspect.effective_rank import ranks
from foretype.inspect.evidence import Evidence, read_evidence
from foretype.inspect.export import export_tokens
from foretype.inspect.hit_rates import regions
from foretype.inspect.model_tokens import ModelTokens, read_tokens
from foretype.inspect.page.parts import Section
from foretype.inspect.projection import Projection, principal_components, sample
from foretype.inspect.replay_points import ReplayReport
from foretype.inspect.sections.confidence import confidence
from foretype.inspect.sections.dial import dial
from foretype.inspect.sections.directions import directions
from foretype.inspect.sections.embedding_space import embedding_space
from foretype.inspect.sections.hit_rate import hit_rate
from foretype.inspect.sections.neurons import neurons
from foretype.inspect.sections.vocabulary import vocabulary
from foretype.inspect.usage import (
    Ints,
    WordUse,
    novelty,
    own_ranking,
    own_words,
    public_ranking,
    token_uses,
)
from foretype.model import Progress
from foretype.model.progress import no_progress

STAGE = "measuring"
STEPS = 5


@dataclass(frozen=True)
class Inspected:
    """What the model and the profile were found to be. Holds the owner's words."""

    tokens: ModelTokens
    words: Sequence[WordUse]
    uses: Ints
    projection: Projection
    evidence: Evidence


def inspect(model: Path, profile: Profile, *, progress: Progress = no_progress) -> Inspected:
    """Read and project everything. Raises ModelError if the model cannot be read."""
    tokens = read_tokens(model, progress)
    words = own_words(profile)
    projection = principal_components(tokens.embedding)
    return Inspected(tokens, words, token_uses(words, tokens), projection, read_evidence(profile))


def sections(
    found: Inspected,
    *,
    replays: Sequence[ReplayReport] = (),
    words: bool = True,
    progress: Progress = no_progress,
) -> list[Section]:
    """The report, in order; without `words` none of the owner's is in it."""
    tokens, uses, evidence = found.tokens, found.uses, found.evidence
    progress(STAGE, 0, STEPS)
    made = [embedding_space(tokens, found.projection, uses, words=words)]
    progress(STAGE, 1, STEPS)
    made.append(_vocabulary(found))
    progress(STAGE, 2, STEPS)
    width = tokens.embedding.shape[1]
    made.append(directions(ranks(tokens.embedding, uses), width=width))
    progress(STAGE, 3, STEPS)
    made.append(neurons(evidence.layers))
    progress(STAGE, 4, STEPS)
    made.append(hit_rate(evidence.table, regions(evidence.prototypes), evidence.weeks))
    made += [confidence(calibration(evidence.table)), dial(replays)]
    progress(STAGE, STEPS, STEPS)
    return made


def export(
    folder: Path, found: Inspected, *, words: bool = True, progress: Progress = no_progress
) -> tuple[Path, ...]:
    """Write the tokens that the page draws for other viewers; returns the files.

    Without `words` it holds the model's tokens only, and nothing of the owner's.
    """
    uses = found.uses if words else np.zeros_like(found.uses)
    chosen = np.sort(np.concatenate(sample(uses)))
    shown = uses if words else None
    return export_tokens(folder, found.tokens, chosen, found.projection, shown, progress)


def _vocabulary(found: Inspected) -> Section:
    tokens, uses, words = found.tokens, found.uses, found.words
    public = public_ranking(background_words(), tokens)
    return vocabulary(
        coverage(words, uses, own_ranking(uses), tokens),
        coverage(words, uses, public, tokens),
        uses,
        novelty(words, tokens),
        width=tokens.embedding.shape[1],
    )
