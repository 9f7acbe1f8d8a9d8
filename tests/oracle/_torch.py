"""What the scripts of the oracles share: everything in float64, weights that float32 represents exactly, Adam as in the papers, and how
numbers are written. Kernels are written as [height, width, in, out], transposed ones as [height, width, out, in], dense ones as
[in, out]; images as [batch, height, width, channels]."""
import torch
import torch.nn.functional as F

LEARNING_RATE = 2e-4
torch.set_default_dtype(torch.float64)


def normal(*shape, mean=0.0, std=1.0):
    return (torch.randn(*shape) * std + mean).float().double()


def images(*shape):
    return torch.randint(-64, 65, shape).double() / 64  # few digits


def weight(net, name, *shape, mean=0.0, std=0.1):
    net[name] = normal(*shape, mean=mean, std=std).requires_grad_(True)


def adam(*nets):
    return torch.optim.Adam([v for net in nets for v in net.values()], LEARNING_RATE, (0.5, 0.999), 1e-8)


def leaky(x):
    return F.leaky_relu(x, 0.2)


def array(t, digits=9):
    t = t.detach()
    return {"shape": list(t.shape), "values": [float(f"{v:.{digits}g}") for v in t.reshape(-1).tolist()]}


def layout(t):
    return t.detach().permute(2, 3, 1, 0) if t.ndim == 4 else t.detach()


def picture(t):
    return array(t.permute(0, 2, 3, 1))


def written(nets):
    return {name: {k: array(layout(v)) for k, v in net.items()} for name, net in nets.items()}


def copies(nets):
    return {name: {k: v.detach().clone() for k, v in net.items()} for name, net in nets.items()}


def changes(nets, before):
    """How far Adam has moved each weight, in units of the learning rate. A weight without a gradient is left out: a bias before a norm, whose
    gradient is 0 but for rounding, which Adam magnifies."""
    moved = {name: {k: (v.detach() - before[name][k]) / LEARNING_RATE for k, v in net.items()} for name, net in nets.items()}
    return {
        name: {k: array(layout(v), 6) for k, v in net.items() if v.abs().max() > 1e-3} for name, net in moved.items()
    }
