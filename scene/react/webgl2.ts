/** How the browser draws. */
export interface WebGl2Support {
  /** Whether the CPU draws: then everything per pixel is expensive. */
  readonly isSoftware: boolean;
}

const SOFTWARE_RENDERERS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let known: WebGl2Support | null | undefined;

function probe(): WebGl2Support | null {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return null;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  // Browsers allow few contexts, and this one has done its work.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { isSoftware: SOFTWARE_RENDERERS.test(renderer) };
}

/** How the browser draws WebGL2; null if it can't. Asked once per page. */
export function webGl2Support(): WebGl2Support | null {
  if (known === undefined) known = probe();
  return known;
}
