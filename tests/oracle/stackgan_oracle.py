"""An independent oracle for one StackGAN: weights, a batch, and what PyTorch computes from them in float64.

    python stackgan_oracle.py > stackgan-32.json

Noise is given, so that nothing is drawn. Batch norm with scale and shift, epsilon 1e-5, whose running statistics keep 0.9 of their value and
take 0.1 of that of the batch, with n - 1 in the variance, in G's update only; LeakyReLU slope 0.2; Adam(2e-4, 0.5, 0.999, 1e-8). First four
steps of stage I on the images shrunk to a quarter, then four of stage II, on sketches that stage I makes with its running statistics. Each
step: D on -log D(real, condition) + 1/2 (-log(1 - D(real, next image's condition)) - log(1 - D(fake, condition))), then G against the
updated D with other noise: -log D(fake, condition) + KL, the mean over batch and dimensions.
Augmentation: mean and log deviation are dense layers with LeakyReLU. G0: [sample, noise] - dense - 4x4 - (twice as large by repetition,
3x3, norm, ReLU) up to the sketch - 3x3, tanh. G: 3x3, ReLU - 4x4, stride 2 twice, norm, ReLU - [x, sample] - 3x3, norm, ReLU - residual
blocks (3x3, norm, ReLU, 3x3, norm; sum; ReLU) - like G0. D: 4x4, stride 2 to 4x4 pixels, norm on all but the first, LeakyReLU - [x, dense and
LeakyReLU of the condition] - 1x1, norm, LeakyReLU - flattened [height, width, channels] - dense. A bias on first, picture, down0 and all dense
layers but project; none on the others.
"""
import argparse
import json

import torch
import torch.nn.functional as F
from _torch import adam, array, changes, copies, images, leaky, normal, picture, weight, written

args = argparse.ArgumentParser()
sizes = {"size": 32, "condition": 3, "latent": 4, "augmented": 5, "compressed": 6, "filters": 2, "blocks": 1, "batch": 3, "seed": 7, "steps": 4}
for name, value in sizes.items():
    args.add_argument(f"--{name}", type=int, default=value)
args = args.parse_args()
torch.manual_seed(args.seed)
n, small = args.filters, args.size // 4
running = {}


def dense(net, name, units_in, units, bias=True):
    weight(net, f"{name}/kernel", units_in, units, std=0.2)
    if bias:
        weight(net, f"{name}/bias", units)


def kernel(net, name, channels, filters, side, bias=False):
    weight(net, f"{name}/kernel", filters, channels, side, side, std=0.15)
    if bias:
        weight(net, f"{name}/bias", filters)


def norm_weights(net, name, channels):
    weight(net, f"{name}_norm/gamma", channels, mean=1)
    weight(net, f"{name}_norm/beta", channels)


def normed(net, name, channels, filters, side, convolution=None):
    kernel(net, convolution or name, channels, filters, side)
    norm_weights(net, name, filters)


