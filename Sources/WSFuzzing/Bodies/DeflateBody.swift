import WSDeflate
import WSKernels
import WSLimits

/// Compares the inflater with another one, and with what a recipe knows of the messages that it writes.
///
/// Properties: content and observation do not depend on how a payload is cut; no more content comes out than the limit
/// allows, and the limit changes nothing else; a window is enforced where it is agreed; content and the kind of error
/// are those of the other inflater; of a message that a recipe describes, each block, distance and bit is known.
package struct DeflateBody<Reference: InflateReference>: FuzzBody {
    package static var name: String { "deflate" }
    package static var maximumInputLength: Int { 1024 }
    package static var shape: InputShape { .octets }

    private let reference = Reference()
    private var enforcing: [Int: Reference] = [:]

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var recipe = DeflateRecipe(input)
        let (bits, keepsContext) = (recipe.windowBits, recipe.keepsContext)
        var inflater = Inflater(windowBits: bits, keepsContext: keepsContext)
        var strict = Inflater(windowBits: bits, keepsContext: keepsContext, overruns: .refused)
        var previous: [UInt8] = []
        /// Until a message breaks off, the window of the strict one is that of the other.
        var isIntact = true
        while let message = recipe.next(after: previous) {
            let before = inflater
            let result = Inflated(&inflater, [message.payload[...]])
            if let finding = check(before, message, result, limit: recipe.contentLimit) { return finding }
            if let finding = compare(message.payload, result, after: previous) { return finding }
            if isIntact {
                let other = Inflated(&strict, [message.payload[...]])
                if let finding = compare(message.payload, result, strict: other, bits, previous) { return finding }
                isIntact = other.message.failure == nil
            }
            if keepsContext { previous = (previous + result.content).suffix(65_536) }
        }
        return nil
    }

    /// What our inflater makes of a message.
    private struct Inflated: Equatable {
        var content: [UInt8] = []
        var message: DeflatedMessage

        init(_ inflater: inout Inflater, _ pieces: [ArraySlice<UInt8>]) {
            for slice in pieces {
                let piece = Array(slice)
                inflater.inflate(piece.span, into: &content)
            }
            message = inflater.endMessage(into: &content)
        }

        /// Takes no more content at a time than a little.
        init(_ inflater: inout Inflater, holdingBack payload: [UInt8]) {
            var used = 0
            var before = -1
            while used < payload.count || content.count > before {
                before = content.count
                let rest = payload.span.extracting(used..<payload.count)
                used += inflater.inflate(rest, limit: 1 + payload.count % 500, into: &content)
            }
            message = inflater.endMessage(into: &content)
        }
    }

    // MARK: By itself

    /// Inflates the message again in pieces and with a limit, and compares it with what its recipe knows.
    private func check(
        _ inflater: Inflater,
        _ message: DeflateRecipe.Message,
        _ result: Inflated,
        limit: Int
    ) -> Finding? {
        let payload = message.payload
        for pieces in [Self.pieces(of: payload), payload.indices.prefix(2048).map { payload[$0...$0] }] {
            var other = inflater
            // What comes behind the first two thousand octets comes at once.
            let rest = payload[(pieces.last?.endIndex ?? 0)...]
            let again = Inflated(&other, rest.isEmpty ? pieces : pieces + [rest])
            guard again == result else {
                return Self.finding("a message is the same however it is cut", payload, result.message, again.message)
            }
        }
        var held = inflater
        let slow = Inflated(&held, holdingBack: payload)
        guard slow == result else {
            return Self.finding("a message is the same at any pace", payload, result.message, slow.message)
        }
        guard result.content.count == result.message.contentLength else {
            return Self.finding("content is counted", payload, result.message)
        }
        if let record = message.record, let text = record.difference(from: result.message, result.content) {
            return Finding("a message is what was written", "\(Hex.encode(payload))\n\(text)")
        }
        return check(inflater, payload, result, limit: limit)
    }

    private func check(_ inflater: Inflater, _ payload: [UInt8], _ result: Inflated, limit: Int) -> Finding? {
        guard limit < .max else { return nil }
        var limited = inflater
        limited.contentLimit = limit
        let part = Inflated(&limited, [payload[...]])
        guard part.content.count <= limit else {
            return Self.finding("no more comes out than the limit allows", payload, result.message, part.message)
        }
        if result.content.count <= limit {
            guard part == result else {
                return Self.finding(
                    "a limit that is not reached changes nothing",
                    payload,
                    result.message,
                    part.message
                )
            }
        } else {
            let isFirst = part.content.count == limit && result.content.starts(with: part.content)
            guard isFirst, part.message.failure?.kind == .contentLimit else {
                return Self.finding("content beyond the limit is refused", payload, result.message, part.message)
            }
        }
        return nil
    }

    /// Pieces of many sizes, which depend on the payload only.
    private static func pieces(of payload: [UInt8]) -> [ArraySlice<UInt8>] {
        var random = SplitMix64(seed: payload.reduce(UInt64(payload.count)) { $0 &* 31 &+ UInt64($1) })
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < payload.count {
            let longest = Bool.random(using: &random) ? 3 : 100
            let end = min(payload.count, start + Int.random(in: 0...longest, using: &random))
            pieces.append(payload[start..<end])
            start = end
        }
        return pieces
    }

    // MARK: With another inflater

    private func compare(_ payload: [UInt8], _ result: Inflated, after previous: [UInt8]) -> Finding? {
        let other = reference.inflate(payload, after: previous)
        let message = result.message
        guard other.content == result.content else {
            return Self.finding("content is that of the other inflater", payload, message, other)
        }
        guard let failure = message.failure else {
            let ending: DeflatedMessage.Ending? =
                other.error != nil ? nil : other.endsAtBorder ? .border : other.tailEndsAtBorder ? .emptyBlock : nil
            guard ending == message.ending else {
                return Self.finding("a message ends where it does for the other inflater", payload, message, other)
            }
            return nil
        }
        guard Self.fits(failure, other, payload) else {
            return Self.finding("what is wrong is that for the other inflater", payload, message, other)
        }
        return nil
    }

    /// Whether the other inflater finds the same wrong, or could not know it yet.
    private static func fits(_ failure: InflateFailure, _ other: ReferenceInflation, _ payload: [UInt8]) -> Bool {
        if failure.kind == .truncated {
            return !other.endsAtBorder && (other.error == nil || other.errorIsInTail)
                && failure.bit == 8 * payload.count
        }
        let isReached = failure.bit <= 8 * other.readCount
        if let error = other.error, isReached, error == failure.kind.zlibMessage { return true }
        // zlib takes a code length code without any code, and finds afterwards that the end of the block has none.
        let hasNoCodes = failure.kind == .incomplete(.codeLength)
        if hasNoCodes, other.error == nil || other.error == InflateFailure.Kind.noEndOfBlock.zlibMessage { return true }
        // It looks at some fields only once what follows them has come.
        return other.error == nil && failure.bit + 48 > 8 * (payload.count + 4)
    }

    private mutating func compare(
        _ payload: [UInt8],
        _ result: Inflated,
        strict: Inflated,
        _ bits: Int,
        _ previous: [UInt8]
    ) -> Finding? {
        guard let overrun = result.message.overrun else {
            if strict == result || Self.differsBehindTheEnd(result, strict) { return nil }
            return Self.finding("a window that is kept changes nothing", payload, result.message, strict.message)
        }
        let failure = InflateFailure(.distanceBeyondWindow(overrun.distance), bit: overrun.bit)
        guard strict.message.failure == failure, result.content.starts(with: strict.content) else {
            return Self.finding("a distance beyond the window is refused", payload, result.message, strict.message)
        }
        guard payload.count + result.content.count < 4096 else { return nil }
        let other = enforcing[bits] ?? Reference(enforcingWindowBits: bits)
        enforcing[bits] = other
        let refused = other.inflate(payload, after: previous)
        guard refused.error == failure.kind.zlibMessage, refused.content == strict.content else {
            return Self.finding("the window is that of the other inflater", payload, strict.message, refused)
        }
        return nil
    }

    /// Whether an enforced window only stops what the tail makes of a message that ends inside a block.
    private static func differsBehindTheEnd(_ result: Inflated, _ strict: Inflated) -> Bool {
        let (message, own) = (result.message, result.content.count - result.message.tailContentLength)
        return message.failure?.kind == .truncated && strict.message.failure == message.failure
            && strict.content.count >= own && result.content.starts(with: strict.content)
    }

    private static func finding(_ property: String, _ payload: [UInt8], _ results: Any...) -> Finding {
        let lines = results.map { String(describing: $0) }.joined(separator: "\n")
        return Finding(property, "\(Hex.encode(payload.prefix(4096) + []))\n\(lines)")
    }
}

