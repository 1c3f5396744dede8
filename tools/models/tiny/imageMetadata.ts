import { flatbuffer, floatVector, offsetVector, table } from './flatTable';

/** Field numbers are those of TFLite's metadata schema (metadata_schema.fbs, M001). */
const IMAGE_CONTENT = 2;
const NORMALIZATION = 1;

/** Metadata of a net whose one input is a picture, each of its values v normalised to (v - mean) / std first. */
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
