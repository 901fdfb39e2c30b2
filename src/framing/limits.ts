/** The largest event or event-stream message that is taken, in bytes, unless the configuration says otherwise. */
export const defaultMaxBytes = 16 * 2 ** 20;
