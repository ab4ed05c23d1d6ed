"""The lecture's two trainings in PyTorch, channels last, as it is or compiled.

Networks, losses and optimisers are those of `lecture`; padding is TensorFlow's, written out where an even
kernel or a stride makes it lopsided. Each step draws its own images, and nothing leaves PyTorch. In bfloat16
what goes forward does so under PyTorch's own autocast.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks import sizes
from benchmarks.child import Training
from benchmarks.costs import Cost

Compile = Callable[[nn.Module], nn.Module]
# Keras' share of the old value is 0.99, and so PyTorch's of the new one 0.01.
NORM = {"eps": 1e-3, "momentum": 0.01}


def build(network: str, threads: int, *, compiled: bool, precision: str) -> Training:
    """The training of ``vae`` or ``gan``, on as many random images as MNIST has."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    shape = (sizes.NUM_IMAGES, 1, sizes.IMAGE_SIDE, sizes.IMAGE_SIDE)
    images = torch.randint(0, 256, shape, dtype=torch.uint8).to(memory_format=torch.channels_last)
    compile_or_not: Compile = torch.compile if compiled else lambda module: module
    rounding = torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16")
    training = VaeTraining if network == "vae" else GanTraining
    return training(images, compile_or_not, rounding)


class VaeTraining:
    """Steps on batches of images that are input and target."""

    def __init__(self, images: Tensor, compile_or_not: Compile, rounding: torch.autocast) -> None:
        """Train on uint8 images."""
        self._rounding = rounding
        model = VaeObjective().to(memory_format=torch.channels_last)
        self._images, self._objective = images, compile_or_not(model)
        self._optimizer = torch.optim.Adam(model.parameters(), sizes.VAE_LEARNING_RATE, fused=True)
        self.num_parameters = count_parameters(model)
        self.cost = Cost()

    def train(self, steps: int) -> float:
        """Train so many steps; the seconds that they took."""
        start = time.perf_counter()
        for _ in range(steps):
            with self._rounding:
                loss = self._objective(draw_images(self._images, sizes.VAE_BATCH_SIZE))
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()
        return time.perf_counter() - start


class VaeObjective(nn.Module):
    """Encoder, sampler and decoder, from images to the objective."""

    def __init__(self) -> None:
        """Build both networks."""
        super().__init__()
        side = sizes.IMAGE_SIDE // 2 ** len(sizes.VAE_FILTERS)
        inner, reverse = sizes.VAE_FILTERS[-1], sizes.VAE_FILTERS[::-1]
        self.encoder = nn.Sequential(
            *_blocks((1, *sizes.VAE_FILTERS), after=nn.MaxPool2d(2)),
            nn.Flatten(),
            *_dense(inner * side * side),
        )
        self.z_mean = nn.Linear(sizes.VAE_DENSE_UNITS, sizes.VAE_LATENT_DIM)
        self.z_log_var = nn.Linear(sizes.VAE_DENSE_UNITS, sizes.VAE_LATENT_DIM)
        self.decoder = nn.Sequential(
            *_dense(sizes.VAE_LATENT_DIM),
            nn.Linear(sizes.VAE_DENSE_UNITS, inner * side * side),
            ToImages(inner, side),
            nn.ReLU(),
            *_blocks((inner, *reverse), before=nn.Upsample(scale_factor=2)),
            nn.Conv2d(reverse[-1], 1, 3, padding=1),
        )

    def forward(self, images: Tensor) -> Tensor:
        """The mean cross-entropy of a pixel, and the weighted KL divergence."""
        hidden = self.encoder(images)
        mean, log_var = self.z_mean(hidden), self.z_log_var(hidden)
        logits = self.decoder(mean + torch.exp(log_var / 2) * torch.randn_like(mean))
        reconstruction = functional.binary_cross_entropy_with_logits(logits, images)
        kl = -0.5 * (1 + log_var - mean**2 - torch.exp(log_var)).sum(1).mean()
        return reconstruction + sizes.VAE_KL_WEIGHT * kl


def _blocks(
    channels: tuple[int, ...], *, before: nn.Module | None = None, after: nn.Module | None = None
) -> Iterator[nn.Module]:
    for inputs, filters in itertools.pairwise(channels):
        yield from [before] if before else []
        for num_inputs in (inputs, filters):
            yield nn.Conv2d(num_inputs, filters, 3, padding=1)
            yield nn.ReLU()
            yield nn.BatchNorm2d(filters, **NORM)
        yield from [after] if after else []


def _dense(inputs: int) -> list[nn.Module]:
    units = sizes.VAE_DENSE_UNITS
    return [nn.Linear(inputs, units), nn.ReLU(), nn.BatchNorm1d(units, **NORM)]


