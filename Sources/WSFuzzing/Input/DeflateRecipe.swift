import WSDeflate
import WSKernels

/// Compressed messages described by a few octets; most recipes give well-formed ones.
///
/// The first octet has the settings, the second the limit of content. Then come operations, each of an octet and its
/// arguments: a block, a defect, damage, or the end of a message.
package struct DeflateRecipe: Sendable {
    /// A message of a recipe.
    package struct Message: Sendable {
        /// The payload.
        package var payload: [UInt8]
        /// What has to come of it; nil if that is not known, because the payload was damaged or is raw.
        package var record: DeflateRecorder?
    }

    /// The agreed window's size as a power of two.
    package private(set) var windowBits: Int
    /// Whether a message may refer to those before it.
    package private(set) var keepsContext: Bool
    /// How many octets of content a message may have.
    package private(set) var contentLimit: Int

    private var cursor: OctetCursor
    private let isRaw: Bool
    private var rest: [[UInt8]] = []
    private var messageCount = 0
    private var contentCount = 0

    /// How much content a message may have before its next block is left out.
    private static let enough = 70_000
    /// How many blocks a message may have.
    private static let mostBlocks = 200

    /// Reads the settings.
    package init(_ input: Span<UInt8>) {
        cursor = OctetCursor(octets: Array(copying: input))
        let settings = cursor.next()
        windowBits = 15 - Int(settings & 7)
        keepsContext = settings & 8 == 0
        isRaw = settings & 16 != 0
        let limit = Int(cursor.next())
        contentLimit = limit == 0 ? .max : limit * limit
        if isRaw, input.count > 2 {
            var pieces = PieceReader(from: 2)
            while let piece = pieces.next(in: input) { rest.append(Array(copying: input.extracting(piece))) }
            rest.reverse()
        }
    }

    /// The next message; nil after the last one.
    ///
    /// - Parameter previous: the content to which it may refer.
    /// - Returns: the message.
    package mutating func next(after previous: [UInt8]) -> Message? {
        messageCount += 1
        contentCount += previous.count
        guard messageCount <= 16, contentCount < 2 * Self.enough else { return nil }
        if isRaw { return rest.popLast().map { Message(payload: $0, record: nil) } }
        guard !cursor.isAtEnd else { return nil }
        var recorder = DeflateRecorder(after: previous, windowBits: windowBits)
        var damages: [Damage] = []
        while !cursor.isAtEnd {
            let operation = cursor.next()
            switch operation & 7 {
            case 0...3: appendBlock(operation, to: &recorder)
            case 4:
                let defect = DeflateDefect.allCases[cursor.index(of: DeflateDefect.allCases.count)]
                recorder.append(defect)
                if defect.isTruncation { return Self.message(recorder, damages) }
            case 5: damages.append(Damage(kind: cursor.next(), place: cursor.twoOctets()))
            case 6:
                recorder.endAtBorder()
                return Self.message(recorder, damages)
            default:
                recorder.endMessage()
                return Self.message(recorder, damages)
            }
        }
        recorder.endMessage()
        return Self.message(recorder, damages)
    }

    // MARK: Blocks

    private mutating func appendBlock(_ operation: UInt8, to recorder: inout DeflateRecorder) {
        let isFinal = operation & 8 != 0
        let isBold = operation & 32 != 0
        if operation & 7 == 0 {
            let length = Int(cursor.next())
            let octets = length < 128 ? cursor.take(length) : Self.noise((length - 127) * 256, seed: length)
            guard recorder.content.count < Self.enough, recorder.expected.blockCount < Self.mostBlocks else { return }
            return recorder.appendStored(octets, isFinal: isFinal)
        }
        var symbols: [DeflateSymbol] = []
        var length = recorder.content.count
        let before = recorder.available - min(32_768, length)
        for _ in 0..<(cursor.next() & 63) where length < Self.enough {
            let symbol = readSymbol(available: min(32_768, before + length), isBold: isBold)
            if case .match(let count, _) = symbol { length += count } else { length += 1 }
            symbols.append(symbol)
        }
        guard recorder.expected.blockCount < Self.mostBlocks else { return }
        let codes: DynamicCodes? =
            switch operation & 7 {
            case 1: nil
            case 2: DynamicCodes(for: symbols)
            default: Self.deepCodes(for: symbols)
            }
        recorder.append(symbols, codes: codes, isFinal: isFinal, padding: operation & 16 == 0 ? 0 : 1)
    }

    private static let lengths = [3, 4, 5, 8, 10, 11, 17, 18, 34, 66, 114, 130, 131, 227, 257, 258]

    /// Reads a literal or a match, which leads before the start only if it is bold.
    private mutating func readSymbol(available: Int, isBold: Bool) -> DeflateSymbol {
        let octet = cursor.next()
        if octet == 0x7F { return .literal(cursor.next()) }
        guard octet & 0x80 != 0, available > 0 || isBold else { return .literal(octet & 0x7F) }
        let wanted =
            switch octet >> 4 & 7 {
            case 0: 1
            case 1: Int(cursor.next()) + 1
            case 2: cursor.twoOctets() + 1
            case 3: 1 << windowBits - 1 + cursor.index(of: 4)
            case 4: available - 1 + cursor.index(of: 3)
            case 5: 32_768 - cursor.index(of: 3)
            case 6: 1 << cursor.index(of: 16)
            default: 3 * Int(cursor.next()) + 1
            }
        let distance = min(32_768, max(1, wanted))
        let length = Self.lengths[Int(octet & 15)]
        return .match(length: length, distance: isBold ? distance : (distance - 1) % available + 1)
    }

    private static func noise(_ count: Int, seed: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(seed))
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    // MARK: Damage

    /// What becomes of a payload after it was written.
    private struct Damage {
        var kind: UInt8
        var place: Int

        func apply(to payload: inout [UInt8]) {
            guard !payload.isEmpty else { return }
            let index = place / 8 % payload.count
            switch kind & 3 {
            case 0: payload[index] ^= 1 << UInt8(place & 7)
            case 1: payload.removeSubrange(index...)
            case 2: payload.remove(at: index)
            default: payload.insert(kind >> 2 &* 5, at: index)
            }
        }
    }

    private static func message(_ recorder: DeflateRecorder, _ damages: [Damage]) -> Message {
        var payload = recorder.payload
        for damage in damages { damage.apply(to: &payload) }
        return Message(payload: payload, record: damages.isEmpty ? recorder : nil)
    }
}

