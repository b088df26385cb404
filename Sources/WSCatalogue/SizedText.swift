import WSDeflate
import WSProtocol
import WSScenario

/// A compressed text of any number of octets, which has few of them on the wire: the same letter again and again.
struct SizedText: Sendable {
    /// The number of octets of the content.
    let length: Int
    /// The payload, without the tail that a receiver appends.
    let payload: [UInt8]

    /// What the content ends with, because receivers that stop at a limit were found to lose different ends.
    enum Ending: CaseIterable {
        /// A reference of up to 258 octets, whose code and the end of the block fit in one octet.
        case match
        /// Letters of one bit each.
        case literals
        /// A stored block.
        case stored
    }

    /// Creates a text.
    ///
    /// - Precondition: `length` is positive.
    init(length: Int, ending: Ending) {
        precondition(length > 0)
        self.length = length
        let units = (length - 1) / Self.unitLength
        var writer = DeflateWriter()
        Self.append(length - units * Self.unitLength, ending, to: &writer)
        writer.endMessage()
        var octets: [UInt8] = []
        octets.reserveCapacity(units * Self.unit.count + writer.octets.count)
        for _ in 0..<units { octets += Self.unit }
        payload = octets + writer.octets
    }

    /// The content.
    var content: Payload { .repeating(unit: [Self.letter], length: length) }

    /// The echo that is due.
    var echo: ExpectedEvent { .message(.text, content) }

    /// The steps that send the text, in one frame or in three of nearly equal payloads.
    func steps(isFragmented: Bool) -> [Step] {
        let message = CompressedMessage(content, payload: payload)
        let third = payload.count / 3
        return message.frames(cutAt: isFragmented ? [third, 2 * third] : []).map { .send($0) }
    }

    private static let letter = UInt8(ascii: "l")
    private static let matchesOfUnit = 4064
    private static let longestMatch = 258

    /// Nearly 1 MiB, which a block of a KiB becomes.
    private static let unitLength = 1 + longestMatch * matchesOfUnit

    /// The block, and an empty stored one behind which the next can follow.
    private static let unit: [UInt8] = {
        var writer = DeflateWriter()
        append(unitLength, .match, to: &writer)
        writer.appendStored([])
        return writer.octets
    }()

    /// Appends so many letters, at most ``unitLength``.
    private static func append(_ length: Int, _ ending: Ending, to writer: inout DeflateWriter) {
        let isStored = ending == .stored
        let stored = isStored ? min(length, 300) : 0
        let rest = length - stored
        if rest > 0 {
            var matches = (rest - 1) / longestMatch
            if ending == .literals, matches > 0 { matches -= 1 }
            let letters = [DeflateSymbol](repeating: .literal(letter), count: rest - 1 - matches * longestMatch)
            let references = [DeflateSymbol](repeating: .match(length: longestMatch, distance: 1), count: matches)
            writer.appendDynamic(
                [.literal(letter)] + (ending == .literals ? references + letters : letters + references),
                codes: ending == .literals ? codesOfLiterals : codesOfMatches
            )
        }
        if isStored { writer.appendStored([UInt8](repeating: letter, count: stored)) }
    }

    private static let codesOfMatches = codes(letter: 2, end: 2, match: 1)
    private static let codesOfLiterals = codes(letter: 1, end: 2, match: 2)

    private static func codes(letter: UInt8, end: UInt8, match: UInt8) -> DynamicCodes {
        var literals = [UInt8](repeating: 0, count: 286)
        literals[Int(Self.letter)] = letter
        literals[256] = end
        literals[285] = match
        return DynamicCodes(literals: literals, distances: [1])
    }
}