extension DeflateRecorder {
    /// How an inflater's words and content differ from what was written; nil if they do not.
    func difference(from message: DeflatedMessage, _ content: [UInt8]) -> String? {
        var expected = expected
        expected.payloadLength = payload.count
        if expected.failure?.kind == .truncated {
            // The tail may be anything there.
            let isBeginning = content.starts(with: self.content) && message.blockCount >= expected.blockCount
            let isSame = message.failure == expected.failure && message.ending == .insideBlock
            return isBeginning && isSame ? nil : "expected \(expected)\nfound    \(message)"
        }
        expected.blocks = Array(expected.blocks.prefix(message.blocks.count))
        let isListed = message.blocks.count == min(message.blockCount, Limits.messageBlocks.value)
        guard message == expected, isListed else { return "expected \(expected)\nfound    \(message)" }
        return content == self.content ? nil : "expected \(Hex.encode(self.content))\nfound    \(Hex.encode(content))"
    }
}

extension InflateFailure.Kind {
    /// What zlib says of it; empty where it says nothing.
    var zlibMessage: String {
        switch self {
        case .reservedBlockType: "invalid block type"
        case .lengthCheck: "invalid stored block lengths"
        case .literalCodeCount, .distanceCodeCount: "too many length or distance symbols"
        case .oversubscribed(.codeLength), .incomplete(.codeLength): "invalid code lengths set"
        case .oversubscribed(.literal), .incomplete(.literal): "invalid literal/lengths set"
        case .oversubscribed(.distance), .incomplete(.distance): "invalid distances set"
        case .repetitionOfNothing, .repetitionBeyondEnd: "invalid bit length repeat"
        case .noEndOfBlock: "invalid code -- missing end-of-block"
        case .reservedLiteral, .unassigned(.literal), .unassigned(.codeLength): "invalid literal/length code"
        case .reservedDistance, .unassigned(.distance): "invalid distance code"
        case .distanceBeforeStart, .distanceBeyondWindow: "invalid distance too far back"
        case .contentLimit, .truncated: ""
        }
    }
}
