const encoder = new TextEncoder();

/** The size of a text as UTF-8, for people: "840 B", "3.2 KB". */
export function fileSize(text) {
  const bytes = encoder.encode(text).length;
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} KB`;
}
