"""An independent oracle for one small convolutional conditional GAN: weights, batches, and what PyTorch computes from them.

    python conditional_gan_oracle.py > conditional_gan-16.json

Noise and labels are given, so that nothing is drawn. Batch statistics, LeakyReLU slope 0.2, batch-norm epsilon 1e-5, Adam(2e-4, 0.5,
0.999, 1e-8), non-saturating loss, D's objective the sum of the two means (not halved). Each step: D on real pictures and on G(noise), both
with the same labels, then G against the updated D with other noise and the same labels. Kernels are given as [height, width, in, out],
transposed ones as [height, width, out, in], dense ones as [in, out]; pictures as [batch, height, width, channels].
G: [noise, one-hot] - dense without bias to 4x4x(2n), laid out [height, width, channels] - batch norm, ReLU - 4x4 stride-2 transposed
convolution to n - batch norm, ReLU - the same to 1 channel, tanh. D: [picture, one plane a class] - 4x4 stride-2 convolution to n, leaky
- the same to 2n, batch norm, leaky - flattened [height, width, channels] - dense without bias to 1.
"""
import argparse
import json

import torch
import torch.nn.functional as F

args = argparse.ArgumentParser()
for name, value in {"size": 16, "filters": 4, "latent": 5, "classes": 3, "batch": 6, "seed": 7, "steps": 4}.items():
    args.add_argument(f"--{name}", type=int, default=value)
args = args.parse_args()
torch.manual_seed(args.seed)
torch.set_default_dtype(torch.float64)
n, side = args.filters, args.size // 4
G, D = {}, {}


def weight(net, name, *shape, mean=0.0, std=0.2):
    net[name] = (torch.randn(*shape) * std + mean).float().double().requires_grad_(True)


def norm_weights(net, name, channels):
    weight(net, f"{name}/gamma", channels, mean=1)
    weight(net, f"{name}/beta", channels)


weight(G, "project/kernel", args.latent + args.classes, side * side * 2 * n)
norm_weights(G, "start_norm", 2 * n)
weight(G, "up0/kernel", 2 * n, n, 4, 4)
norm_weights(G, "up0_norm", n)
weight(G, "last/kernel", n, 1, 4, 4)
weight(D, "conv0/kernel", n, 1 + args.classes, 4, 4)
weight(D, "conv1/kernel", 2 * n, n, 4, 4)
norm_weights(D, "norm1", 2 * n)
weight(D, "logits/kernel", side * side * 2 * n, 1)


def norm(x, net, name):
    return F.batch_norm(x, None, None, net[f"{name}/gamma"], net[f"{name}/beta"], True, 0.1, 1e-5)


def generator(z, y):
    x = torch.cat([z, y], 1) @ G["project/kernel"]
    x = x.reshape(-1, side, side, 2 * n).permute(0, 3, 1, 2)
    x = F.relu(norm(x, G, "start_norm"))
    x = F.relu(norm(F.conv_transpose2d(x, G["up0/kernel"], None, 2, 1), G, "up0_norm"))
    return torch.tanh(F.conv_transpose2d(x, G["last/kernel"], None, 2, 1))


def discriminator(x, y):
    planes = y[:, :, None, None].expand(-1, -1, args.size, args.size)
    h = F.leaky_relu(F.conv2d(torch.cat([x, planes], 1), D["conv0/kernel"], None, 2, 1), 0.2)
    h = F.leaky_relu(norm(F.conv2d(h, D["conv1/kernel"], None, 2, 1), D, "norm1"), 0.2)
    return h.permute(0, 2, 3, 1).reshape(len(x), -1) @ D["logits/kernel"]


def array(t):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.9g}") for v in t.reshape(-1).tolist()]}


def layout(t):
    # Kernels: [out, in, h, w] to [h, w, in, out]; transposed ones: [in, out, h, w] to [h, w, out, in].
    return array(t.permute(2, 3, 1, 0) if t.ndim == 4 else t)


def picture(t):
    return array(t.permute(0, 2, 3, 1))


def norms(net):
    return {name: v.grad.norm().item() for name, v in net.items()}


def draw():
    return (torch.rand(args.batch, args.latent) * 2 - 1).float().double()


def bce(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


x = (torch.rand(args.batch, 1, args.size, args.size) * 2 - 1).float().double()
labels = torch.arange(args.batch) % args.classes
y = F.one_hot(labels, args.classes).double()
noises = [[draw(), draw()] for _ in range(args.steps)]
result = {
    "settings": vars(args),
    "generator": {k: layout(v) for k, v in G.items()},
    "discriminator": {k: layout(v) for k, v in D.items()},
    "x": picture(x), "labels": labels.tolist(),
}
with torch.no_grad():
    fake = generator(noises[0][0], y)
    result["fake"] = picture(fake)
    result["realLogits"], result["fakeLogits"] = array(discriminator(x, y)), array(discriminator(fake, y))
adam_g = torch.optim.Adam(G.values(), 2e-4, (0.5, 0.999))
adam_d = torch.optim.Adam(D.values(), 2e-4, (0.5, 0.999))
result["steps"] = []
for k, (noise_d, noise_g) in enumerate(noises):
    adam_d.zero_grad()
    loss_d = bce(discriminator(x, y), 1.0) + bce(discriminator(generator(noise_d, y).detach(), y), 0.0)
    loss_d.backward()
    row = {"noise": [array(noise_d), array(noise_g)], "discriminator": loss_d.item()}
    if k == 0:
        row["discriminatorGradientNorms"] = norms(D)
    adam_d.step()
    adam_g.zero_grad()
    loss_g = bce(discriminator(generator(noise_g, y), y), 1.0)
    loss_g.backward()
    row["generator"] = loss_g.item()
    if k == 0:
        row["generatorGradientNorms"] = norms(G)
    adam_g.step()
    result["steps"].append(row)
print(json.dumps(result))
