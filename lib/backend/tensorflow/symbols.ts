/** FFI declarations of the functions in TensorFlow's C API that Forger calls. Source: the headers
 * `tensorflow/c/{c_api,tf_tensor,tf_status,tf_tstring}.h` and `tensorflow/c/eager/c_api.h` of TensorFlow 2.21.
 * @module */

const P = "pointer", B = "buffer", I = "i32", V = "void", N = "usize";

/** The struct `TF_Output {TF_Operation* oper; int index}`, passed by value: 16 bytes with padding. */
const OUTPUT = { struct: ["pointer", "i32"] } as const;

/** Declarations of the functions. */
export const symbols = {
  // Status, tensors and strings
  TF_Version: { parameters: [], result: P },
  TF_NewStatus: { parameters: [], result: P },
  TF_GetCode: { parameters: [P], result: I },
  TF_Message: { parameters: [P], result: P },
  TF_AllocateTensor: { parameters: [I, B, I, N], result: P },
  TF_TensorData: { parameters: [P], result: P },
  TF_TensorByteSize: { parameters: [P], result: N },
  TF_TensorElementCount: { parameters: [P], result: "i64" },
  TF_DeleteTensor: { parameters: [P], result: V },
  TF_StringInit: { parameters: [P], result: V },
  TF_StringAssignView: { parameters: [P, B, N], result: V },
  TF_StringGetDataPointer: { parameters: [P], result: P },
  TF_StringGetSize: { parameters: [P], result: N },
  // Eager context, tensor handles and eager ops
  TFE_NewContextOptions: { parameters: [], result: P },
  TFE_DeleteContextOptions: { parameters: [P], result: V },
  TFE_NewContext: { parameters: [P, P], result: P },
  TFE_ContextListDevices: { parameters: [P, P], result: P },
  TF_DeviceListCount: { parameters: [P], result: I },
  TF_DeviceListName: { parameters: [P, I, P], result: P },
  TF_DeviceListType: { parameters: [P, I, P], result: P },
  TF_DeleteDeviceList: { parameters: [P], result: V },
  TFE_NewTensorHandle: { parameters: [P, P], result: P },
  TFE_DeleteTensorHandle: { parameters: [P], result: V },
  TFE_TensorHandleResolve: { parameters: [P, P], result: P },
  TFE_TensorHandleCopyToDevice: { parameters: [P, P, B, P], result: P },
  TFE_TensorHandleCopySharingTensor: { parameters: [P, P], result: P },
  TFE_TensorHandleDataType: { parameters: [P], result: I },
  TFE_TensorHandleNumDims: { parameters: [P, P], result: I },
  TFE_TensorHandleDim: { parameters: [P, I, P], result: "i64" },
  TFE_NewOp: { parameters: [P, B, P], result: P },
  TFE_DeleteOp: { parameters: [P], result: V },
  TFE_OpAddInput: { parameters: [P, P, P], result: V },
  TFE_OpSetAttrString: { parameters: [P, B, B, N], result: V },
  TFE_OpSetAttrInt: { parameters: [P, B, "i64"], result: V },
  TFE_OpSetAttrIntList: { parameters: [P, B, B, I], result: V },
  TFE_OpSetAttrFloat: { parameters: [P, B, "f32"], result: V },
  TFE_OpSetAttrBool: { parameters: [P, B, "u8"], result: V },
  TFE_OpSetAttrType: { parameters: [P, B, I], result: V },
  TFE_OpSetAttrShape: { parameters: [P, B, B, I, P], result: V },
  TFE_Execute: { parameters: [P, B, B, P], result: V },
  TFE_ContextAddFunction: { parameters: [P, P, P], result: V },
  TFE_ContextRemoveFunction: { parameters: [P, B, P], result: V },
  // Graphs and graph functions
  TF_NewGraph: { parameters: [], result: P },
  TF_DeleteGraph: { parameters: [P], result: V },
  TF_NewOperation: { parameters: [P, B, B], result: P },
  TF_FinishOperation: { parameters: [P, P], result: P },
  TF_AddInput: { parameters: [P, OUTPUT], result: V },
  TF_AddInputList: { parameters: [P, B, I], result: V },
  TF_AddControlInput: { parameters: [P, P], result: V },
  TF_SetAttrString: { parameters: [P, B, B, N], result: V },
  TF_SetAttrInt: { parameters: [P, B, "i64"], result: V },
  TF_SetAttrIntList: { parameters: [P, B, B, I], result: V },
  TF_SetAttrFloat: { parameters: [P, B, "f32"], result: V },
  TF_SetAttrBool: { parameters: [P, B, "u8"], result: V },
  TF_SetAttrType: { parameters: [P, B, I], result: V },
  TF_SetAttrShape: { parameters: [P, B, B, I], result: V },
  TF_SetAttrTensor: { parameters: [P, B, P, P], result: V },
  TF_OperationNumOutputs: { parameters: [P], result: I },
  TF_OperationOutputType: { parameters: [OUTPUT], result: I },
  TF_GraphGetTensorNumDims: { parameters: [P, OUTPUT, P], result: I },
  TF_GraphGetTensorShape: { parameters: [P, OUTPUT, B, I, P], result: V },
  TF_GraphSetTensorShape: { parameters: [P, OUTPUT, B, I, P], result: V },
  TF_GraphToFunctionWithControlOutputs: { parameters: [P, B, "u8", I, P, I, B, I, B, P, I, B, P, P, P, P], result: P },
  TF_DeleteFunction: { parameters: [P], result: V },
} as const;

/** The loaded functions. */
export type Symbols = Deno.DynamicLibrary<typeof symbols>["symbols"];

/** TensorFlow's codes for tfjs's dtypes (`TF_DataType`, tf_datatype.h). */
export const DTYPE = { float32: 1, uint8: 4, int32: 3, string: 7, complex64: 8, int64: 9, bool: 10, resource: 20 } as const;

/** TensorFlow's codes for attribute kinds (`TF_AttrType`, tf_attrtype.h). */
export const ATTRIBUTE = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5, resource: 9 } as const;
