/** What a conditional GAN is made of (Mirza and Osindero 2014, arXiv:1411.1784), with the paper's choices.
 * @module */
import { GAN, type GanSettings } from "./gan_settings.ts";

/** What to build, and by what it learns. */
export interface ConditionalGanSettings extends GanSettings {
  /** How many classes there are. */
  classes: number;
  /** Units of the labels' own hidden layer in the generator; of "mlp". */
  labelUnits: number;
  /** Units of the labels' own hidden layer in the discriminator; of "mlp". */
  discriminatorLabelUnits: number;
}

/** The defaults, from Sec. 4.1: digits, z and y through 200 and 1000 units and then 1200 together, x and y through
 * 240 and 50 and then 240 maxout units: see mlp.ts for the numbers here. */
export const CONDITIONAL_GAN: ConditionalGanSettings = {
  ...GAN,
  hidden: [200, 1200],
  discriminatorHidden: [1200, 960],
  classes: 10,
  labelUnits: 1000,
  discriminatorLabelUnits: 250,
};
