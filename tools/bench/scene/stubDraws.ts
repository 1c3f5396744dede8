const DRAW_CALLS = ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced'] as const;
const MULTI_DRAW_CALLS = [
  'multiDrawElementsWEBGL',
  'multiDrawArraysWEBGL',
  'multiDrawElementsInstancedWEBGL',
  'multiDrawArraysInstancedWEBGL',
] as const;

const drawNothing = (): void => {};

/**
 * Lets the draw calls of `gl` do nothing, so that a machine which rasterises on the CPU measures the engines and not its
 * rasteriser. Everything else stays: state, uniforms, uploads of buffers and textures.
 */
export function stubDraws(gl: WebGL2RenderingContext): void {
  for (const name of DRAW_CALLS) gl[name] = drawNothing;
  const multi = gl.getExtension('WEBGL_multi_draw');
  if (multi) for (const name of MULTI_DRAW_CALLS) multi[name] = drawNothing;
}
