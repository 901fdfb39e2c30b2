import { deflateRawSync, gzipSync } from "node:zlib";

export type Packed = { name: string; bytes: Uint8Array; executable: boolean };

/** A gzipped tar (ustar) of some files. The same input gives the same bytes. `time` in seconds. */
export function tarGz(files: readonly Packed[], time: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const file of files) {
    parts.push(tarHeader(file, time), file.bytes, new Uint8Array(-file.bytes.length & 511));
  }
  parts.push(new Uint8Array(1024));
  return gzipSync(Buffer.concat(parts), { level: 9 });
}

function tarHeader({ name, bytes, executable }: Packed, time: number): Uint8Array {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  header.write(name, 0, 100, "utf8");
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(time, 136, 12);
  header.write("        ", 148, "latin1");
  header.write("0", 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  return header;
}

/** A zip, which Windows opens without a further program. */
export function zip(files: readonly Packed[], time: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const packed = deflateRawSync(file.bytes, { level: 9 });
    const common = zipFields(file, packed.length, name.length, time);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name]);
    // Central entry: version made by 3.20 (unix), then the common fields, comment, disk, attributes, offset.
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((file.executable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, tail, name]));
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The 26 bytes that a local and a central header share. */
function zipFields(file: Packed, packed: number, nameLength: number, time: number): Buffer {
  const fields = Buffer.alloc(26);
  const date = new Date(time * 1000);
  // 20 = deflate and folders; bit 11 of the flags = the name is UTF-8; 8 = deflate.
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(1 << 11, 2);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt16LE((date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1), 6);
  const years = Math.max(0, date.getUTCFullYear() - 1980);
  fields.writeUInt16LE((years << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(), 8);
  fields.writeUInt32LE(Bun.hash.crc32(file.bytes), 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(file.bytes.length, 18);
  fields.writeUInt16LE(nameLength, 22);
  return fields;
}
