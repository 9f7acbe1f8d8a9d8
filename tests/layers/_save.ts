/** Saving and loading a model without files.
 * @module */
import * as tf from "../../lib/tf.ts";

/** What comes back when the model is saved and loaded. */
export async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(tf.io.withSaveHandler((made) => {
    // As in a file: text and bytes, nothing that is shared with the model.
    artifacts = { ...made, modelTopology: JSON.parse(JSON.stringify(made.modelTopology)) };
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } });
  }));
  return await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}
