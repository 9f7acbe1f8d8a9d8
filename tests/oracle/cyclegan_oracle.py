"""An independent oracle for one CycleGAN: weights, a batch, and what PyTorch computes from them.

    python cyclegan_oracle.py --size 16 --filters 2 --blocks 2 --layers 2 --batch 2 --seed 7 > cyclegan-16.json

Everything is computed in float64. Instance norm without scale and shift, epsilon 1e-5; reflection padding before the 7x7 convolutions and in
the residual blocks; LeakyReLU slope 0.2; Adam(2e-4, 0.5, 0.999, 1e-8); least squares, cycle loss L1 with lambda 10, identity loss with
half of that. First both generators move, against the discriminators as they are, then both discriminators, each with half of its objective,
on the pictures that the generators made at step SEEN[k]: that stands for the pool of older pictures. Kernels are given as
[height, width, in, out], transposed ones as [height, width, out, in]; pictures as [batch, height, width, channels].
Generator: first (7x7), down1, down2 (3x3, stride 2, zeros around), blocks a and b (3x3), up1, up0 (transposed, stride 2, output padding 1), last
(7x7, tanh); a bias everywhere. Discriminator: 4x4, padding 1, stride 2 `layers` times, then 1 and 1, a bias everywhere, instance norm on
all but the first and the last.
"""
import argparse
import json

import torch
import torch.nn.functional as F
from _torch import adam, changes, copies, leaky, picture, weight, written

SEEN = [0, 0, 1, 3]
args = argparse.ArgumentParser()
for name, value in {"size": 16, "filters": 2, "blocks": 2, "layers": 2, "batch": 2, "seed": 7}.items():
    args.add_argument(f"--{name}", type=int, default=value)
args = args.parse_args()
torch.manual_seed(args.seed)
n = args.filters


def layer(net, name, *shape, transposed=False):
    weight(net, f"{name}.kernel", *shape)
    weight(net, f"{name}.bias", shape[1] if transposed else shape[0])


def generator_weights():
    net = {}
    layer(net, "first", n, 3, 7, 7)
    layer(net, "down1", 2 * n, n, 3, 3)
    layer(net, "down2", 4 * n, 2 * n, 3, 3)
    for i in range(args.blocks):
        layer(net, f"block{i}_a", 4 * n, 4 * n, 3, 3)
        layer(net, f"block{i}_b", 4 * n, 4 * n, 3, 3)
    layer(net, "up1", 4 * n, 2 * n, 3, 3, transposed=True)
    layer(net, "up0", 2 * n, n, 3, 3, transposed=True)
    layer(net, "last", 3, n, 7, 7)
    return net


def discriminator_weights():
    net, widths = {}, [n * min(2**i, 8) for i in range(args.layers + 1)]
    for i, width in enumerate(widths):
        layer(net, f"conv{i}", width, widths[i - 1] if i else 3, 4, 4)
    layer(net, "logits", 1, widths[-1], 4, 4)
    return net


def conv(x, net, name, **how):
    return F.conv2d(x, net[f"{name}.kernel"], net[f"{name}.bias"], **how)


def mirrored(x, net, name, pad):
    return conv(F.pad(x, (pad,) * 4, mode="reflect"), net, name)


def norm(x):
    return F.instance_norm(x, eps=1e-5)


def generate(net, x):
    h = F.relu(norm(mirrored(x, net, "first", 3)))
    for name in ("down1", "down2"):
        h = F.relu(norm(conv(h, net, name, stride=2, padding=1)))
    for i in range(args.blocks):
        inner = F.relu(norm(mirrored(h, net, f"block{i}_a", 1)))
        h = h + norm(mirrored(inner, net, f"block{i}_b", 1))
    for name in ("up1", "up0"):
        h = F.conv_transpose2d(h, net[f"{name}.kernel"], net[f"{name}.bias"], stride=2, padding=1, output_padding=1)
        h = F.relu(norm(h))
    return torch.tanh(mirrored(h, net, "last", 3))


def judge(net, x):
    for i in range(args.layers + 1):
        x = conv(x, net, f"conv{i}", stride=2 if i < args.layers else 1, padding=1)
        x = leaky(norm(x) if i else x)
    return conv(x, net, "logits", padding=1)


nets = {"xToY": generator_weights(), "yToX": generator_weights()}
nets |= {"discriminatorX": discriminator_weights(), "discriminatorY": discriminator_weights()}
G, Fn, DX, DY = nets.values()
x, y = ((torch.rand(args.batch, 3, args.size, args.size) * 2 - 1).float().double() for _ in range(2))
result = {"settings": vars(args), "seen": SEEN, "networks": written(nets)}
result |= {"x": picture(x), "y": picture(y)}
with torch.no_grad():
    fake_x, fake_y = generate(Fn, y), generate(G, x)
    result |= {"fakeX": picture(fake_x), "fakeY": picture(fake_y)}
    result |= {"xAgain": picture(generate(Fn, fake_y)), "yAgain": picture(generate(G, fake_x))}
    result |= {"logitsOfX": picture(judge(DX, x)), "logitsOfFakeY": picture(judge(DY, fake_y))}

adam_g, adam_d, before = adam(G, Fn), adam(DX, DY), copies(nets)
norms = lambda *names: {f"{name}/{k}": v.grad.norm().item() for name in names for k, v in nets[name].items()}
l1 = lambda a, b: (a - b).abs().mean()
result["steps"], made = [], []
for k, seen in enumerate(SEEN):
    adam_g.zero_grad()
    fake_x, fake_y = generate(Fn, y), generate(G, x)
    made.append((fake_x.detach(), fake_y.detach()))
    row = {
        "adversarialX": ((judge(DX, fake_x) - 1) ** 2).mean(),
        "adversarialY": ((judge(DY, fake_y) - 1) ** 2).mean(),
        "cycle": l1(generate(Fn, fake_y), x) + l1(generate(G, fake_x), y),
        "identity": l1(generate(Fn, x), x) + l1(generate(G, y), y),
    }
    (row["adversarialX"] + row["adversarialY"] + 10 * row["cycle"] + 5 * row["identity"]).backward()
    of_generators = norms("xToY", "yToX")
    adam_g.step()
    adam_d.zero_grad()
    old_x, old_y = made[seen]
    row["discriminatorX"] = 0.5 * (((judge(DX, x) - 1) ** 2).mean() + (judge(DX, old_x) ** 2).mean())
    row["discriminatorY"] = 0.5 * (((judge(DY, y) - 1) ** 2).mean() + (judge(DY, old_y) ** 2).mean())
    (row["discriminatorX"] + row["discriminatorY"]).backward()
    if k == 0:
        result["gradientNorms"] = of_generators | norms("discriminatorX", "discriminatorY")
    adam_d.step()
    result["steps"].append({name: value.item() for name, value in row.items()})
result["changes"] = changes(nets, before)
print(json.dumps(result))
