/** Saving and loading of a model in memory.
 * @module */
import * as tf from "../../lib/tf.ts";

/** Returns a copy of the model that was saved and loaded. */
export async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(tf.io.withSaveHandler((saved) => {
    // As in a file: nothing is shared with the model.
    artifacts = { ...saved, modelTopology: JSON.parse(JSON.stringify(saved.modelTopology)) };
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } });
  }));
  return await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}
