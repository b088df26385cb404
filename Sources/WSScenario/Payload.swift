/// Octets that a scenario sends or expects; they are described, not stored, so that 16 MiB take a few octets.
package enum Payload: Sendable, Hashable, Codable {
    /// Literal octets.
    case octets([UInt8])
    /// `unit` repeated and cut to `length` octets.
    case repeating(unit: [UInt8], length: Int)
    /// A part of sample data.
    case sample(SampleSlice)

    /// No octets.
    package static let empty = Self.octets([])

    /// The UTF-8 octets of a text.
    package static func text(_ text: String) -> Self {
        .octets(Array(text.utf8))
    }

    /// `text` repeated and cut to `length` octets.
    package static func repeating(_ text: String, length: Int) -> Self {
        .repeating(unit: Array(text.utf8), length: length)
    }

    /// Hashes the length and the ends: an array hashes octet by octet, and payloads are many and long.
    package func hash(into hasher: inout Hasher) {
        func combineEnds(of octets: [UInt8]) {
            hasher.combine(octets.count)
            for octet in octets.prefix(8) { hasher.combine(octet) }
            for octet in octets.dropFirst(8).suffix(8) { hasher.combine(octet) }
        }
        switch self {
        case .octets(let octets): combineEnds(of: octets)
        case .repeating(let unit, let length):
            hasher.combine(length)
            combineEnds(of: unit)
        case .sample(let slice): hasher.combine(slice)
        }
    }

    /// The number of octets.
    package var count: Int {
        switch self {
        case .octets(let octets): octets.count
        case .repeating(_, let length): length
        case .sample(let slice): slice.length
        }
    }

    /// All octets; for small payloads only.
    package var octets: [UInt8] {
        switch self {
        case .octets(let octets): return octets
        case .repeating, .sample:
            var result: [UInt8] = []
            result.reserveCapacity(count)
            append(0..<count, to: &result)
            return result
        }
    }

    /// Whether the payloads have the same octets, even if they are described differently.
    package func hasSameOctets(as other: Payload) -> Bool {
        guard self != other else { return true }
        guard count == other.count else { return false }
        var matcher = PayloadMatcher(self)
        var start = 0
        while start < count {
            // Payloads that differ mostly do so in their first octets.
            let end = min(start + (start == 0 ? 256 : 65_536), count)
            var octets: [UInt8] = []
            other.append(start..<end, to: &octets)
            guard matcher.match(octets.span) else { return false }
            start = end
        }
        return true
    }

    /// Appends the octets of a range of this payload.
    ///
    /// - Precondition: `range` lies within `0..<count`.
    package func append(_ range: Range<Int>, to target: inout [UInt8]) {
        switch self {
        case .octets(let octets):
            target.append(contentsOf: octets[range])
        case .sample(let slice): slice.append(range, to: &target)
        case .repeating(let unit, let length):
            precondition(range.lowerBound >= 0 && range.upperBound <= length && !unit.isEmpty)
            if unit.count == 1 {
                target.append(contentsOf: [UInt8](repeating: unit[0], count: range.count))
                return
            }
            // Appends one turn of the unit from the right phase on, and doubles it until it is long enough.
            let phase = range.lowerBound % unit.count
            let start = target.count
            target.reserveCapacity(start + range.count)
            target.append(contentsOf: unit[phase...].prefix(range.count))
            if target.count - start < range.count {
                target.append(contentsOf: unit[..<phase].prefix(range.count - (target.count - start)))
            }
            while target.count - start < range.count {
                let have = target.count - start
                let whole = have - have % unit.count
                let step = min(whole, range.count - have)
                // `have` is a multiple of the unit here, so a copy from the start continues the pattern.
                target.append(contentsOf: target[start..<start + step])
            }
        }
    }
}

/// Compares a stream of octets with a payload, piece by piece, without building the payload.
package struct PayloadMatcher: Sendable {
    /// The payload.
    package let payload: Payload

    /// How many octets match so far.
    package private(set) var matched = 0

    /// Whether the octets differ.
    package private(set) var hasFailed = false

    /// Whether exactly the octets of the payload came.
    package var isComplete: Bool { !hasFailed && matched == payload.count }

    private let tile: [UInt8]
    private let period: Int
    /// Where in the tile the payload begins.
    private let offset: Int

    /// The least length of the repeated tile in octets, so that most comparisons are one run.
    private static let tileLength = 16_384

    /// Creates a matcher at the first octet of a payload.
    package init(_ payload: Payload) {
        self.payload = payload
        switch payload {
        case .octets(let octets):
            tile = octets
            period = max(octets.count, 1)
            offset = 0
        case .repeating(let unit, let length):
            let turns = max(1, Self.tileLength / max(unit.count, 1))
            let whole = min(length, turns * unit.count)
            var built: [UInt8] = []
            payload.append(0..<whole, to: &built)
            tile = built
            period = max(turns * unit.count, 1)
            offset = 0
        case .sample(let slice):
            tile = slice.whole
            period = tile.count
            offset = slice.start
        }
    }

    /// Compares the next octets; a difference is final.
    ///
    /// - Returns: Whether everything so far is equal.
    package mutating func match(_ bytes: Span<UInt8>) -> Bool {
        guard !hasFailed else { return false }
        guard bytes.count <= payload.count - matched else {
            hasFailed = true
            return false
        }
        var position = 0
        let tile = self.tile
        let reference = tile.span
        while position < bytes.count {
            let phase = (offset + matched) % period
            let run = min(bytes.count - position, reference.count - phase)
            let equal = Self.isEqual(
                bytes.extracting(position..<position + run),
                reference.extracting(phase..<phase + run)
            )
            guard equal else {
                hasFailed = true
                return false
            }
            position += run
            matched += run
        }
        return true
    }

    /// Advances over octets that are known to be equal.
    ///
    /// - Precondition: The payload has at least that many octets left.
    package mutating func skip(_ count: Int) {
        precondition(count <= payload.count - matched)
        matched += count
    }

    /// Ends the comparison: nothing will match.
    package mutating func fail() {
        hasFailed = true
    }

    /// Restarts at the first octet.
    package mutating func restart() {
        matched = 0
        hasFailed = false
    }

    private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        // Compares eight octets at a time, because all echoed octets of the load scenarios pass here.
        let words = left.count / 8
        let leftBytes = unsafe left.bytes
        let rightBytes = unsafe right.bytes
        for word in 0..<words {
            let a = unsafe leftBytes.unsafeLoadUnaligned(fromUncheckedByteOffset: word * 8, as: UInt64.self)
            let b = unsafe rightBytes.unsafeLoadUnaligned(fromUncheckedByteOffset: word * 8, as: UInt64.self)
            if a != b { return false }
        }
        for index in (words * 8)..<left.count where left[index] != right[index] { return false }
        return true
    }
}
