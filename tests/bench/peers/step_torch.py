"""Times training steps in PyTorch, for comparison in `deno task bench`: the same networks, losses and updates as in lib/systems.

    python step_torch.py --system cyclegan --size 128 --filters 32 --batch 1 --steps 10 [--fused] [--precision bfloat16]

The function of a system builds the networks, and returns them by Forger's names, with the names of those that each of the two
optimizers updates, and with the step, which returns the losses.
"""
import random

import torch
import torch.nn.functional as F

from networks import (
    ConditionedDiscriminator, DcganDiscriminator, DcganGenerator, LatentEncoder, Refiner, Sketcher, UNet, patch_discriminator,
    planes, resnet)
from timing import arguments, report


def images(channels=3):
    x = torch.rand(args.batch, channels, args.size, args.size) * 2 - 1
    return x.contiguous(memory_format=LAYOUT)


def autocast():
    return torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bfloat16")


def run(network, *inputs):
    """Applies a network. Losses are computed in float32."""
    with autocast():
        outputs = network(*inputs)
    return [x.float() for x in outputs] if isinstance(outputs, (list, tuple)) else outputs.float()


def adam(*networks):
    weights = [weight for network in networks for weight in network.parameters()]
    return torch.optim.Adam(weights, 2e-4, (0.5, 0.999), fused=args.fused)


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def freeze(frozen, *networks):
    """Excludes networks from the next gradients, or includes them again."""
    for network in networks:
        network.requires_grad_(not frozen)


def real(logits):
    return F.softplus(-logits).mean()


def fake(logits):
    return F.softplus(logits).mean()


def squares(logits, target):
    return (logits - target).square().mean()


def l1(a, b):
    return (a - b).abs().mean()


def kl(mean, log_deviation):
    return (0.5 * ((2 * log_deviation).exp() + mean.square() - 1) - log_deviation).mean()


def pix2pix():
    generator, discriminator = UNet(args.size, 3, args.filters), patch_discriminator(6, args.filters)
    x, y = images(), images()

    def step(generator_adam, discriminator_adam):
        generated = run(generator, x)
        logits = [run(discriminator, torch.cat([x, image], 1)) for image in (y, generated.detach())]
        loss = 0.5 * (real(logits[0]) + fake(logits[1]))
        update(discriminator_adam, loss)
        freeze(True, discriminator)
        adversarial, distance = real(run(discriminator, torch.cat([x, generated], 1))), l1(y, generated)
        update(generator_adam, adversarial + 100 * distance)
        freeze(False, discriminator)
        return {"discriminator": loss, "adversarial": adversarial, "l1": distance}

    return {"generator": generator, "discriminator": discriminator}, [["generator"], ["discriminator"]], step


class Pool:
    """Earlier images, as in lib/systems/history_pool.ts."""

    def __init__(self):
        self.images = []

    def exchange(self, batch):
        return torch.cat([self.exchange_one(image) for image in batch.detach().split(1)])

    def exchange_one(self, image):
        if len(self.images) < 50:
            self.images.append(image)
        elif random.random() < 0.5:
            place = random.randrange(50)
            image, self.images[place] = self.images[place], image
        return image


def cyclegan():
    blocks = 6 if args.size < 256 else 9
    g, f = resnet(args.filters, blocks), resnet(args.filters, blocks)
    d_x, d_y = (patch_discriminator(3, args.filters, "instance") for _ in range(2))
    x, y, pool_x, pool_y = images(), images(), Pool(), Pool()

    def step(generator_adam, discriminator_adam):
        freeze(True, d_x, d_y)
        fake_x, fake_y = run(f, y), run(g, x)
        cycle = l1(run(f, fake_y), x) + l1(run(g, fake_x), y)
        adversarial_x, adversarial_y = squares(run(d_x, fake_x), 1), squares(run(d_y, fake_y), 1)
        identity = l1(run(f, x), x) + l1(run(g, y), y)
        update(generator_adam, adversarial_x + adversarial_y + 10 * cycle + 5 * identity)
        freeze(False, d_x, d_y)
        older = [pool_x.exchange(fake_x), pool_y.exchange(fake_y)]
        loss_x, loss_y = (
            0.5 * (squares(run(d, image), 1) + squares(run(d, old), 0)) for d, image, old in zip((d_x, d_y), (x, y), older))
        update(discriminator_adam, loss_x + loss_y)
        return {
            "discriminatorX": loss_x, "discriminatorY": loss_y, "adversarialX": adversarial_x, "adversarialY": adversarial_y,
            "cycle": cycle, "identity": identity}

    networks = {"xToY": g, "yToX": f, "discriminatorX": d_x, "discriminatorY": d_y}
    return networks, [["xToY", "yToX"], ["discriminatorX", "discriminatorY"]], step