def up_weights(net, channels, side, size):
    while (side := side * 2) <= size:
        filters = n * min(8, size // side)
        normed(net, f"up{side}", channels, filters, 3, f"up{side}_convolution")
        channels = filters
    kernel(net, "picture", channels, 3, 3, bias=True)


def augmentation_weights(net):
    for name in ("mean", "log_deviation"):
        dense(net, name, args.condition, args.augmented)


def sketcher_weights():
    net, deepest = {}, n * min(8, small // 4)
    augmentation_weights(net)
    dense(net, "project", args.augmented + args.latent, 16 * deepest, bias=False)
    norm_weights(net, "start", deepest)
    up_weights(net, deepest, 4, small)
    return net


def refiner_weights():
    net = {}
    augmentation_weights(net)
    kernel(net, "first", 3, n, 3, bias=True)
    normed(net, "down2", n, 2 * n, 4)
    normed(net, "down4", 2 * n, 4 * n, 4)
    normed(net, "joined", 4 * n + args.augmented, 4 * n, 3)
    for i in range(args.blocks):
        normed(net, f"block{i}_a", 4 * n, 4 * n, 3)
        normed(net, f"block{i}_b", 4 * n, 4 * n, 3)
    up_weights(net, 4 * n, small // 4, args.size)
    return net


def discriminator_weights(size):
    net, width, i = {}, n, 0
    kernel(net, "down0", 3, n, 4, bias=True)
    while size // 2 ** (i + 2) >= 4:
        i += 1
        normed(net, f"down{i}", width, n * min(8, 2**i), 4)
        width = n * min(8, 2**i)
    dense(net, "compress", args.condition, args.compressed)
    last = n * min(8, size // 8)
    normed(net, "joined", width + args.compressed, last, 1)
    dense(net, "logits", 16 * last, 1)
    return net


def norm(x, net, name, statistics=None):
    gamma, beta = net[f"{name}_norm/gamma"], net[f"{name}_norm/beta"]
    if statistics is None:
        return F.batch_norm(x, None, None, gamma, beta, True, 0.1, 1e-5)
    network, update = statistics
    mean, variance = running.setdefault(f"{network}/{name}_norm", (torch.zeros(x.shape[1]), torch.ones(x.shape[1])))
    return F.batch_norm(x, mean, variance, gamma, beta, update, 0.1, 1e-5)


def conv(x, net, name, stride=1):
    k = net[f"{name}/kernel"]
    return F.conv2d(x, k, net.get(f"{name}/bias"), stride, 0 if k.shape[2] == 1 else 1)


def planes(x, vector):
    return torch.cat([x, vector[:, :, None, None].expand(-1, -1, *x.shape[2:])], 1)


def apply_dense(x, net, name):
    return x @ net[f"{name}/kernel"] + net.get(f"{name}/bias", 0)


def augment(net, c, epsilon):
    mean, deviation = (leaky(apply_dense(c, net, name)) for name in ("mean", "log_deviation"))
    return mean + deviation.exp() * epsilon, mean, deviation


def up(x, net, size, statistics):
    while x.shape[2] < size:
        name = f"up{x.shape[2] * 2}"
        x = conv(x.repeat_interleave(2, 2).repeat_interleave(2, 3), net, f"{name}_convolution")
        x = F.relu(norm(x, net, name, statistics))
    return torch.tanh(conv(x, net, "picture"))


def sketch(c, draws, statistics=None):
    sample, mean, deviation = augment(G0, c, draws[0])
    x = apply_dense(torch.cat([sample, draws[1]], 1), G0, "project").reshape(len(c), 4, 4, -1).permute(0, 3, 1, 2)
    return up(F.relu(norm(x, G0, "start", statistics)), G0, small, statistics), mean, deviation


def refine(c, draws, statistics=None):
    with torch.no_grad():
        sketches = sketch(c, draws[:2], ("sketcher", False))[0]
    sample, mean, deviation = augment(G, c, draws[2])
    x = F.relu(conv(sketches, G, "first"))
    for name in ("down2", "down4"):
        x = F.relu(norm(conv(x, G, name, 2), G, name, statistics))
    x = F.relu(norm(conv(planes(x, sample), G, "joined"), G, "joined", statistics))
    for i in range(args.blocks):
        inner = F.relu(norm(conv(x, G, f"block{i}_a"), G, f"block{i}_a", statistics))
        x = F.relu(x + norm(conv(inner, G, f"block{i}_b"), G, f"block{i}_b", statistics))
    return up(x, G, args.size, statistics), mean, deviation


def judge(net, x, c):
    x, i = leaky(conv(x, net, "down0", 2)), 0
    while f"down{i + 1}/kernel" in net:
        i += 1
        x = leaky(norm(conv(x, net, f"down{i}", 2), net, f"down{i}"))
    x = leaky(norm(conv(planes(x, leaky(apply_dense(c, net, "compress"))), net, "joined"), net, "joined"))
    return apply_dense(x.permute(0, 2, 3, 1).reshape(len(c), -1), net, "logits")


def stage(generate, generator, name, discriminator, real, count):
    adam_g, adam_d, rows = adam(generator), adam(discriminator), []
    for _ in range(args.steps):
        draws = [[normal(args.batch, k) for k in (args.augmented, args.latent, args.augmented)[:count]] for _ in range(2)]
        adam_d.zero_grad()
        fake = generate(c, draws[0])[0].detach()
        wrong = torch.cat([judge(discriminator, fake, c), judge(discriminator, real, c.roll(-1, 0))])
        loss_d = F.softplus(-judge(discriminator, real, c)).mean() + F.softplus(wrong).mean()
        loss_d.backward()
        adam_d.step()
        adam_g.zero_grad()
        fake, mean, deviation = generate(c, draws[1], (name, True))
        loss_g = F.softplus(-judge(discriminator, fake, c)).mean()
        kl = (((2 * deviation).exp() + mean**2 - 1) / 2 - deviation).mean()
        (loss_g + kl).backward()
        adam_g.step()
        losses = {"discriminator": loss_d.item(), "generator": loss_g.item(), "kl": kl.item()}
        rows.append({"draws": [array(t) for both in draws for t in both], "losses": losses})
    return rows


nets = {"sketcher": sketcher_weights(), "sketchDiscriminator": discriminator_weights(small)}
nets |= {"refiner": refiner_weights(), "discriminator": discriminator_weights(args.size)}
G0, D0, G, D = nets.values()
real = images(args.batch, 3, args.size, args.size)
c = F.one_hot(torch.arange(args.batch) % args.condition, args.condition).double()
result = {"settings": vars(args), "networks": written(nets), "images": picture(real), "conditions": array(c)}
before = copies(nets)
result["sketch"] = stage(sketch, G0, "sketcher", D0, F.avg_pool2d(real, 4), 2)
result["image"] = stage(refine, G, "refiner", D, real, 3)
result["changes"] = changes(nets, before)
result["running"] = {name: {"mean": array(mean), "variance": array(variance)} for name, (mean, variance) in running.items()}
print(json.dumps(result))
