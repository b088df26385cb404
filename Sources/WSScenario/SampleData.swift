import Synchronization
import WSKernels
import WSLimits

/// Content of known kinds whose compressibility is that of real files; made from a seed, so that nothing is stored.
///
/// No character of a text crosses an offset that is a multiple of ``SampleData/grain``, so that slices at such offsets
/// are valid text.
package enum SampleData: String, Sendable, Hashable, Codable, CaseIterable {
    /// Indented JSON in ASCII, about eight to one.
    case json
    /// A grey image with a header and a table of colours, about four to three.
    case bitmap
    /// Prose in lines, with a byte order mark and a few letters outside ASCII, about five to two.
    case prose
    /// HTML with a few characters outside ASCII, about six to one.
    case markup
    /// A document whose parts are compressed already, about seventeen to sixteen.
    case document

    /// The distance of the offsets at which a text may be cut.
    package static let grain = 16

    /// The number of octets, a multiple of ``grain``.
    package var count: Int {
        switch self {
        case .json: 194_048
        case .bitmap: 263_216
        case .prose: 222_208
        case .markup: 263_520
        case .document: 1_042_320
        }
    }

    /// All octets for a seed; made once for all who use them at the same time.
    package func octets(seed: UInt64) -> [UInt8] {
        Self.made.withLock { made in
            let key = Key(kind: self, seed: seed)
            if let octets = made.content[key] { return octets }
            let octets = SampleWriter.write(self, seed: seed)
            // A record may name any seed, so that contents of others are dropped.
            made.octetCount += octets.count
            if made.octetCount > Limits.sampleData.value {
                made.content.removeAll()
                made.octetCount = octets.count
            }
            made.content[key] = octets
            return octets
        }
    }

    private struct Key: Hashable {
        var kind: SampleData
        var seed: UInt64
    }

    private struct Made {
        var content: [Key: [UInt8]] = [:]
        var octetCount = 0
    }

    private static let made = Mutex(Made())
}

/// A part of sample data, which goes on at the beginning behind the end.
package struct SampleSlice: Sendable, Hashable, Codable {
    /// The kind of content.
    package var data: SampleData
    /// The seed of the content.
    package var seed: UInt64
    /// The offset of the first octet.
    package var start: Int
    /// The number of octets, which may exceed that of the data.
    package var length: Int

    /// Creates a slice.
    ///
    /// - Precondition: `start` lies within the data, and `length` is not negative.
    package init(_ data: SampleData, seed: UInt64 = 1, start: Int, length: Int) {
        precondition((0..<data.count).contains(start) && length >= 0)
        self.data = data
        self.seed = seed
        self.start = start
        self.length = length
    }

    /// The slice of the same length that begins so many lengths further on.
    package func moved(by count: Int) -> SampleSlice {
        var slice = self
        slice.start = (start + count * length) % data.count
        return slice
    }

    /// All octets of the data, in which the slice is.
    package var whole: [UInt8] { data.octets(seed: seed) }

    /// Appends the octets of a range of this slice.
    func append(_ range: Range<Int>, to target: inout [UInt8]) {
        precondition(range.lowerBound >= 0 && range.upperBound <= length)
        let whole = self.whole
        target.reserveCapacity(target.count + range.count)
        var position = (start + range.lowerBound) % whole.count
        var left = range.count
        while left > 0 {
            let run = min(left, whole.count - position)
            target.append(contentsOf: whole[position..<position + run])
            left -= run
            position = 0
        }
    }
}
