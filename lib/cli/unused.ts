/** Rejects options that have no effect on a model because of its other settings.
 * @module */
import { type Command, optionName, UsageError } from "./command.ts";
import type { Fields } from "../settings.ts";

type Settings = Readonly<Record<string, unknown>>;

/** A setting on which other settings depend. */
interface Dependence {
  /** Settings that have an effect only if the condition holds. */
  settings: readonly string[];
  /** Setting in the condition. */
  of: string;
  holds: (value: unknown) => boolean;
}

/** Dependences between the settings of all systems. They apply to the systems that have both settings. */
const DEPENDENCES: readonly Dependence[] = [
  {
    settings: ["hidden", "discriminatorHidden", "dropout", "labelUnits", "discriminatorLabelUnits"],
    of: "networks",
    holds: (value) => value === "mlp",
  },
  { settings: ["filters"], of: "networks", holds: (value) => value === "dcgan" },
  { settings: ["penaltyWeight"], of: "loss", holds: (value) => value === "wasserstein" },
  { settings: ["depth"], of: "generator", holds: (value) => value !== "resnet" },
  { settings: ["blocks"], of: "generator", holds: (value) => value === "resnet" },
  { settings: ["lambda"], of: "reconstruction", holds: (value) => value !== "none" },
  { settings: ["layers", "conditional", "updates"], of: "adversarial", holds: (value) => value === true },
];

/** Rejects options that were typed but have no effect.
 * @param typed the values of the options that were typed.
 * @param settings all settings of the model.
 * @throws {UsageError} if there is such an option. */
export function refuseUnusedSettings({ options }: Command<Fields>, typed: Settings, settings: Settings): void {
  for (const { settings: names, of, holds } of DEPENDENCES) {
    const name = names.find((name) => Object.hasOwn(typed, name) && Object.hasOwn(settings, name));
    if (name === undefined || !Object.hasOwn(settings, of) || holds(settings[of])) continue;
    const reason = typeof settings[of] === "boolean" ? optionName(of, options[of]) : `${optionName(of)} ${settings[of]}`;
    throw new UsageError(`Option ${optionName(name, options[name])} has no effect with ${reason}; omit one of them`);
  }
}