class GanTraining:
    """Half a batch real and half a batch generated for the discriminator, then a batch for the generator."""

    def __init__(self, images: Tensor, compile_or_not: Compile, rounding: torch.autocast) -> None:
        """Train on uint8 images."""
        self._rounding = rounding
        generator = build_generator().to(memory_format=torch.channels_last)
        discriminator = build_discriminator().to(memory_format=torch.channels_last)
        self._images = images
        self._weights = list(discriminator.parameters())
        self._generator_optimizer, self._discriminator_optimizer = _adam(generator), _adam(discriminator)
        self.num_parameters = count_parameters(generator, discriminator)
        self.cost = Cost()
        self._generate, self._judge = compile_or_not(generator), compile_or_not(discriminator)

    def train(self, steps: int) -> float:
        """Train both networks so many steps; the seconds that they took."""
        start = time.perf_counter()
        for _ in range(steps):
            self._train_discriminator()
            self._train_generator()
        return time.perf_counter() - start

    def _train_discriminator(self) -> None:
        half = sizes.GAN_BATCH_SIZE // 2
        with torch.no_grad(), self._rounding:
            generated = self._generate(torch.randn(half, sizes.GAN_LATENT_DIM))
        images = torch.cat([draw_images(self._images, half), generated])
        labels = torch.cat([torch.ones(half, 1), torch.zeros(half, 1)])
        self._step(self._discriminator_optimizer, images, labels)

    def _train_generator(self) -> None:
        for weight in self._weights:
            weight.requires_grad_(False)
        with self._rounding:
            images = self._generate(torch.randn(sizes.GAN_BATCH_SIZE, sizes.GAN_LATENT_DIM))
        self._step(self._generator_optimizer, images, torch.ones(sizes.GAN_BATCH_SIZE, 1))
        for weight in self._weights:
            weight.requires_grad_(True)

    def _step(self, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor) -> None:
        with self._rounding:
            loss = functional.binary_cross_entropy_with_logits(self._judge(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def build_generator() -> nn.Sequential:
    """Latents to images."""
    side, filters = sizes.IMAGE_SIDE // 4, sizes.GAN_GENERATOR_FILTERS

    def doubled() -> list[nn.Module]:
        padding = nn.ZeroPad2d((1, 2, 1, 2))
        return [nn.Upsample(scale_factor=2), padding, nn.Conv2d(filters, filters, 4)]

    return nn.Sequential(
        nn.Linear(sizes.GAN_LATENT_DIM, filters * side * side),
        nn.LeakyReLU(sizes.GAN_LEAKY_SLOPE),
        ToImages(filters, side),
        *doubled(),
        *doubled(),
        nn.LeakyReLU(sizes.GAN_LEAKY_SLOPE),
        nn.Conv2d(filters, 1, 7, padding=3),
        nn.Sigmoid(),
    )


def build_discriminator() -> nn.Sequential:
    """Images to the logit of p(real)."""
    side, filters = sizes.IMAGE_SIDE // 4, sizes.GAN_DISCRIMINATOR_FILTERS

    def block(channels: int) -> list[nn.Module]:
        padded = [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(channels, filters, 3, 2)]
        return [*padded, nn.LeakyReLU(sizes.GAN_LEAKY_SLOPE), nn.Dropout(sizes.GAN_DROPOUT)]

    return nn.Sequential(*block(1), *block(filters), nn.Flatten(), nn.Linear(filters * side * side, 1))


class ToImages(nn.Module):
    """Rows of numbers as small images of many channels, the channels last in memory."""

    def __init__(self, channels: int, side: int) -> None:
        """Make images of this size."""
        super().__init__()
        self.channels, self.side = channels, side

    def forward(self, x: Tensor) -> Tensor:
        """(batch, side * side * channels) to (batch, channels, side, side)."""
        return x.view(-1, self.side, self.side, self.channels).permute(0, 3, 1, 2)


def draw_images(images: Tensor, count: int) -> Tensor:
    """Images drawn with replacement, in [0, 1]."""
    drawn = images[torch.randint(len(images), (count,))]
    return drawn.to(torch.float32).div(255)


def count_parameters(*modules: nn.Module) -> int:
    """How many numbers gradients change."""
    return sum(math.prod(weight.shape) for module in modules for weight in module.parameters())


def _adam(network: nn.Module) -> torch.optim.Optimizer:
    betas = (sizes.GAN_BETA_1, 0.999)
    return torch.optim.Adam(network.parameters(), sizes.GAN_LEARNING_RATE, betas=betas, fused=True)
