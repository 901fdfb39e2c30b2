/** Magic numbers at the start of a file (mapping B.7). `at` is a byte offset. */
const magics: readonly {
  type: string;
  bytes: readonly number[];
  at?: number;
  also?: { bytes: readonly number[]; at: number };
}[] = [
  { type: "image/png", bytes: [0x89, 0x50, 0x4e, 0x47] },
  { type: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { type: "image/gif", bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: "image/webp", bytes: [0x52, 0x49, 0x46, 0x46], also: { bytes: [0x57, 0x45, 0x42, 0x50], at: 8 } },
  { type: "application/pdf", bytes: [0x25, 0x50, 0x44, 0x46] },
  { type: "audio/wav", bytes: [0x52, 0x49, 0x46, 0x46], also: { bytes: [0x57, 0x41, 0x56, 0x45], at: 8 } },
  { type: "audio/mpeg", bytes: [0x49, 0x44, 0x33] },
  { type: "video/mp4", bytes: [0x66, 0x74, 0x79, 0x70], at: 4 },
  { type: "video/webm", bytes: [0x1a, 0x45, 0xdf, 0xa3] },
];

/** The MIME type that the bytes themselves show; undefined when they show none. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const shows = (magic: readonly number[], at: number): boolean => magic.every((byte, i) => bytes[at + i] === byte);
  return magics.find(
    (magic) => shows(magic.bytes, magic.at ?? 0) && (!magic.also || shows(magic.also.bytes, magic.also.at)),
  )?.type;
}
