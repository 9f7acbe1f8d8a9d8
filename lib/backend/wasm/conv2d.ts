/** Kernels `Conv2D` and `FusedConv2D` for a large filter over few positions (see convolution.ts for why), else tfjs's own.
 * @module */
import * as tf from "../../tf.ts";
import { convolutionInfo, hasFewPositions } from "./convolution.ts";
import { patches } from "./patches.ts";

interface Inputs {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  bias?: tf.Tensor;
}

/** Whether the call asks for no more than a convolution and a bias. */
function isPlain(attributes: tf.NamedAttrMap | undefined): boolean {
  const { dilations, dataFormat, activation } = attributes as unknown as tf.FusedConv2DAttrs;
  return [dilations].flat().every((dilation) => dilation === 1) && dataFormat !== "NCHW" && (activation ?? "linear") === "linear";
}

/** The kernel, for {@linkcode tf.registerKernel}.
 * @param xnnpack tfjs's own kernel, `Conv2D` or `FusedConv2D`. */
export function conv2d(xnnpack: tf.KernelConfig): tf.KernelConfig {
  return {
    ...xnnpack,
    kernelFunc: (call) => {
      if (!isPlain(call.attrs)) return xnnpack.kernelFunc(call);
      const { x, filter, bias } = call.inputs as unknown as Inputs;
      const info = convolutionInfo(x.shape, filter.shape, call.attrs);
      if (!hasFewPositions(info)) return xnnpack.kernelFunc(call);
      return tf.tidy(() => {
        const product = tf.matMul(patches(x, info), filter.reshape([-1, info.outChannels]));
        return (bias ? tf.add(product, bias) : product).reshape(info.outShape);
      });
    },
  };
}
