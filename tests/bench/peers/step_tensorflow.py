"""Times pix2pix training steps in TensorFlow for Python with tf.function, for comparison in `deno task bench`.

The networks are Keras layers with Forger's numbers of weights. As in TensorFlow's tutorial, the discriminator sees the generated
image once, and both networks are updated after that: the option `updates: "simultaneous"` of Forger.

    python step_tensorflow.py --size 256 --filters 64 --batch 1 --steps 10 [--precision bfloat16]
"""
import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

from timing import arguments, report

L = tf.keras.layers
INIT = tf.random_normal_initializer(0.0, 0.02)


def conv(width, stride=2, bias=False, layer=L.Conv2D, padding="same", **options):
    return layer(width, 4, stride, padding, kernel_initializer=INIT, use_bias=bias, **options)


def unet(size, filters):
    widths = [filters * min(2**i, 8) for i in range(min(8, int(math.log2(size))))]
    inputs = x = L.Input([size, size, 3])
    skips = []
    for i, width in enumerate(widths):
        x = conv(width)(L.LeakyReLU(negative_slope=0.2)(x) if i else x)
        if 0 < i < len(widths) - 1:
            x = L.BatchNormalization()(x)
        skips.append(x)
    for i, (width, skip) in enumerate(zip(widths[-2::-1], skips[-2::-1])):
        x = L.BatchNormalization()(conv(width, layer=L.Conv2DTranspose)(L.ReLU()(x)))
        x = L.Concatenate()([L.Dropout(0.5)(x) if i < 3 else x, skip])
    image = conv(3, bias=True, layer=L.Conv2DTranspose, activation="tanh")(L.ReLU()(x))
    return tf.keras.Model(inputs, image)


def patch_discriminator(size, filters):
    inputs = [L.Input([size, size, 3]) for _ in range(2)]
    x = L.LeakyReLU(negative_slope=0.2)(conv(filters, bias=True)(L.Concatenate()(inputs)))
    for factor, stride in [(2, 2), (4, 2), (8, 1)]:
        x = conv(factor * filters, stride, padding="same" if stride == 2 else "valid")(x if stride == 2 else L.ZeroPadding2D()(x))
        x = L.LeakyReLU(negative_slope=0.2)(L.BatchNormalization()(x))
    return tf.keras.Model(inputs, conv(1, 1, bias=True, padding="valid")(L.ZeroPadding2D()(x)))


args = arguments(["pix2pix"], "system")
tf.config.threading.set_intra_op_parallelism_threads(args.threads)
if args.precision == "bfloat16":
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})
G, D = unet(args.size, args.filters), patch_discriminator(args.size, args.filters)
adam_g, adam_d = (tf.keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2))
x, y = (tf.random.uniform([args.batch, args.size, args.size, 3], -1, 1) for _ in range(2))


def real(logits):
    return tf.reduce_mean(tf.nn.softplus(-logits))


def fake(logits):
    return tf.reduce_mean(tf.nn.softplus(logits))


@tf.function
def step():
    with tf.GradientTape() as tape_g, tf.GradientTape() as tape_d:
        generated = G(x, training=True)
        real_logits, fake_logits = D([x, y], training=True), D([x, generated], training=True)
        adversarial, distance = real(fake_logits), tf.reduce_mean(tf.abs(y - generated))
        loss_g, loss_d = adversarial + 100 * distance, 0.5 * (real(real_logits) + fake(fake_logits))
    for tape, loss, network, adam in [(tape_g, loss_g, G, adam_g), (tape_d, loss_d, D, adam_d)]:
        adam.apply_gradients(zip(tape.gradient(loss, network.trainable_variables), network.trainable_variables))
    return loss_d, adversarial, distance


def count(network):
    return sum(math.prod(weight.shape) for weight in network.trainable_variables)


weights = {"generator": count(G), "discriminator": count(D)}
report(f"tensorflow {tf.__version__} tf.function", args.steps, lambda: [float(loss) for loss in step()], weights)
