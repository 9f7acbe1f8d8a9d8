"""An independent oracle for one BicycleGAN: weights, a batch, and what PyTorch computes from them in float64.

    python bicyclegan_oracle.py > bicyclegan-32.json

Codes are given, so that nothing is drawn. Instance norm without scale and shift, epsilon 1e-5; LeakyReLU slope 0.2; Adam(2e-4, 0.5, 0.999,
1e-8). Each step: first G and E together on the sum of two least squares losses (each discriminator with its own image), 10 times the L1
distance of the reconstruction, and 0.01 times the KL divergence (summed over the dimensions of the code, mean over the batch); G alone also
on 0.5 times the L1 distance between the random code and E's mean for its image. Then both discriminators, on the images that G made before
its update: mean (D(B) - 1)^2 + mean D(fake)^2 each, not halved.
G: U-Net of A with the code as constant channels. down.i: 4x4, stride 2, LeakyReLU before all but the first, norm after all but the first and
the last; up.i: ReLU, 4x4 transposed, stride 2, norm, then [up, skip]; last likewise without a norm, tanh. E: 4x4, stride 2, four times, norm
after all but the first, LeakyReLU; mean over the pixels; two dense layers. D: [A, B], 4x4, padding 1, stride 2 `layers` times, then 1 and
1, norm on all but the first and the last. A bias everywhere.
"""
import argparse
import json

import torch
import torch.nn.functional as F
from _torch import adam, array, changes, copies, images, leaky, normal, picture, weight, written

args = argparse.ArgumentParser()
sizes = {"size": 32, "filters": 2, "depth": 3, "layers": 1, "latent": 3, "batch": 2, "seed": 7, "steps": 4}
for name, value in sizes.items():
    args.add_argument(f"--{name}", type=int, default=value)
args = args.parse_args()
torch.manual_seed(args.seed)
n, latent = args.filters, args.latent


def layer(net, name, *shape, transposed=False):
    weight(net, f"{name}/kernel", *shape)
    weight(net, f"{name}/bias", shape[1] if transposed or len(shape) == 2 else shape[0])


def generator_weights():
    net, widths = {}, [n * min(2**i, 8) for i in range(args.depth)]
    for i, width in enumerate(widths):
        layer(net, f"down{i}", width, widths[i - 1] if i else 3 + latent, 4, 4)
    for j, i in enumerate(range(args.depth - 1, 0, -1)):
        layer(net, f"up{j}", widths[i] * (2 if j else 1), widths[i - 1], 4, 4, transposed=True)
    layer(net, "last", widths[0] * 2, 3, 4, 4, transposed=True)
    return net


def encoder_weights():
    net, widths = {}, [n, 2 * n, 4 * n, 4 * n]
    for i, width in enumerate(widths):
        layer(net, f"down{i}", width, widths[i - 1] if i else 3, 4, 4)
    for name in ("mean", "log_deviation"):
        layer(net, name, widths[-1], latent)
    return net


def discriminator_weights():
    net, widths = {}, [n * min(2**i, 8) for i in range(args.layers + 1)]
    for i, width in enumerate(widths):
        layer(net, f"conv{i}", width, widths[i - 1] if i else 6, 4, 4)
    layer(net, "logits", 1, widths[-1], 4, 4)
    return net


def conv(x, net, name, stride):
    return F.conv2d(x, net[f"{name}/kernel"], net[f"{name}/bias"], stride, 1)


def norm(x):
    return F.instance_norm(x, eps=1e-5)


def generate(a, z):
    x = torch.cat([a, z[:, :, None, None].expand(-1, -1, args.size, args.size)], 1)
    skips = []
    for i in range(args.depth):
        x = conv(leaky(x) if i else x, G, f"down{i}", 2)
        x = norm(x) if 0 < i < args.depth - 1 else x
        skips.append(x)
    for j in range(args.depth - 1):
        x = norm(F.conv_transpose2d(F.relu(x), G[f"up{j}/kernel"], G[f"up{j}/bias"], 2, 1))
        x = torch.cat([x, skips[args.depth - 2 - j]], 1)
    return torch.tanh(F.conv_transpose2d(F.relu(x), G["last/kernel"], G["last/bias"], 2, 1))


def encode(b):
    for i in range(4):
        b = conv(b, E, f"down{i}", 2)
        b = leaky(norm(b) if i else b)
    pooled = b.mean((2, 3))
    return [pooled @ E[f"{name}/kernel"] + E[f"{name}/bias"] for name in ("mean", "log_deviation")]


def judge(net, a, b):
    x = torch.cat([a, b], 1)
    for i in range(args.layers + 1):
        x = conv(x, net, f"conv{i}", 2 if i < args.layers else 1)
        x = leaky(norm(x) if i else x)
    return conv(x, net, "logits", 1)


nets = {"generator": generator_weights(), "encoder": encoder_weights()}
nets |= {"ownDiscriminator": discriminator_weights(), "drawnDiscriminator": discriminator_weights()}
G, E, OWN, DRAWN = nets.values()
a, b = (images(args.batch, 3, args.size, args.size) for _ in range(2))
draws = [(normal(args.batch, latent), normal(args.batch, latent)) for _ in range(args.steps)]
result = {"settings": vars(args), "networks": written(nets), "a": picture(a), "b": picture(b), "steps": []}
adam_g, adam_d = adam(G, E), adam(OWN, DRAWN)
before = copies(nets)
for epsilon, z in draws:
    for net in nets.values():
        for v in net.values():
            v.grad = None
    mean, log_deviation = encode(b)
    own, drawn = generate(a, mean + log_deviation.exp() * epsilon), generate(a, z)
    row = {
        "adversarial": ((judge(OWN, a, own) - 1) ** 2).mean() + ((judge(DRAWN, a, drawn) - 1) ** 2).mean(),
        "l1": (b - own).abs().mean(),
        "kl": (((2 * log_deviation).exp() + mean**2 - 1) / 2 - log_deviation).sum(1).mean(),
        "code": (z - encode(drawn)[0]).abs().mean(),
    }
    both = [*G.values(), *E.values()]
    gradients = torch.autograd.grad(row["adversarial"] + 10 * row["l1"] + 0.01 * row["kl"], both, retain_graph=True)
    of_code = torch.autograd.grad(0.5 * row["code"], list(G.values()))
    for i, (v, gradient) in enumerate(zip(both, gradients)):
        v.grad = gradient + of_code[i] if i < len(of_code) else gradient
    adam_g.step()
    row["discriminator"] = sum(
        ((judge(net, a, b) - 1) ** 2).mean() + (judge(net, a, fake.detach()) ** 2).mean()
        for net, fake in ((OWN, own), (DRAWN, drawn))
    )
    for net in (OWN, DRAWN):
        for v, gradient in zip(net.values(), torch.autograd.grad(row["discriminator"], list(net.values()), retain_graph=True)):
            v.grad = gradient
    adam_d.step()
    given = {"epsilon": array(epsilon), "code": array(z)}
    result["steps"].append(given | {"losses": {name: value.item() for name, value in row.items()}})
result["changes"] = changes(nets, before)
print(json.dumps(result))