def conditional_gan():
    latent, classes = 100, 10
    generator, discriminator = DcganGenerator(latent, classes, args.filters), DcganDiscriminator(classes, args.filters)
    x, labels = images(1), torch.arange(args.batch) % classes

    def step(generator_adam, discriminator_adam):
        y = F.one_hot(labels, classes).float()
        draw = lambda: run(generator, torch.rand(args.batch, latent) * 2 - 1, y)
        with torch.no_grad():
            generated = draw()
        loss = real(run(discriminator, x, y)) + fake(run(discriminator, generated, y))
        update(discriminator_adam, loss)
        freeze(True, discriminator)
        adversarial = real(run(discriminator, draw(), y))
        update(generator_adam, adversarial)
        freeze(False, discriminator)
        return {"discriminator": loss, "generator": adversarial}

    return {"generator": generator, "discriminator": discriminator}, [["generator"], ["discriminator"]], step


def bicyclegan():
    latent = 8
    generator, encoder = UNet(args.size, 3 + latent, args.filters, "instance", 0), LatentEncoder(args.filters, latent)
    own, other = (patch_discriminator(6, args.filters, "instance") for _ in range(2))
    x, y = images(), images()

    def generate(code):
        return run(generator, planes(x, code))

    def frozen_encoder(image):
        """The code of an image, with gradients to the image only."""
        weights = {name: weight.detach() for name, weight in encoder.named_parameters()}
        return torch.func.functional_call(encoder, weights, (image,))

    def step(generator_adam, discriminator_adam):
        freeze(True, own, other)
        epsilon, code = torch.randn(args.batch, latent), torch.randn(args.batch, latent)
        mean, log_deviation = run(encoder, y)
        reconstructed, drawn = generate(mean + log_deviation.exp() * epsilon), generate(code)
        fakes = [(own, reconstructed), (other, drawn)]
        adversarial = sum(squares(run(d, torch.cat([x, image], 1)), 1) for d, image in fakes)
        distance, divergence = l1(y, reconstructed), latent * kl(mean, log_deviation)
        of_code = l1(code, run(frozen_encoder, drawn)[0])
        update(generator_adam, adversarial + 10 * distance + 0.01 * divergence + 0.5 * of_code)
        freeze(False, own, other)
        loss = sum(
            squares(run(d, torch.cat([x, y], 1)), 1) + squares(run(d, torch.cat([x, image.detach()], 1)), 0)
            for d, image in fakes)
        update(discriminator_adam, loss)
        return {"discriminator": loss, "adversarial": adversarial, "l1": distance, "code": of_code, "kl": divergence}

    networks = {"generator": generator, "encoder": encoder, "ownDiscriminator": own, "drawnDiscriminator": other}
    return networks, [["generator", "encoder"], ["ownDiscriminator", "drawnDiscriminator"]], step


def stackgan():
    """Stage II, on the sketches of a fixed stage I."""
    condition, latent, augmented, compressed, blocks = 10, 100, 128, 128, 2
    sketcher = Sketcher(args.size // 4, args.filters, condition, latent, augmented)
    refiner = Refiner(args.size, args.filters, blocks, condition, augmented)
    discriminator = ConditionedDiscriminator(args.size, args.filters, condition, compressed)
    x, conditions = images(), F.one_hot(torch.arange(args.batch) % condition, condition).float()
    sketcher.eval()

    def generate():
        with torch.no_grad():
            sketch = run(sketcher, conditions)
        return run(refiner, sketch, conditions)

    def step(generator_adam, discriminator_adam):
        with torch.no_grad():
            generated = generate()[0]
        wrong = [run(discriminator, generated, conditions)]
        if args.batch > 1:
            wrong.append(run(discriminator, x, conditions.roll(-1, 0)))
        loss = real(run(discriminator, x, conditions)) + fake(torch.cat(wrong))
        update(discriminator_adam, loss)
        freeze(True, discriminator)
        generated, mean, log_deviation = generate()
        adversarial, divergence = real(run(discriminator, generated, conditions)), kl(mean, log_deviation)
        update(generator_adam, adversarial + divergence)
        freeze(False, discriminator)
        return {"discriminator": loss, "generator": adversarial, "kl": divergence}

    networks = {"sketcher": sketcher, "refiner": refiner, "discriminator": discriminator}
    return networks, [["refiner"], ["discriminator"]], step


SYSTEMS = {
    "pix2pix": pix2pix, "cyclegan": cyclegan, "conditional-gan": conditional_gan, "bicyclegan": bicyclegan, "stackgan": stackgan}


def build(system):
    """Returns the networks of a system, by name, and a function that performs one step and returns the losses, by name."""
    networks, updated, step = SYSTEMS[system]()
    for network in networks.values():
        network.to(memory_format=LAYOUT)
    optimizers = [adam(*[networks[name] for name in names]) for names in updated]
    return networks, lambda: {name: loss.item() for name, loss in step(*optimizers).items()}


if __name__ == "__main__":
    args = arguments(SYSTEMS, "system")
    LAYOUT = torch.channels_last if args.layout == "channels_last" else torch.contiguous_format
    torch.set_num_threads(args.threads)
    if torch.cuda.is_available():
        torch.set_default_device("cuda")
    networks, step = build(args.system)
    weights = {name: sum(weight.numel() for weight in network.parameters()) for name, network in networks.items()}
    report(f"torch {torch.__version__}", args.steps, step, weights)
