"""Which blocks of a matrix are kept: the most salient, as the kernels want them."""

import torch
from torch import Tensor

from foretype.model.config import GROUP

KERNEL_BLOCK = "16x4"  # the one that our kernels skip


def shape_of(blocks: str) -> tuple[int, int]:
    """16x4 -> (16, 4): rows and columns."""
    rows, columns = blocks.split("x")
    return int(rows), int(columns)


def block_sums(values: Tensor, shape: tuple[int, int]) -> Tensor:
    """[rows, columns] -> [rows / h, columns / w]."""
    height, width = shape
    rows, columns = values.shape
    sums: Tensor = values.reshape(rows // height, height, columns // width, width).sum((1, 3))
    return sums


def spread(chosen: Tensor, shape: tuple[int, int]) -> Tensor:
    """A block's answer for each of its weights: the inverse of `block_sums`' shape."""
    return chosen.repeat_interleave(shape[0], 0).repeat_interleave(shape[1], 1)


def choose(saliency: Tensor, blocks: str, density: float) -> Tensor:
    """The kept weights, bool [rows, columns]: about `density` of them, in whole blocks."""
    shape = shape_of(blocks)
    sums = block_sums(saliency, shape)
    if blocks == KERNEL_BLOCK:
        return spread(_even(sums, density), shape)
    count = round(density * sums.numel())
    return spread(_largest(sums, count), shape)


def kept_share(saliency: Tensor, blocks: str, density: float) -> float:
    """How much of the saliency the best choice of blocks keeps."""
    kept = choose(saliency, blocks, density)
    return float((saliency * kept).sum() / saliency.sum().clamp_min(1e-30))


def _even(sums: Tensor, density: float) -> Tensor:
    """An even number of each group's 8 blocks: pairs compete, not blocks.

    A group's best two are its first pair, the next two its second, and so on; pairs of a group
    only fall, so the best pairs of all groups are the first of each.
    """
    rows, columns = sums.shape
    blocks = GROUP // shape_of(KERNEL_BLOCK)[1]
    groups = sums.reshape(rows, columns // blocks, blocks)
    order = groups.argsort(-1, descending=True)
    pairs = groups.gather(-1, order).unflatten(-1, (-1, 2)).sum(-1)
    chosen = _largest(pairs.flatten(), round(density * pairs.numel())).view(pairs.shape)
    in_order = chosen.repeat_interleave(2, -1)
    kept = torch.zeros_like(in_order).scatter(-1, order, in_order)
    return kept.view(rows, columns)


def _largest(values: Tensor, count: int) -> Tensor:
    """True for the `count` largest; of equal ones the first."""
    flat = values.flatten()
    order = flat.argsort(descending=True, stable=True)[:count]
    chosen = torch.zeros(len(flat), dtype=torch.bool, device=values.device)
    chosen[order] = True
    return chosen.view(values.shape)
