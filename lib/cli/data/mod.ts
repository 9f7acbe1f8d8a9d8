/** Registers the data sources of all systems.
 * @module */
import { CAPTIONED } from "./captioned.ts";
import { LABELLED } from "./labelled.ts";
import { PAIRS } from "./pairs.ts";
import { type DataSource, registerSource } from "./source.ts";
import { UNPAIRED } from "./unpaired.ts";

for (const [kind, source] of Object.entries({ pairs: PAIRS, unpaired: UNPAIRED, labelled: LABELLED, captioned: CAPTIONED })) {
  registerSource(kind, source as unknown as DataSource);
}

export { type DataSource, folderBeforeSet, isDataSet, type OpenedData, registerSource, sourceOf } from "./source.ts";
