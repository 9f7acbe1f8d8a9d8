/** A training whose numbers are no longer numbers: what is said of it, and what is left out of it after a rollback.
 * @module */
import type * as tf from "../tf.ts";

/** What is known of it. */
export interface Spoilt {
  /** The step that went wrong, from 1. */
  step: number;
  /** The first loss that is not finite, and what it is. */
  loss: string;
  value: number;
  /** The network whose weights are spoilt now, if one is; of several the first. */
  network: string | undefined;
  /** Names of what the step was given. */
  names: string[];
  /** Names of those of one flat colour: the known cause. */
  flat: string[];
}

/** Names in a message: a batch may have hundreds. */
const MOST_NAMES = 3;

/** Thrown at the step. */
export class NonFiniteLossError extends Error {
  override name = "NonFiniteLossError";
  readonly spoilt: Spoilt;

  constructor(spoilt: Spoilt) {
    super(`Training stopped ${sentence(spoilt)}; ${cure(spoilt)}`);
    this.spoilt = spoilt;
  }
}

/** "at step 12: the l1 loss is NaN, on 7.jpg, and the generator is spoilt" */
export function sentence({ step, loss, value, network, names }: Spoilt): string {
  return `at step ${step}: the ${loss} loss is ${value}, on ${listed(names)}` +
    (network ? `, and the ${network} is spoilt` : "");
}

/** Of many names the first. */
function listed(names: string[]): string {
  return names.slice(0, MOST_NAMES).join(", ") + (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "");
}

function cure({ flat }: Spoilt): string {
  if (flat.length > 0) return `${listed(flat)} ${flat.length === 1 ? "is" : "are"} of one flat colour: leave that out`;
  return "look for a picture of one flat colour, or lower the learning rate";
}

/** Which network has a weight that is not finite. */
export async function spoiltNetwork(networks: Record<string, tf.LayersModel>): Promise<string | undefined> {
  for (const [name, network] of Object.entries(networks)) {
    for (const weight of network.getWeights()) {
      if (!(await weight.data<"float32">()).every(Number.isFinite)) return name;
    }
  }
  return undefined;
}

/** A loss is computed before its network moves: the step that spoils the weights may still have good ones. They must not become a checkpoint.
 * @throws {Error} if a network has a weight that is not finite. */
export async function refuseSpoilt(networks: Record<string, tf.LayersModel>, step: number): Promise<void> {
  const network = await spoiltNetwork(networks);
  if (network === undefined) return;
  throw new Error(
    `Cannot keep step ${step}: the ${network} has weights that are no finite numbers; what was kept before it stays as it is: train anew with a ` +
      `lower learning rate, or without the last pictures`,
  );
}

/** Names of the pictures in a batch that are of one flat colour, channel by channel.
 * @param batch whatever it holds: its tensors of rank 4 are pictures. */
export async function constantImages(batch: { names: string[] }): Promise<string[]> {
  const flat = new Set<string>();
  for (const tensor of Object.values(batch) as unknown as tf.Tensor[]) {
    if (tensor?.rank !== 4) continue;
    const [count, height, width, channels] = tensor.shape as [number, number, number, number];
    const values = await tensor.data();
    const size = height * width * channels;
    for (let i = 0; i < count; i++) {
      const picture = values.subarray(i * size, (i + 1) * size);
      if (picture.every((value, place) => value === picture[place % channels])) flat.add(batch.names[i] ?? `picture ${i + 1}`);
    }
  }
  return [...flat];
}
