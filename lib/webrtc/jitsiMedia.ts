/**
 * SRTP profiles in order of preference: AEAD_AES_128_GCM (RFC 7714), which passes over each packet once, then
 * AES_CM_128_HMAC_SHA1_80 (RFC 5764).
 */
export const SRTP_PROFILES = [0x0007, 0x0001] as const;

/** The label of the data channel to the bridge, as lib-jitsi-meet opens it. Bridges close any other. */
export const CHANNEL_LABEL = 'JVB data channel';
