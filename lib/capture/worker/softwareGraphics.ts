/** Names by which drivers own up to drawing on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether WebGL is drawn by the CPU or absent: models are then far slower on it than on the CPU itself. */
export function isSoftwareGraphics(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  const info = context?.getExtension('WEBGL_debug_renderer_info');
  const renderer = context && String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return !renderer || SOFTWARE.test(renderer);
}
