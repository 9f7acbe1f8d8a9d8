/** Exercise 2: the brightness of pure red, and the number of weights in D's first layer.
 * @module */
import { patchDiscriminator } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";
import { WEIGHTS } from "./weights.ts";

const SETTINGS = { size: 64, conditionChannels: 1, imageChannels: 3, filters: 64 };

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkNumbers({ red, weights }: { red: number; weights: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(red) || Number.isNaN(weights)) return notYet("put a number in the place of each NaN");
    const wantedRed = WEIGHTS[0]! * 255;
    if (red === 85) return notYet("85 is the mean of the three; (9.1) is a weighted mean");
    if (red < 1) return notYet(`${red} is a fraction; on a scale from 0 to 255, it is ${red} times 255`);
    if (Math.abs(red - wantedRed) > 0.6) return notYet(`by (9.1), the luma of pure red is not ${red}: green and blue are 0`);
    const { filters, conditionChannels, imageChannels } = SETTINGS;
    const network = patchDiscriminator(SETTINGS);
    const wanted = network.getLayer("conv0").countParams();
    network.dispose();
    if (weights === wanted - filters) {
      return notYet(`red is right; ${weights} is the number of kernel weights, add the ${filters} biases`);
    }
    const ofPicture = (wanted - filters) / (conditionChannels + imageChannels) * imageChannels + filters;
    if (weights === ofPicture) return notYet("red is right; D also reads x, concatenated with the image");
    if (weights !== wanted) return notYet(`red is right; 4 × 4 × input channels × filters, plus the biases, is not ${weights}`);
    return right(`${wantedRed.toFixed(1)}, and ${wanted} weights`);
  });
}
