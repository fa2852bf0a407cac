// ZIP files of any texts (APPNOTE.TXT 6.3.9, without ZIP64): browsers deflate, but do not pack.

const MOST = 0xffffffff;
const DEFLATED = 8, UTF8 = 0x0800, VERSION = 20;

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** Blobs by name as one ZIP file; raises where it would be larger than such a file may be. */
export async function zip(files) {
  const pieces = [], entries = [];
  let offset = 0;
  for (const [name, blob] of files) {
    const entry = await deflated(name, blob);
    const head = [record(0x04034b50, [2, VERSION], ...entry.common, [2, entry.name.length], [2, 0]), entry.name];
    entries.push([record(0x02014b50, [2, VERSION], [2, VERSION], ...entry.common, [2, entry.name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), entry.name]);
    pieces.push(...head, entry.blob);
    offset += 30 + entry.name.length + entry.blob.size;
    if (offset > MOST || blob.size > MOST) throw new Error("This is more than 4 GB, which a ZIP file cannot hold: use `uncia export`.");
  }
  const size = entries.flat().reduce((sum, one) => sum + one.length, 0);
  const end = record(0x06054b50, [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size], [4, offset], [2, 0]);
  return new Blob([...pieces, ...entries.flat(), end], { type: "application/zip" });
}

async function deflated(name, blob) {
  const [counted, packed] = blob.stream().tee();
  const [crc, small] = await Promise.all([crc32(counted), new Response(packed.pipeThrough(new CompressionStream("deflate-raw"))).blob()]);
  // Date and time are left at the format's first day, 1 January 1980: the same content gives the same file.
  const common = [[2, UTF8], [2, DEFLATED], [2, 0], [2, 0x21], [4, crc], [4, small.size], [4, blob.size]];
  return { name: new TextEncoder().encode(name), blob: small, common };
}

async function crc32(stream) {
  let crc = MOST;
  const reader = stream.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    for (const byte of value) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ MOST) >>> 0;
}

/** A signature and numbers of two or four bytes, little-endian. */
function record(signature, ...numbers) {
  const bytes = new DataView(new ArrayBuffer(4 + numbers.reduce((sum, [width]) => sum + width, 0)));
  bytes.setUint32(0, signature, true);
  let place = 4;
  for (const [width, value] of numbers) {
    if (width === 2) bytes.setUint16(place, value, true);
    else bytes.setUint32(place, value, true);
    place += width;
  }
  return new Uint8Array(bytes.buffer);
}
