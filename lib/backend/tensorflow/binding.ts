/** The object that tfjs-node's kernels call, on TensorFlow's C library by FFI instead of the native add-on.
 * @module */
import type { TFJSBinding } from "../../packages.ts";
import { ATTRIBUTE, DTYPE } from "./symbols.ts";
import type { TensorTable } from "./tensors.ts";
import type { Values } from "./values.ts";

function unsupported(): never {
  throw new Error(
    'Cannot use saved models: Forger\'s binding does not support them; convert the model with "tensorflowjs_converter"',
  );
}

/** tfjs-node's `TFJSBinding` on these tensors. */
export function bindingOf(tensors: TensorTable): TFJSBinding {
  return {
    TF_FLOAT: DTYPE.float32,
    TF_INT32: DTYPE.int32,
    TF_INT64: DTYPE.int64,
    TF_BOOL: DTYPE.bool,
    TF_COMPLEX64: DTYPE.complex64,
    TF_STRING: DTYPE.string,
    TF_RESOURCE: DTYPE.resource,
    TF_UINT8: DTYPE.uint8,
    TF_ATTR_STRING: ATTRIBUTE.string,
    TF_ATTR_INT: ATTRIBUTE.int,
    TF_ATTR_FLOAT: ATTRIBUTE.float,
    TF_ATTR_BOOL: ATTRIBUTE.bool,
    TF_ATTR_TYPE: ATTRIBUTE.type,
    TF_ATTR_SHAPE: ATTRIBUTE.shape,
    TF_ATTR_RESOURCE: ATTRIBUTE.resource,
    TF_Version: tensors.context.library.version,
    TensorMetadata: class {} as TFJSBinding["TensorMetadata"],
    TFEOpAttr: class {} as TFJSBinding["TFEOpAttr"],
    createTensor: (shape, dtype, values) => tensors.create(shape, dtype, values as Values),
    deleteTensor: (id) => tensors.delete(id),
    tensorDataSync: (id) => tensors.read(id) as Float32Array,
    executeOp: (name, attributes, ids, outputs) => tensors.execute(name, attributes, ids, outputs),
    loadSavedModel: unsupported,
    deleteSavedModel: unsupported,
    runSavedModel: unsupported,
    getNumOfSavedModels: () => 0,
    getNumOfTensors: () => tensors.size,
    isUsingGpuDevice: () => tensors.context.hasGpu,
  };
}
