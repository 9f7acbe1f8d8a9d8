/** Exercise 2: the discriminator with two layers of stride 2, on images of 64 x 64 pixels.
 * @module */
import { patchDiscriminator, receptiveField } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [LAYERS, SIZE] = [2, 64];

/** Checks the receptive field of one output, and the number of outputs in a row. NaN means that no answer has been given yet. */
export function checkVerdicts({ field, across }: { field: number; across: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(field) || Number.isNaN(across)) return notYet("put a number in the place of each NaN");
    const wrong = wrongField(field);
    if (wrong) return notYet(wrong);
    if (across === SIZE / 2 ** LAYERS) {
      return notYet(
        `${field} pixels is right; ${across} is the width after the two layers of stride 2, and two more layers follow`,
      );
    }
    if (across !== verdictsInARow()) return notYet(`${field} pixels is right; there are not ${across} outputs in a row`);
    return right(`each of the ${across} × ${across} outputs sees ${field} × ${field} pixels`);
  });
}

function wrongField(field: number): string | undefined {
  if (field === receptiveField(LAYERS)) return undefined;
  if (field === receptiveField(LAYERS + 1)) return `${field} is what three layers of stride 2 see; here there are two`;
  if (field === receptiveField(LAYERS - 1)) return `${field} is what one layer of stride 2 sees; here there are two`;
  return `one output does not see ${field} pixels; start (6.1) with 1, and use the strides 1, 1, 2 and 2, one after the other`;
}

/** Builds such a discriminator and returns the width of its output. */
function verdictsInARow(): number {
  const discriminator = patchDiscriminator({ size: SIZE, layers: LAYERS, filters: 1 });
  const across = discriminator.outputs[0]!.shape[2]!;
  discriminator.dispose();
  return across;
}
