import { Builder, type Offset } from 'flatbuffers';

/** Fields of a flatbuffer's table by their number: an offset, or a number of some width. */
export type FlatField =
  | { readonly id: number; readonly offset: Offset }
  | { readonly id: number; readonly int8: number }
  | { readonly id: number; readonly int32: number };

/** Writes a table of the fields `fields`; those whose offset is 0 are left out. */
export function table(builder: Builder, fields: readonly FlatField[]): Offset {
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

export function intVector(builder: Builder, values: readonly number[]): Offset {
  return vector(builder, values.length, 4, 4, (index) => builder.addInt32(values[index]!));
}

export function floatVector(builder: Builder, values: readonly number[]): Offset {
  return vector(builder, values.length, 4, 4, (index) => builder.addFloat32(values[index]!));
}

export function offsetVector(builder: Builder, offsets: readonly Offset[]): Offset {
  return vector(builder, offsets.length, 4, 4, (index) => builder.addOffset(offsets[index]!));
}

/** Numbers of a tensor begin at a multiple of 16. */
export function byteVector(builder: Builder, bytes: Uint8Array): Offset {
  return vector(builder, bytes.length, 1, 16, (index) => builder.addInt8(bytes[index]!));
}

/** Writes one flatbuffer whose root `write` makes; `identifier` is its four letters. */
export function flatbuffer(identifier: string, write: (builder: Builder) => Offset): Uint8Array {
  const builder = new Builder(4096);
  builder.finish(write(builder), identifier);
  return builder.asUint8Array();
}
