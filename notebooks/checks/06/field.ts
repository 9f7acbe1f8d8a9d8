/** Exercise 5: the receptive field of any stack of layers, Eq. (6.1).
 * @module */
import { receptiveField } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** A convolutional layer. */
interface Layer {
  kernel: number;
  stride: number;
}
/** Signature of the function that the exercise asks for. */
export type Field = (layers: Layer[]) => number;

/** Returns the layers of Forger's own discriminator, from the input to the output. */
function patchLayers(halvings: number): Layer[] {
  return [...Array<number>(halvings).fill(2), 1, 1].map((stride) => ({ kernel: 4, stride }));
}

/** Checks the answer on Forger's discriminators and on a stack of different layers. */
export function checkField(yours: Field): Promise<Verdict> {
  return judged(() => {
    if (yours([]) !== 1) return notYet(`without any layer, an output is a pixel: 1, yours returns ${yours([])}`);
    if (yours([{ kernel: 5, stride: 3 }]) !== 5) {
      return notYet(
        "one layer with a 5 × 5 kernel sees 5 pixels, whatever its stride: it is the kernels of the layers that count",
      );
    }
    const mixed = [{ kernel: 7, stride: 2 }, { kernel: 3, stride: 1 }];
    const got = yours(mixed);
    if (got === 9) {
      return notYet("the list begins at the image, and (6.1) at the output: go through the layers from the end");
    }
    if (got !== 11) return notYet(`7 × 7 with stride 2, then 3 × 3 with stride 1, sees 11 pixels, yours returns ${got}`);
    for (const halvings of [1, 3, 5]) {
      const [said, wanted] = [yours(patchLayers(halvings)), receptiveField(halvings)];
      if (said !== wanted) return notYet(`with ${halvings} layers of stride 2, the field is ${wanted}, yours returns ${said}`);
    }
    return right("16, 70 and 286, and stacks of different layers");
  });
}
