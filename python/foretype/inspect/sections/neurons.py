"""Which neurons are busy, which stay the same, and which could be merged or dropped."""

from collections.abc import Mapping, Sequence

import numpy as np

from foretype.inspect.neurons import (
    MERGE_SIMILARITY,
    MERGE_SWAPS,
    PRUNE_SHARE,
    Idle,
    Pair,
    activity_shares,
    merge_candidates,
    prune_candidates,
)
from foretype.inspect.page.parts import (
    GOOD,
    OTHER,
    OWN,
    QUIET,
    Figure,
    Plot,
    Section,
    Table,
    axis,
    counted,
    log_axis,
    per_cent,
    reference_line,
)
from foretype.inspect.usage import Floats
from foretype.statistics.neurons import Layer

NAME, HEADING = "neurons", "Which neurons work for you"
LISTED = 12  # candidates in a table
MOST_DOTS = 4000
SEED = 0
BINS = 40
LEAST_SHARE = 1e-3  # of the median activity: what is less is drawn here


def neurons(layers: Mapping[int, Layer]) -> Section:
    """`layers` by number, of those that were looked at."""
    if not layers:
        says = (
            "Nothing has been seen of the model's neurons yet: that comes with typing while the "
            "language model is on."
        )
        return Section(NAME, HEADING, says)
    merge = [pair for number, layer in layers.items() for pair in merge_candidates(number, layer)]
    prune = [idle for number, layer in layers.items() for idle in prune_candidates(number, layer)]
    matched = {number: layer for number, layer in layers.items() if len(layer.matches)}
    units = sum(layer.units for layer in layers.values())
    says = (
        f"Of {counted(units, 'neuron')} seen in {counted(len(layers), 'layer')} of the model, "
        f"{_idle(len(prune))} on your text, and {_pairs(len(merge))} could be merged."
    )
    parts: list[Plot | Table] = [_activity(layers, len(prune))]
    if matched:
        parts = [_by_layer(matched), _dots(matched, merge, prune)]
    else:
        says += " Whether they keep their roles is known after three stretches of 256 tokens each."
    parts += [_merge_table(merge)] if merge else []
    parts += [_prune_table(prune)] if prune else []
    return Section(NAME, HEADING, says, parts)


def _idle(count: int) -> str:
    return f"{count:,} hardly act{'s' if count == 1 else ''}" if count else "all are active"


def _pairs(count: int) -> str:
    return counted(count, "pair") if count else "no pair"


def _activity(layers: Mapping[int, Layer], idle: int) -> Plot:
    shares = np.concatenate([activity_shares(layers[number]) for number in sorted(layers)])
    logs = np.log10(shares.clip(LEAST_SHARE))
    counts, edges = np.histogram(logs, bins=BINS)
    middles = 10 ** ((edges[1:] + edges[:-1]) / 2)
    return Plot(
        title=_activity_title(shares, idle),
        guide="How many neurons are how active on your text: to the left are those that hardly "
        "act, to the right those that do much.",
        traces=[
            {
                "type": "bar",
                "x": [float(f"{middle:.4g}") for middle in middles],
                "y": counts.tolist(),
                "width": [float(f"{width:.4g}") for width in np.diff(10**edges)],
                "marker": {"color": OWN},
                "hovertemplate": "%{x:.2g} of the median: %{y:,} neurons<extra></extra>",
            }
        ],
        layout={
            "xaxis": log_axis("activity, as a multiple of the layer's median", middles.tolist()),
            "yaxis": axis("neurons", rangemode="tozero"),
        },
    )


def _by_layer(layers: Mapping[int, Layer]) -> Plot:
    numbers = sorted(layers)
    found = [variance for number in numbers if (variance := layers[number].variance())]
    middle = [round(each.variance, 4) for each in found]
    chance = [round(each.baseline_here, 4) for each in found]
    mean = float(np.mean(middle))
    return Plot(
        title=f"Between two stretches of your text {per_cent(mean)} of the neurons change places; "
        f"by chance it would be {per_cent(float(np.mean(chance)))}",
        guide="Each neuron is matched with its like in another stretch of 256 tokens; the height "
        "is the share that finds another one than itself: low means that it does the same "
        "whatever you write about.",
        traces=[
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": numbers,
                "y": middle,
                "name": "permutation variance",
                "line": {"color": OWN, "width": 2},
                "hovertemplate": "layer %{x}: %{y:.3f}<extra></extra>",
            },
            reference_line(numbers, chance, "by chance, over as many stretches"),
        ],
        layout={
            "xaxis": axis("layer, from the input on", dtick=1 if len(numbers) < 12 else 5),
            "yaxis": axis("permutation variance (0 = all stay)", range=[0, 1]),
        },
    )


