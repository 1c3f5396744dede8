/** What the browser can draw with. */
export interface WebGl2Support {
  /** The GPU is the CPU: everything per pixel is dear. */
  readonly isSoftware: boolean;
}

const SOFTWARE_RENDERERS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

let known: WebGl2Support | null | undefined;

function probe(): WebGl2Support | null {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return null;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  // Browsers allow few contexts; this one has served.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { isSoftware: SOFTWARE_RENDERERS.test(renderer) };
}

/** Whether the browser draws WebGL2, and how; null where it doesn't. Asked once a page. */
export function webGl2Support(): WebGl2Support | null {
  if (known === undefined) known = probe();
  return known;
}
