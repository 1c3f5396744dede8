import { Builder, type Offset } from 'flatbuffers';

/** A field of a flatbuffer's table by its number: an offset, or a number of some width. */
type FlatField =
  | { readonly id: number; readonly offset: Offset }
  | { readonly id: number; readonly int8: number }
  | { readonly id: number; readonly int32: number };

/** Writes a table of `fields`; those with offset 0 are left out. */
function table(builder: Builder, fields: readonly FlatField[]): Offset {
  builder.startObject(1 + Math.max(-1, ...fields.map(({ id }) => id)));
  for (const field of fields) {
    if ('offset' in field) builder.addFieldOffset(field.id, field.offset, 0);
    else if ('int8' in field) builder.addFieldInt8(field.id, field.int8, 0);
    else builder.addFieldInt32(field.id, field.int32, 0);
  }
  return builder.endObject();
}

function vector(
  builder: Builder,
  count: number,
  bytes: number,
  alignment: number,
  add: (index: number) => void,
): Offset {
  builder.startVector(bytes, count, alignment);
  // A flatbuffer grows from its end.
  for (let index = count - 1; index >= 0; index -= 1) add(index);
  return builder.endVector();
}

function intVector(builder: Builder, values: readonly number[]): Offset {
  return vector(builder, values.length, 4, 4, (index) => builder.addInt32(values[index]!));
}

function floatVector(builder: Builder, values: readonly number[]): Offset {
  return vector(builder, values.length, 4, 4, (index) => builder.addFloat32(values[index]!));
}

function offsetVector(builder: Builder, offsets: readonly Offset[]): Offset {
  return vector(builder, offsets.length, 4, 4, (index) => builder.addOffset(offsets[index]!));
}

/** The bytes of a tensor, which begin at a multiple of 16. */
function byteVector(builder: Builder, bytes: Uint8Array): Offset {
  return vector(builder, bytes.length, 1, 16, (index) => builder.addInt8(bytes[index]!));
}

/** Writes a flatbuffer with the root that `write` creates; `identifier` has four letters. */
function flatbuffer(identifier: string, write: (builder: Builder) => Offset): Uint8Array {
  const builder = new Builder(4096);
  builder.finish(write(builder), identifier);
  return builder.asUint8Array();
}

/** Codes of TFLite's operators (schema.fbs). */
const OPERATORS = { ADD: 0, FULLY_CONNECTED: 9, RESHAPE: 22, MEAN: 40, PADV2: 60, FILL: 94 } as const;

/** Which member of the union of options an operator has; the others have none. */
const OPTIONS: Partial<Record<Operator, number>> = { FULLY_CONNECTED: 8, ADD: 11, MEAN: 27 };

type Operator = keyof typeof OPERATORS;

const INT32 = 2;

/** A tensor: computed numbers, or constants of the model. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data?: Float32Array | Int32Array;
}

/** A step: `operator` computes `output` from `inputs`. */
export interface Step {
  readonly operator: Operator;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
}

/** A net. */
export interface Net {
  readonly input: Tensor;
  readonly outputs: readonly Tensor[];
  readonly steps: readonly Step[];
  /** See `imageMetadata`; null if the input is not a picture. */
  readonly metadata: Uint8Array | null;
}

/** Constant numbers of a model. */
export function constant(name: string, shape: readonly number[], values: ArrayLike<number>): Tensor {
  return { name, shape, data: Float32Array.from(values) };
}

/** Constant integers of a model, such as axes and shapes. */
export function integers(name: string, shape: readonly number[], values: readonly number[]): Tensor {
  return { name, shape, data: Int32Array.from(values) };
}

function tensorsOf({ input, steps }: Net): readonly Tensor[] {
  return [...new Set([input, ...steps.flatMap((step) => [...step.inputs, step.output])])];
}

function bytesOf({ data }: Tensor): Uint8Array | null {
  return data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : null;
}

/** Writes a net in TFLite's format. */
export function writeNet(net: Net): Uint8Array {
  return flatbuffer('TFL3', (builder) => new NetWriter(builder, net).write());
}

class NetWriter {
  private readonly tensors: readonly Tensor[];
  private readonly operators: readonly Operator[];
  /** The format requires buffer 0 to be empty. */
  private readonly buffers: Uint8Array[] = [new Uint8Array()];

  constructor(
    private readonly builder: Builder,
    private readonly net: Net,
  ) {
    this.tensors = tensorsOf(net);
    this.operators = [...new Set(net.steps.map(({ operator }) => operator))];
  }

