const encoder = new TextEncoder();

/** The size of a text as UTF-8, for people: "840 B", "3.2 KB". */
export const fileSize = (text) => byteSize(encoder.encode(text).length);

/** So many bytes, for people. */
export function byteSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
