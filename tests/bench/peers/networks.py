"""Forger's networks in PyTorch, with the same layers and numbers of weights: see the files of the same names in lib/models."""
import math

import torch
import torch.nn.functional as F
from torch import nn

LEAK = 0.2


def conv(inputs, outputs, kernel=4, stride=1, padding=1, bias=True):
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=bias)


def transposed(inputs, outputs, bias=True):
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)


def norm(kind, channels):
    return nn.BatchNorm2d(channels) if kind == "batch" else nn.InstanceNorm2d(channels)


def planes(images, vector):
    """Appends each element of a vector to the channels, as a constant plane."""
    height, width = images.shape[2:]
    return torch.cat([images, vector[:, :, None, None].expand(-1, -1, height, width)], 1)


class UNet(nn.Module):
    """The generator of pix2pix and BicycleGAN. Convolutions before batch norm have no bias."""

    def __init__(self, size, inputs, filters, kind="batch", dropout=0.5):
        super().__init__()
        depth = min(8, int(math.log2(size)))
        widths = [filters * min(2**i, 8) for i in range(depth)]
        bias = kind != "batch"
        self.dropout = dropout
        self.down = nn.ModuleList(
            conv(before, width, 4, 2, bias=bias) for before, width in zip([inputs, *widths], widths))
        self.down_norms = nn.ModuleList(
            norm(kind, width) if 0 < i < depth - 1 else nn.Identity() for i, width in enumerate(widths))
        ups = widths[-2::-1]
        befores = [widths[-1], *[2 * width for width in ups]]
        self.up = nn.ModuleList(transposed(before, width, bias) for before, width in zip(befores, ups))
        self.up_norms = nn.ModuleList(norm(kind, width) for width in ups)
        self.last = transposed(befores[-1], 3)

    def forward(self, x):
        skips = []
        for i, (down, normalize) in enumerate(zip(self.down, self.down_norms)):
            x = normalize(down(F.leaky_relu(x, LEAK) if i else x))
            skips.append(x)
        skips.pop()
        for i, (up, normalize) in enumerate(zip(self.up, self.up_norms)):
            x = normalize(up(F.relu(x)))
            if i < 3 and self.dropout and self.training:
                x = F.dropout(x, self.dropout)
            x = torch.cat([x, skips.pop()], 1)
        return torch.tanh(self.last(F.relu(x)))


def patch_discriminator(inputs, filters, kind="batch"):
    layers = [conv(inputs, filters, 4, 2), nn.LeakyReLU(LEAK)]
    for factor, stride in [(2, 2), (4, 2), (8, 1)]:
        before, width = filters * factor // 2, filters * factor
        layers += [conv(before, width, 4, stride, bias=kind != "batch"), norm(kind, width), nn.LeakyReLU(LEAK)]
    return nn.Sequential(*layers, conv(8 * filters, 1))


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = lambda: [nn.ReflectionPad2d(1), conv(channels, channels, 3, padding=0), norm("instance", channels)]
        self.layers = nn.Sequential(*half(), nn.ReLU(), *half())

    def forward(self, x):
        return x + self.layers(x)


