/** The option --backend, which several commands share.
 * @module */
import { type Precision, PRECISIONS } from "../backend/tensorflow/precision.ts";
import { type BackendName, BACKENDS } from "../backend/use_backend.ts";
import { choice, type Field } from "../settings.ts";

export const backendOption: Field<BackendName | undefined> = choice(undefined, BACKENDS, {
  help: "Backend to use. Default: the backend named by the environment variable FORGER_BACKEND, or else the fastest one " +
    "available on this machine.",
});

export const precisionOption: Field<Precision> = choice("float32", PRECISIONS, {
  help: "Precision of the convolutions. With bfloat16, which needs the backend tensorflow and a recent processor, a training " +
    "step of a large network takes two thirds of the time, and the weights differ by rounding errors. A resumed run keeps its " +
    "precision.",
});
