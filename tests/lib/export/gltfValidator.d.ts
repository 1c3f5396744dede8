declare module 'gltf-validator' {
  interface Message {
    readonly code: string;
    /** 0 an error, 1 a warning, 2 information, 3 a hint. */
    readonly severity: number;
    readonly pointer?: string;
  }
  const validator: {
    validateBytes(bytes: Uint8Array): Promise<{ readonly issues: { readonly messages: readonly Message[] } }>;
  };
  export default validator;
}
