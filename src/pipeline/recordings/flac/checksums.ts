/** Checksums of FLAC frames (RFC 9639, 9.1.8 and 9.3): most significant bit first, start value 0. */

/** CRC with the polynomial x⁸ + x² + x + 1, of a frame's header. */
export const crc8 = crcOf(8, 0x07);
/** CRC with the polynomial x¹⁶ + x¹⁵ + x² + 1, of a frame. */
export const crc16 = crcOf(16, 0x8005);

function crcOf(width: number, polynomial: number): (bytes: Uint8Array, end: number) => number {
  const top = 1 << (width - 1);
  const mask = 2 * top - 1;
  const table = Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) crc = (crc & top ? (crc << 1) ^ polynomial : crc << 1) & mask;
    return crc;
  });
  return (bytes, end) => {
    let crc = 0;
    for (let i = 0; i < end; i++) crc = (table[(crc >>> (width - 8)) ^ bytes[i]] ^ (crc << 8)) & mask;
    return crc;
  };
}