def _dots(layers: Mapping[int, Layer], merge: Sequence[Pair], prune: Sequence[Idle]) -> Plot:
    places = [(number, unit) for number in sorted(layers) for unit in range(layers[number].units)]
    shares = np.concatenate([activity_shares(layers[number]) for number in sorted(layers)])
    variances = np.concatenate([_variances(layers[number]) for number in sorted(layers)])
    index = {place: row for row, place in enumerate(places)}
    merged = sorted({index[p.layer, u] for p in merge for u in (p.first, p.second)})
    idle = [index[each.layer, each.unit] for each in prune if each.layer in layers]
    rest = np.setdiff1d(np.arange(len(places)), [*merged, *idle])
    if len(rest) > MOST_DOTS:
        rest = np.sort(np.random.default_rng(SEED).choice(rest, MOST_DOTS, replace=False))
    drawn_shares = shares.clip(LEAST_SHARE).tolist()
    drawn = [
        (rest, "others", QUIET, 4),
        (np.array(merged, np.int64), "merge candidates", OTHER, 7),
        (np.array(idle, np.int64), "prune candidates", GOOD, 7),
    ]
    return Plot(
        title=_activity_title(shares, len(idle)),
        guide="Each dot is a neuron: to the left are those that hardly act on your text, and high "
        "up those that change places.",
        traces=[
            _trace(rows, name, colour, size, places, shares, variances)
            for rows, name, colour, size in drawn
            if len(rows)
        ],
        layout={
            "xaxis": log_axis("activity, as a multiple of the layer's median", drawn_shares),
            "yaxis": axis("permutation variance of the neuron", range=[-0.04, 1]),
            "hovermode": "closest",
        },
        height=460,
    )


def _activity_title(shares: Floats, idle: int) -> str:
    busiest = np.sort(shares)[::-1]
    tenth = busiest[: max(1, len(busiest) // 10)].sum() / max(float(busiest.sum()), 1e-12)
    few = f"{idle:,} have" if idle else "none has"
    return (
        f"The busiest tenth of the neurons has {per_cent(float(tenth))} of all activity; "
        f"{few} less than {per_cent(PRUNE_SHARE)} of what is usual in their layer"
    )


def _variances(layer: Layer) -> Floats:
    found = layer.variance()
    return np.zeros(layer.units) if found is None else np.nan_to_num(found.per_unit)


def _trace(
    rows: np.ndarray,
    name: str,
    colour: str,
    size: int,
    places: Sequence[tuple[int, int]],
    shares: Floats,
    variances: Floats,
) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{max(shares[row], LEAST_SHARE):.4g}") for row in rows],
        "y": [round(float(variances[row]), 4) for row in rows],
        "text": ["layer {}, neuron {}".format(*places[row]) for row in rows],
        "hovertemplate": "%{text}<br>activity %{x:.3g} of the median<br>"
        "permutation variance %{y:.2f}<extra></extra>",
        "name": f"{name} ({len(rows):,})",
        "marker": {"color": colour, "size": size, "opacity": 0.5 if colour == QUIET else 0.9},
    }


def _merge_table(pairs: Sequence[Pair]) -> Table:
    best = sorted(pairs, key=lambda pair: (-pair.similarity, pair.layer, pair.first))[:LISTED]
    return Table(
        title=f"Could be merged: {counted(len(pairs), 'pair')} of nearly the same neurons"
        + _listed(len(pairs)),
        guide=f"Signatures agree to at least {MERGE_SIMILARITY} (1 is the same), and in at least "
        f"{per_cent(MERGE_SWAPS)} of the stretches one took the other's place.",
        columns=("layer", "neurons", "agreement", "swapped in"),
        rows=[
            (
                str(pair.layer),
                f"{pair.first} and {pair.second}",
                f"{pair.similarity:.3f}",
                per_cent(pair.swaps),
            )
            for pair in best
        ],
        half=True,
    )


def _prune_table(idle: Sequence[Idle]) -> Table:
    least = sorted(idle, key=lambda each: (each.share, each.layer, each.unit))[:LISTED]
    return Table(
        title=f"Could be dropped: {counted(len(idle), 'neuron')} that hardly act"
        + _listed(len(idle)),
        guide=f"Their mean activity on your text is below {per_cent(PRUNE_SHARE)} of their "
        "layer's median.",
        columns=("layer", "neuron", "activity, of the median"),
        rows=[(str(each.layer), str(each.unit), per_cent(each.share)) for each in least],
        half=True,
    )


def _listed(count: int) -> str:
    return f" (the first {LISTED})" if count > LISTED else ""
