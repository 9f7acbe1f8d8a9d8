"""Compares the losses of step_torch.py with Forger's, for ../peers_test.ts.

    python agree.py FILE

FILE is the JSON that the test writes: a configuration, Forger's weights, images and random numbers, and the losses of a few steps
with them. Prints the largest difference of a loss, relative to Forger's.
"""
import argparse
import json
import sys

import numpy
import torch
import torch.nn.functional as F
from torch import nn

import step_torch

KINDS = {"Conv2D": nn.Conv2d, "Conv2DTranspose": nn.ConvTranspose2d, "Dense": nn.Linear, "BatchNormalization": nn.BatchNorm2d}


def tensor(given):
    return torch.tensor(numpy.array(given["values"], numpy.float32).reshape(given["shape"]))


def channels_first(weights, side, axis):
    """Reorders the axis of a dense layer that stands for feature maps with `side` rows and columns."""
    weights = weights.movedim(axis, 0)
    return weights.unflatten(0, (side, side, -1)).permute(2, 0, 1, 3).flatten(0, 2).movedim(0, axis)


def weight_of(layer, side):
    kernel = tensor(layer["weights"][0])
    if kernel.dim() == 4:
        return kernel.permute(3, 2, 0, 1)
    if layer["name"] in ("project", "logits"):  # they follow, or precede, a change between vectors and feature maps
        kernel = channels_first(kernel, side, 1 if layer["name"] == "project" else 0)
    return kernel.T


def copy_weights(network, layers, side):
    """Copies Forger's weights, whose layers of each kind have the same order."""
    for kind, type in KINDS.items():
        modules = [module for module in network.modules() if isinstance(module, type)]
        theirs = [layer for layer in layers if layer["kind"] == kind]
        assert len(modules) == len(theirs), f"{len(modules)} instead of {len(theirs)} layers of kind {kind}"
        for module in modules:
            layer = next(layer for layer in theirs if weight_of(layer, side).shape == module.weight.shape)
            theirs.remove(layer)
            module.weight.data.copy_(weight_of(layer, side))
            if len(layer["weights"]) > 1:
                module.bias.data.copy_(tensor(layer["weights"][1]))


given = json.load(open(sys.argv[1]))
step_torch.args = argparse.Namespace(fused=False, precision="float32", **given["configuration"])
step_torch.LAYOUT = torch.contiguous_format
images, noise = (map(tensor, given[name]) for name in ("images", "noise"))
step_torch.images = lambda channels=3: next(images).permute(0, 3, 1, 2).contiguous()
networks, step = step_torch.build(given["system"])
for name, network in networks.items():
    copy_weights(network, given["networks"][name], 7 if given["system"] == "conditional-gan" else 4)
torch.rand = torch.randn = torch.randn_like = lambda *shape: next(noise)
F.dropout = lambda x, *_: x
largest = 0
for losses in given["losses"]:
    own = step()
    assert own.keys() == losses.keys(), f"losses {list(own)} instead of {list(losses)}"
    largest = max(largest, *(abs(own[name] / loss - 1) for name, loss in losses.items()))
print(largest)
