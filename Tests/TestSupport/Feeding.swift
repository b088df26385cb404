import WSKernels

/// A way of cutting input before a decoder gets it; no decoder may notice a difference.
package enum Feeding: Sendable, Hashable, CustomStringConvertible {
    /// Everything at once.
    case whole
    /// One byte at a time.
    case byteByByte
    /// Everything at once with another frame behind it; for input that ends with a frame.
    case withTrailingFrame
    /// Pieces of seeded random size, empty ones among them.
    case randomChunks(seed: UInt64)

    /// Every way, with a few seeds.
    package static let all: [Feeding] = anywhere + [.withTrailingFrame]

    /// The ways that do not need input which ends with a frame.
    package static let anywhere: [Feeding] = [.whole, .byteByByte] + (1...3).map { .randomChunks(seed: $0) }

    /// An unmasked ping that is put behind the input of `withTrailingFrame`.
    package static let trailingFrame: [UInt8] = [0x89, 0x02, 0x61, 0x62]

    /// The pieces of the input.
    package func chunks(of bytes: [UInt8]) -> [[UInt8]] {
        switch self {
        case .whole: return [bytes]
        case .byteByByte: return bytes.map { [$0] }
        case .withTrailingFrame: return [bytes + Self.trailingFrame]
        case .randomChunks(let seed):
            var random = SplitMix64(seed: seed)
            var chunks: [[UInt8]] = []
            var position = 0
            while position < bytes.count {
                let largest = Bool.random(using: &random) ? 4 : 64
                let count = min(Int.random(in: 0...largest, using: &random), bytes.count - position)
                chunks.append(Array(bytes[position..<(position + count)]))
                position += count
            }
            return chunks
        }
    }

    /// The name of the way, with its seed.
    package var description: String {
        switch self {
        case .whole: "whole"
        case .byteByByte: "byte by byte"
        case .withTrailingFrame: "with a trailing frame"
        case .randomChunks(let seed): "random chunks, seed \(seed)"
        }
    }
}