def resnet(filters, blocks):
    """The generator of CycleGAN."""
    wide = lambda inputs, outputs: [nn.ReflectionPad2d(3), conv(inputs, outputs, 7, padding=0)]
    layers = [*wide(3, filters), norm("instance", filters), nn.ReLU()]
    for width in [2 * filters, 4 * filters]:
        layers += [conv(width // 2, width, 3, 2), norm("instance", width), nn.ReLU()]
    layers += [ResidualBlock(4 * filters) for _ in range(blocks)]
    for width in [2 * filters, filters]:
        up = nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1)
        layers += [up, norm("instance", width), nn.ReLU()]
    return nn.Sequential(*layers, *wide(filters, 3), nn.Tanh())


class LatentEncoder(nn.Module):
    """The encoder of BicycleGAN, which returns the mean and the log standard deviation of the code."""

    def __init__(self, filters, latent):
        super().__init__()
        widths = [3, filters, 2 * filters, 4 * filters, 4 * filters]
        layers = []
        for i, (before, width) in enumerate(zip(widths, widths[1:])):
            layers += [conv(before, width, 4, 2), *([norm("instance", width)] if i else []), nn.LeakyReLU(LEAK)]
        self.layers = nn.Sequential(*layers)
        self.heads = nn.ModuleList(nn.Linear(widths[-1], latent) for _ in range(2))

    def forward(self, x):
        x = self.layers(x).mean([2, 3])
        return [head(x) for head in self.heads]


class DcganGenerator(nn.Module):
    """Two doublings, from 7x7 to 28x28 pixels."""

    def __init__(self, latent, classes, filters):
        super().__init__()
        self.project = nn.Linear(latent + classes, 7 * 7 * 2 * filters, bias=False)
        self.layers = nn.Sequential(
            nn.BatchNorm2d(2 * filters), nn.ReLU(), transposed(2 * filters, filters, False),
            nn.BatchNorm2d(filters), nn.ReLU(), transposed(filters, 1, False), nn.Tanh())

    def forward(self, noise, labels):
        return self.layers(self.project(torch.cat([noise, labels], 1)).unflatten(1, (-1, 7, 7)))


class DcganDiscriminator(nn.Module):
    def __init__(self, classes, filters):
        super().__init__()
        self.layers = nn.Sequential(
            conv(1 + classes, filters, 4, 2, bias=False), nn.LeakyReLU(LEAK),
            conv(filters, 2 * filters, 4, 2, bias=False), nn.BatchNorm2d(2 * filters), nn.LeakyReLU(LEAK),
            nn.Flatten(), nn.Linear(7 * 7 * 2 * filters, 1, bias=False))

    def forward(self, images, labels):
        return self.layers(planes(images, labels))


def normed(before, width, kernel, activation=nn.ReLU):
    """A convolution with batch norm: with stride 2 if the kernel is 4x4, as in lib/models/stackgan.ts."""
    stride, padding = (2, 1) if kernel == 4 else (1, kernel // 2)
    last = [] if activation is None else [nn.LeakyReLU(LEAK) if activation is nn.LeakyReLU else activation()]
    return [conv(before, width, kernel, stride, padding, False), nn.BatchNorm2d(width), *last]


def upsampling(before, side, size, filters):
    """Doubles the side length up to `size`, and then computes the image."""
    layers = []
    while side < size:
        side *= 2
        width = filters * min(8, size // side)
        layers += [nn.Upsample(scale_factor=2), *normed(before, width, 3)]
        before = width
    return [*layers, conv(before, 3, 3), nn.Tanh()]


class Augmentation(nn.Module):
    """Conditioning augmentation: the mean, the log standard deviation, and a sample."""

    def __init__(self, condition, augmented):
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(condition, augmented) for _ in range(2))

    def forward(self, condition):
        mean, log_deviation = (F.leaky_relu(head(condition), LEAK) for head in self.heads)
        return mean + log_deviation.exp() * torch.randn_like(mean), mean, log_deviation


class Sketcher(nn.Module):
    def __init__(self, size, filters, condition, latent, augmented):
        super().__init__()
        self.augmentation, self.latent = Augmentation(condition, augmented), latent
        deepest = filters * min(8, size // 4)
        self.project = nn.Linear(augmented + latent, 16 * deepest, bias=False)
        self.layers = nn.Sequential(nn.BatchNorm2d(deepest), nn.ReLU(), *upsampling(deepest, 4, size, filters))

    def forward(self, condition):
        sample, _, _ = self.augmentation(condition)
        noise = torch.randn(len(condition), self.latent)
        return self.layers(self.project(torch.cat([sample, noise], 1)).unflatten(1, (-1, 4, 4)))


class Refiner(nn.Module):
    def __init__(self, size, filters, blocks, condition, augmented):
        super().__init__()
        self.augmentation, wide = Augmentation(condition, augmented), 4 * filters
        self.down = nn.Sequential(
            conv(3, filters, 3), nn.ReLU(), *normed(filters, 2 * filters, 4), *normed(2 * filters, wide, 4))
        self.joined = nn.Sequential(*normed(wide + augmented, wide, 3))
        self.blocks = nn.ModuleList(
            nn.Sequential(*normed(wide, wide, 3), *normed(wide, wide, 3, None)) for _ in range(blocks))
        self.up = nn.Sequential(*upsampling(wide, size // 16, size, filters))

    def forward(self, sketch, condition):
        sample, mean, log_deviation = self.augmentation(condition)
        x = self.joined(planes(self.down(sketch), sample))
        for block in self.blocks:
            x = F.relu(x + block(x))
        return self.up(x), mean, log_deviation


class ConditionedDiscriminator(nn.Module):
    def __init__(self, size, filters, condition, compressed):
        super().__init__()
        layers, width = [conv(3, filters, 4, 2), nn.LeakyReLU(LEAK)], filters
        for i in range(1, int(math.log2(size)) - 2):
            before, width = width, filters * min(8, 2**i)
            layers += normed(before, width, 4, nn.LeakyReLU)
        last = filters * min(8, size // 8)
        self.down, self.compress = nn.Sequential(*layers), nn.Linear(condition, compressed)
        self.logits = nn.Sequential(
            *normed(width + compressed, last, 1, nn.LeakyReLU), nn.Flatten(), nn.Linear(16 * last, 1))

    def forward(self, images, condition):
        return self.logits(planes(self.down(images), F.leaky_relu(self.compress(condition), LEAK)))
