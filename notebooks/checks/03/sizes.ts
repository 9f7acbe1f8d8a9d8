/** Exercise 2: the number of input channels of D and of inputs of G, for 32 x 32 images with three channels, four classes,
 * and 100 latent values.
 * @module */
import { dcganDiscriminator, dcganGenerator, type tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const SETTINGS = { size: 32, channels: 3, classes: 4, filters: 1, latent: 100 };

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkSizes({ channels, numbers }: { channels: number; numbers: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(channels) || Number.isNaN(numbers)) return notYet("put a number in the place of each NaN");
    const { channels: pictures, classes, latent } = SETTINGS;
    const wanted = measured();
    if (channels === pictures) return notYet(`${channels} are those of the image; the planes of the label are added`);
    if (channels === pictures + 1) return notYet("a label is not one plane, but one for each class");
    if (channels === pictures * classes) {
      return notYet("the planes are added to the channels, not multiplied with them");
    }
    if (channels !== wanted.channels) return notYet(`not ${channels}: the channels of the image, and a plane for each class`);
    if (numbers === latent) return notYet(`${channels} channels is right; G is told the label too`);
    if (numbers !== wanted.numbers) return notYet(`${channels} channels is right; G does not get ${numbers} numbers`);
    return right(`D gets ${channels} channels, G ${numbers} numbers`);
  });
}

/** Reads both numbers from the networks themselves. */
function measured(): { channels: number; numbers: number } {
  const [generator, discriminator] = [dcganGenerator(SETTINGS), dcganDiscriminator(SETTINGS)];
  const widthOf = (network: tf.LayersModel) => (network.getLayer("labelled").outputShape as number[]).at(-1)!;
  const found = { channels: widthOf(discriminator), numbers: widthOf(generator) };
  generator.dispose();
  discriminator.dispose();
  return found;
}