  write(): Offset {
    const { builder, net } = this;
    const subgraph = offsetVector(builder, [this.subgraph()]);
    const codes = offsetVector(
      builder,
      this.operators.map((operator) => this.operatorCode(operator)),
    );
    const metadata = net.metadata ? offsetVector(builder, [this.metadata(net.metadata)]) : 0;
    const buffers = offsetVector(
      builder,
      this.buffers.map((bytes) => this.buffer(bytes)),
    );
    return table(builder, [
      { id: 0, int32: 3 },
      { id: 1, offset: codes },
      { id: 2, offset: subgraph },
      { id: 3, offset: builder.createString('made by code') },
      { id: 4, offset: buffers },
      { id: 6, offset: metadata },
    ]);
  }

  private subgraph(): Offset {
    const { builder, net } = this;
    const tensors = this.tensors.map((tensor) => this.tensor(tensor));
    const steps = net.steps.map((step) => this.step(step));
    return table(builder, [
      { id: 0, offset: offsetVector(builder, tensors) },
      { id: 1, offset: this.indices([net.input]) },
      { id: 2, offset: this.indices(net.outputs) },
      { id: 3, offset: offsetVector(builder, steps) },
      { id: 4, offset: builder.createString('main') },
    ]);
  }

  private tensor(tensor: Tensor): Offset {
    const bytes = bytesOf(tensor);
    const fields: FlatField[] = [
      { id: 0, offset: intVector(this.builder, tensor.shape) },
      { id: 3, offset: this.builder.createString(tensor.name) },
    ];
    if (tensor.data instanceof Int32Array) fields.push({ id: 1, int8: INT32 });
    if (bytes) fields.push({ id: 2, int32: this.buffers.push(bytes) - 1 });
    return table(this.builder, fields);
  }

  private step({ operator, inputs, output }: Step): Offset {
    const fields: FlatField[] = [
      { id: 0, int32: this.operators.indexOf(operator) },
      { id: 1, offset: this.indices(inputs) },
      { id: 2, offset: this.indices([output]) },
    ];
    const option = OPTIONS[operator];
    if (option) fields.push({ id: 3, int8: option }, { id: 4, offset: table(this.builder, []) });
    return table(this.builder, fields);
  }

  private operatorCode(operator: Operator): Offset {
    const code = OPERATORS[operator];
    return table(this.builder, [
      { id: 0, int8: code },
      { id: 2, int32: 1 },
      { id: 3, int32: code },
    ]);
  }

  private metadata(bytes: Uint8Array): Offset {
    return table(this.builder, [
      { id: 0, offset: this.builder.createString('TFLITE_METADATA') },
      { id: 1, int32: this.buffers.push(bytes) - 1 },
    ]);
  }

  private buffer(bytes: Uint8Array): Offset {
    return bytes.length === 0
      ? table(this.builder, [])
      : table(this.builder, [{ id: 0, offset: byteVector(this.builder, bytes) }]);
  }

  private indices(tensors: readonly Tensor[]): Offset {
    return intVector(
      this.builder,
      tensors.map((tensor) => this.tensors.indexOf(tensor)),
    );
  }
}

/** Field numbers are those of TFLite's metadata schema (metadata_schema.fbs, M001). */
const IMAGE_CONTENT = 2;
const NORMALIZATION = 1;

/** Metadata of a net whose input is a picture, with values v normalised to (v - mean) / std. */
export function imageMetadata(mean: number, std: number): Uint8Array {
  return flatbuffer('M001', (builder) => {
    const normalization = table(builder, [
      { id: 0, offset: floatVector(builder, [mean]) },
      { id: 1, offset: floatVector(builder, [std]) },
    ]);
    const process = table(builder, [
      { id: 0, int8: NORMALIZATION },
      { id: 1, offset: normalization },
    ]);
    const image = table(builder, [{ id: 0, int8: 1 }]);
    const content = table(builder, [
      { id: 0, int8: IMAGE_CONTENT },
      { id: 1, offset: image },
    ]);
    const input = table(builder, [
      { id: 0, offset: builder.createString('image') },
      { id: 3, offset: content },
      { id: 4, offset: offsetVector(builder, [process]) },
    ]);
    const subgraph = table(builder, [
      { id: 2, offset: offsetVector(builder, [input]) },
      { id: 3, offset: offsetVector(builder, []) },
    ]);
    return table(builder, [
      { id: 3, offset: offsetVector(builder, [subgraph]) },
      { id: 7, offset: builder.createString('1.0.0') },
    ]);
  });
}