/// RFC 1951 section 3.2.5, as its tables are made.
extension DeflateRecipe {
    /// The symbol of a length and how many extra bits follow it.
    static func lengthSymbol(_ length: Int) -> (symbol: Int, extraBits: Int) {
        if length == 258 { return (285, 0) }
        var (symbol, base) = (257, 3)
        while true {
            let extraBits = symbol < 265 ? 0 : (symbol - 261) / 4
            if length < base + 1 << extraBits { return (symbol, extraBits) }
            base += 1 << extraBits
            symbol += 1
        }
    }

    /// The symbol of a distance.
    static func distanceSymbol(_ distance: Int) -> Int {
        var (symbol, base) = (0, 1)
        while true {
            let size = symbol < 4 ? 1 : 1 << (symbol / 2 - 1)
            if distance < base + size { return symbol }
            base += size
            symbol += 1
        }
    }

    /// Codes of lengths 1, 2, 3 and so on, as far as they go, so that the longest codes occur.
    static func deepCodes(for symbols: [DeflateSymbol]) -> DynamicCodes {
        var literals: Set<Int> = [256]
        var distances: Set<Int> = []
        for symbol in symbols {
            switch symbol {
            case .literal(let octet): literals.insert(Int(octet))
            case .match(let length, let distance):
                literals.insert(lengthSymbol(length).symbol)
                distances.insert(distanceSymbol(distance))
            case .bare, .bareDistance: break
            }
        }
        guard literals.count <= 16, distances.count <= 16 else { return DynamicCodes(for: symbols) }
        return DynamicCodes(literals: deep(literals, least: 257), distances: deep(distances, least: 1))
    }

    private static func deep(_ symbols: Set<Int>, least: Int) -> [UInt8] {
        var lengths = [UInt8](repeating: 0, count: max(least, (symbols.max() ?? 0) + 1))
        let last = symbols.count - 1
        for (index, symbol) in symbols.sorted().enumerated() {
            lengths[symbol] = UInt8(max(1, index == last ? last : index + 1))
        }
        return lengths
    }
}
