// The few boxes of fragmented MP4 (ISO/IEC 14496-12) that tell where a piece
// of media lies in time and how it is coded. Bounds-safe: what is broken or
// missing is null.

type Bytes = Uint8Array<ArrayBuffer>

/** Finds the body of the first box at `path`, such as "moof/traf/tfdt". */
function find(bytes: Bytes, path: string): DataView | null {
  let view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const type of path.split('/')) {
    const body = child(view, type)
    if (!body) return null
    view = body
  }
  return view
}

function child(view: DataView, type: string): DataView | null {
  for (let at = 0; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at)
    if (size < 8 || at + size > view.byteLength) return null
    if (fourcc(view, at + 4) === type) {
      return new DataView(view.buffer, view.byteOffset + at + 8, size - 8)
    }
    at += size
  }
  return null
}

function fourcc(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)))
}

/** What an initialisation segment says of its only track. */
export interface TrackInfo {
  timescale: number
  /** Sample entry, such as "avc1" or "mp4a". */
  entry: string
}

/** Reads an initialisation segment. */
export function trackInfo(init: Bytes): TrackInfo | null {
  const mdhd = find(init, 'moov/trak/mdia/mdhd')
  const stsd = find(init, 'moov/trak/mdia/minf/stbl/stsd')
  if (!mdhd || !stsd || mdhd.byteLength < 24 || stsd.byteLength < 16) return null
  const at = mdhd.getUint8(0) === 1 ? 20 : 12 // version 1 has 64-bit times before it
  const timescale = mdhd.getUint32(at)
  return timescale > 0 ? { timescale, entry: fourcc(stsd, 12) } : null
}

/** The decode time of the first fragment in `media`, in seconds. */
export function decodeTime(media: Bytes, timescale: number): number | null {
  const tfdt = find(media, 'moof/traf/tfdt')
  if (!tfdt || tfdt.byteLength < 8) return null
  if (tfdt.getUint8(0) === 0) return tfdt.getUint32(4) / timescale
  return tfdt.byteLength < 12 ? null : Number(tfdt.getBigUint64(4)) / timescale
}
